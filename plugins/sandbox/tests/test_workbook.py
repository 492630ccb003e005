from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coreops_sandbox.workbook import SAMPLE, copy_sample, dated, lay_over

COLUMNS = [
    *("clan_tag", "clan_name", "level", "entry_level", "boss", "mode", "open_spots", "max_members", "leader"),
    *("crest_url", "description"),
]


def rows(folder: Path, tab: str) -> list[dict[str, str]]:
    with (folder / "recruitment" / f"{tab}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_has_thirty_clans_with_unique_tags_and_room_that_adds_up() -> None:
    clans = rows(SAMPLE, "clans")

    assert len(clans) == 30
    assert len({clan["clan_tag"] for clan in clans}) == 30
    assert set(COLUMNS) <= set(clans[0])
    assert all(0 <= int(clan["open_spots"]) <= int(clan["max_members"]) for clan in clans)


def test_the_sample_leaves_optional_cells_blank_as_people_do() -> None:
    clans = rows(SAMPLE, "clans")

    assert any(not clan["crest_url"] for clan in clans)
    assert any(not clan["description"] for clan in clans)


def test_every_crest_of_the_sample_is_served_by_the_page() -> None:
    crests = Path(SAMPLE.parent, "web", "static", "crests")
    named = {clan["crest_url"].rpartition("/")[2] for clan in rows(SAMPLE, "clans")} - {""}

    assert named == {path.name for path in crests.iterdir()}


def test_the_sample_switches_every_feature_on() -> None:
    assert {row["enabled"] for row in rows(SAMPLE, "FeatureToggles")} == {"TRUE"}
    assert {"recruitment", "recruitment_report"} <= {row["feature_name"] for row in rows(SAMPLE, "FeatureToggles")}


def test_a_copied_sample_is_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "book"

    assert copy_sample(folder)
    (folder / "recruitment" / "clans.csv").write_text("clan_tag\nMINE\n", encoding="utf-8")

    assert not copy_sample(folder)
    assert rows(folder, "clans") == [{"clan_tag": "MINE"}]


def test_tabs_laid_over_replace_only_what_they_name(tmp_path: Path) -> None:
    copy_sample(tmp_path)

    lay_over(tmp_path, {"recruitment": {"clans": [["clan_tag", "level"], ["NEW", 7]]}, "other": {"a": "x,y\n1,2\n"}})

    assert rows(tmp_path, "clans") == [{"clan_tag": "NEW", "level": "7"}]
    assert rows(tmp_path, "FeatureToggles")[0]["enabled"] == "TRUE"
    assert (tmp_path / "other" / "a.csv").read_text(encoding="utf-8") == "x,y\n1,2\n"


def test_what_the_sample_tells_of_is_never_long_ago(tmp_path: Path) -> None:
    noon = datetime(2030, 5, 1, 12, tzinfo=UTC)
    copy_sample(tmp_path, noon)
    soon, later, over, ended = rows(tmp_path, "reservations")

    assert (soon["until"], soon["status"]) == ("2030-05-01", "active")
    assert later["until"] == "2030-05-06"
    assert (over["until"], over["status"]) == ("2030-04-30", "active")
    assert ended["status"] == "released"
    assert soon["created_at"] == "2030-04-28T12:00:00+00:00"
    assert (
        dated("{member} {day+6h} {now-1d}", noon + timedelta(hours=7))
        == "{member} 2030-05-02 2030-04-30T19:00:00+00:00"
    )

"""Finding clans in a snapshot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coreops_hookspecs import Snapshot
from coreops_recruitment.clans import Clan, close, find, matching

ROWS = (
    Clan("EMB", "Ember Vanguard", 24, 3, 30),
    Clan("NIT", "Nightglass", 22, 0, 30),
    Clan("NEW", "Newleaf", 3, 22, 30),
    Clan("F-IT", "Ember", 5, 1, 30),
    Clan("OAK", "Oakheart Haven", 12, 9, 30),
)


@pytest.fixture
def clans() -> Snapshot[Clan]:
    by_key = {clan.clan_tag.casefold(): clan for clan in ROWS}
    return Snapshot("clans", ROWS, by_key, datetime(2026, 1, 1, tzinfo=UTC), 1)


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("EMB", "EMB"),
        (" emb ", "EMB"),
        ("f-it", "F-IT"),
        ("nightGLASS", "NIT"),
        ("Ember", "F-IT"),
        ("ember v", "EMB"),
        ("oak", "OAK"),
        ("Oakh", "OAK"),
        ("N", None),
        ("", None),
        ("nothing", None),
    ],
)
def test_a_clan_is_found_by_tag_name_or_the_one_name_that_begins_so(
    clans: Snapshot[Clan], wanted: str, tag: str | None
) -> None:
    found = find(clans, wanted)
    assert (None if found is None else found.clan_tag) == tag


def test_suggestions_hold_what_was_typed_and_tags_come_first(clans: Snapshot[Clan]) -> None:
    assert [clan.clan_tag for clan in matching(clans, "n")] == ["NIT", "NEW", "EMB", "OAK"]
    assert [clan.clan_tag for clan in matching(clans, "ember")] == ["EMB", "F-IT"]
    assert len(matching(clans, "", limit=2)) == 2


def test_a_near_miss_names_the_tag(clans: Snapshot[Clan]) -> None:
    assert close(clans, "FIT")[0] == "F-IT"
    assert close(clans, "nightglas") == ["NIT"]
    assert close(clans, "zzzzzz") == []

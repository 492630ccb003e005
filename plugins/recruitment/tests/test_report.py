"""The recruiters' report: its numbers, and the whole way into Discord."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coreops_recruitment.chart import draw
from coreops_recruitment.clans import Clan
from coreops_recruitment.report import Baseline, changes, totals

PNG = b"\x89PNG\r\n\x1a\n"
HEADERS = "clan_tag,clan_name,level,open_spots,max_members\n"
BEFORE = (Clan("A", "A", 5, 3, 30), Clan("B", "B", 12, 0, 30), Clan("C", "C", 30, 2, 30))


def test_totals_count_open_spots_by_level() -> None:
    found = totals(BEFORE)
    assert (found.clans, found.full, found.open_spots) == (3, 1, 5)
    assert found.by_bracket == {"1-9": 3, "10-14": 0, "15-19": 0, "20-24": 0, "25+": 2}


def test_changes_name_what_moved_came_and_went() -> None:
    after = (Clan("A", "A", 5, 1, 30), Clan("B", "B", 12, 0, 30), Clan("D", "D", 1, 9, 30))
    told = changes(Baseline.of(date(2026, 5, 1), BEFORE), after)
    assert told.lines(str.format) == ["`A` 3 → 1 open", "`D` is new", "`C` is gone"]


@pytest.mark.parametrize(("today", "title"), [(2, "Changes since yesterday"), (4, "Changes since 2026-05-01")])
def test_changes_are_told_since_yesterday_or_since_the_day_of_the_latest_report(today: int, title: str) -> None:
    told = changes(Baseline.of(date(2026, 5, 1), BEFORE), BEFORE)
    assert told.title(date(2026, 5, today), str.format) == title


def test_a_baseline_comes_back_from_the_state() -> None:
    baseline = Baseline.of(date(2026, 5, 1), BEFORE)
    assert Baseline.decode(baseline.encode()) == baseline


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"day": "x", "spots": {}}', '{"day": "2026-01-01", "spots": 3}'])
def test_what_is_no_baseline_is_as_none(text: str) -> None:
    assert Baseline.decode(text) is None


def test_the_chart_is_a_png() -> None:
    assert draw({"1-9": 3, "10-14": 0}, "open spots").startswith(PNG)


@pytest.mark.parametrize("surface", ["prefix", "slash"])
async def test_staff_get_the_report_on_demand(boot: Any, surface: str) -> None:
    chat = (await boot(plugins=["recruitment"])).chat
    asked = chat.say("!report recruiters", as_="lead") if surface == "prefix" else None
    shown = await (asked or chat.slash("report recruiters", as_="lead"))
    assert "30" in shown.text
    assert "level 25+: **1**" in shown.embed.field("Open spots")
    assert "no earlier report" in shown.embed.field("Changes")
    assert shown.embed.image.url.endswith("open-spots.png")


async def test_the_job_posts_into_the_recruiters_channel(boot: Any) -> None:
    bot = await boot(plugins=["recruitment"])
    assert (await bot.running.run_job("recruitment.report")).outcome == "ok"
    (posted,) = await bot.chat.messages("recruiters", as_="recruiter")
    assert posted["embeds"][0]["title"] == "Recruiters' report"
    assert "places are waiting" in posted["embeds"][0]["description"]


async def test_the_next_day_s_report_tells_what_changed(boot: Any, tmp_path: Any) -> None:
    bot = await boot(plugins=["recruitment"], workbook={"recruitment": {"clans": HEADERS + "A,A,5,3,30\nB,B,6,1,30\n"}})
    await bot.running.run_job("recruitment.report")
    await bot.stop()

    # a report of the same day compares with the day before, of which there is none; one of tomorrow with this one
    tab = {"recruitment": {"clans": HEADERS + "A,A,5,1,30\nB,B,6,1,30\n"}}
    bot = await boot(plugins=["recruitment"], workbook=tab)
    assert "no earlier report" in (await bot.chat.say("!report recruiters", as_="staff")).text
    await bot.stop()

    later = await boot(plugins=["recruitment"], workbook=tab, env={"REPORT_TIMEZONE": "UTC"})
    await _age_baseline(later)
    shown = await later.chat.say("!report recruiters", as_="staff")
    assert "`A` 3 → 1 open" in shown.text


async def _age_baseline(bot: Any) -> None:
    """Make the kept list one of an earlier day, as a night does."""
    store = bot.running.app.ground.store
    kept = Baseline.decode(await store.kv_get("recruitment", "report.baseline.latest") or "")
    assert kept is not None
    aged = Baseline(date(2026, 1, 1), kept.spots)
    await store.kv_set("recruitment", "report.baseline.latest", aged.encode())


@pytest.mark.parametrize(
    ("workbook", "outcome", "posted"),
    [
        ({"Config": "KEY,VALUE\n"}, "error", 0),
        ({"FeatureToggles": "feature_name,enabled\nrecruitment,TRUE\n"}, "ok", 0),
        ({"clans": "nothing,here\n"}, "error", 0),
    ],
    ids=["no channel", "switched off", "never read"],
)
async def test_a_report_that_cannot_be_posted_leaves_a_run_that_says_why(
    boot: Any, workbook: dict[str, str], outcome: str, posted: int
) -> None:
    bot = await boot(plugins=["recruitment"], workbook={"recruitment": workbook})
    run = await bot.running.run_job("recruitment.report")
    assert run.outcome == outcome
    assert bool(run.error) is (outcome == "error")
    assert len(await bot.chat.messages("recruiters", as_="recruiter")) == posted


async def test_the_report_follows_the_operator_s_time_at_a_reload(boot: Any, tmp_path: Any) -> None:
    bot = await boot(plugins=["recruitment"])
    tab = tmp_path / "workbook" / "recruitment" / "Config.csv"
    tab.write_text(tab.read_text() + "REPORT_DAILY_POST_TIME,18:45\nREPORT_TIMEZONE,Europe/Vienna\n")
    await bot.chat.say("!ops reload", as_="admin")
    (job,) = [job for job in bot.running.app.tables.scheduler.list_jobs() if job.name == "recruitment.report"]
    assert (job.schedule, job.timezone) == ("45 18 * * *", "Europe/Vienna")

    tab.write_text(tab.read_text().replace("18:45", "quarter to seven"))
    refused = (await bot.chat.say("!ops reload", as_="admin")).text
    assert "REPORT_DAILY_POST_TIME" in refused
    (job,) = [job for job in bot.running.app.tables.scheduler.list_jobs() if job.name == "recruitment.report"]
    assert job.schedule == "45 18 * * *"

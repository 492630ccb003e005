"""What an operator reads first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from coreops.health.attention import headline, remedy, when, why
from coreops.health.concerns import concerns
from coreops.health.service import HealthService
from coreops_hookspecs.health import Concern, HealthStatus, PluginState
from coreops_hookspecs.jobs import RunOutcome
from coreops_shared.clock import ManualClock


@pytest.fixture
def look(service: HealthService, clock: ManualClock) -> Any:
    async def look(**shown: Any) -> tuple[Concern, ...]:
        given = {"buckets": (), "plugins": (), "jobs": (), **shown}
        return concerns((await service.report()).components, **given)

    return look


@pytest.fixture
def told(look: Any, clock: ManualClock) -> Any:
    async def told(usage: Any = lambda path: "", **shown: Any) -> list[tuple[str, str, str]]:
        now = clock.now()
        found = await look(**shown)
        return [(each.what, why(each, now), remedy(each, now, usage)) for each in found]

    return told


@pytest.mark.parametrize(
    ("phase", "part", "sentence"),
    [
        ("starting", HealthStatus.OK, "Starting. Commands are not answered yet."),
        ("ready", HealthStatus.OK, "Serving. All is well."),
        ("ready", HealthStatus.DEGRADED, "Serving, but not everything is well."),
        ("ready", HealthStatus.DOWN, "Not serving: gateway is down."),
        ("draining", HealthStatus.OK, "Stopping. No new commands are taken."),
    ],
)
async def test_the_whole_is_one_sentence(service: HealthService, phase: str, part: HealthStatus, sentence: str) -> None:
    service.phase = phase
    service.set_component("gateway", part)
    assert headline(await service.report()) == sentence


async def test_when_all_is_well_there_is_nothing_to_tell(
    look: Any, make_bucket: Any, make_plugin: Any, make_job: Any
) -> None:
    assert await look(buckets=[make_bucket()], plugins=[make_plugin()], jobs=[make_job()]) == ()


async def test_a_stale_bucket_is_told_with_age_cause_since_and_what_comes_next(
    told: Any, make_bucket: Any, clock: ManualClock
) -> None:
    stale = make_bucket(
        stale=True,
        age=41 * 60.0,
        last_error="google sheets has no quota left",
        failing_since=clock.now() - timedelta(minutes=29),
        next_refresh_at=clock.now() + timedelta(seconds=40),
    )
    assert await told(buckets=[stale]) == [
        (
            "bucket clans is 41 min old",
            "google sheets has no quota left; since 31 Dec 23:31 UTC (29 min ago)",
            "it is tried again 00:00 UTC (in 40 s)",
        )
    ]


async def test_what_to_press_is_named_only_where_it_exists(told: Any, make_bucket: Any, make_plugin: Any) -> None:
    shown = {
        "buckets": [make_bucket(stale=True, next_refresh_at=None)],
        "plugins": [make_plugin("welcome", PluginState.QUARANTINED, "5 faults")],
    }
    assert [todo for *_, todo in await told(**shown)] == ["", ""]
    assert [todo for *_, todo in await told(lambda path: f"!{path}", **shown)] == [
        "!ops refresh clans",
        "!ops plugins reinstate welcome",
    ]


async def test_a_bucket_without_data_is_graver_than_an_old_one(look: Any, make_bucket: Any) -> None:
    cold = make_bucket("tags", available=False, stale=True, age=None, loaded_at=None, last_error="")
    found = await look(buckets=[make_bucket(stale=True), cold])
    assert [(concern.status, concern.what) for concern in found] == [
        (HealthStatus.DOWN, "bucket tags has no data"),
        (HealthStatus.DEGRADED, "bucket clans is 10 min old"),
    ]


async def test_left_out_rows_are_told_with_their_cells(troubled: Any, told: Any) -> None:
    assert (
        "bucket clans leaves out 2 rows",
        "C17: '<b>many</b>' is not a whole number; D20: '' is not a date (required)",
        "correct the cells in tab Clans",
    ) in await told(buckets=troubled.buckets[:1])


async def test_safe_mode_is_told_with_the_plugins_that_it_keeps_out(
    told: Any, service: HealthService, make_plugin: Any
) -> None:
    why = "safe mode: the last 3 starts did not get ready"
    service.set_component("safe mode", HealthStatus.DEGRADED, why)
    kept = [make_plugin(name, PluginState.BLOCKED, why) for name in ("clans", "welcome")]
    listed = make_plugin("off", PluginState.BLOCKED, "on the block-list COREOPS_PLUGINS_BLOCKED")
    for plugins, what, typed in (
        ([listed, *kept], "safe mode is on: clans, welcome are not loaded", "!ops plugins load NAME"),
        (kept[:1], "safe mode is on: clans is not loaded", "!ops plugins load clans"),
    ):
        ((said, because, todo),) = await told(lambda path: f"!{path}", plugins=plugins)
        assert said == what
        assert because.startswith("the last 3 starts did not get ready; since ")
        assert todo == f"coreops plugins bisect finds the plugin that is to blame; {typed}"
    ((said, _, todo),) = await told(lambda path: f"!{path}", plugins=[listed])
    assert (said, todo) == ("safe mode is on", "coreops plugins bisect finds the plugin that is to blame")


async def test_plugins_and_jobs_that_do_not_serve_are_told(
    told: Any, make_plugin: Any, make_job: Any, clock: ManualClock
) -> None:
    quarantined = make_plugin(
        "welcome", PluginState.QUARANTINED, "5 faults", retry_at=clock.now() + timedelta(seconds=25)
    )
    found = await told(
        plugins=[quarantined, make_plugin("off", PluginState.BLOCKED, "COREOPS_PLUGINS_BLOCKED")],
        jobs=[
            make_job("a.b", RunOutcome.TIMEOUT, "too long"),
            make_job("a.c", None),
            make_job("a.d", RunOutcome.SKIPPED),
        ],
    )
    assert found == [
        (
            "plugin welcome is in quarantine",
            "5 faults; since 31 Dec 22:00 UTC (2 h ago)",
            "it is tried again 00:00 UTC (in 25 s)",
        ),
        (
            "job a.b took too long",
            "too long; since 31 Dec 23:30 UTC (30 min ago)",
            "it is tried again 00:30 UTC (in 30 min)",
        ),
    ]


async def test_parts_that_are_told_one_by_one_are_not_told_twice(told: Any, service: HealthService) -> None:
    service.set_component("buckets", HealthStatus.DEGRADED, "1 of 3 stale", critical=False)
    service.set_component("state", HealthStatus.DOWN, "disk full: free some space", critical=False)
    assert [what for what, *_ in await told()] == ["state is down"]


def test_an_instant_has_its_date_only_on_another_day(clock: ManualClock) -> None:
    now = clock.now() + timedelta(hours=12)
    assert when(now - timedelta(minutes=5), now) == "11:55 UTC (5 min ago)"
    assert when(now - timedelta(days=2), now) == "30 Dec 12:00 UTC (2 d ago)"

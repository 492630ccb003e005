"""What an operator is told at night: what, since when, why, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops_hookspecs import (
    BucketStatus,
    Component,
    HealthStatus,
    JobRun,
    JobStatus,
    PluginReport,
    PluginState,
    RowProblem,
    RunOutcome,
)
from coreops_ops.troubles import Picture, troubles
from coreops_ops.wording import ago, millis, near, span

THEN = datetime(2026, 1, 1, 2, tzinfo=UTC)
STAMP = f"<t:{int(THEN.timestamp())}:R>"

BUCKET = BucketStatus(
    name="clans",
    plugin="recruitment",
    spreadsheet="s",
    tab="Clans",
    available=True,
    stale=False,
    restored=False,
    age=60.0,
    ttl=3600.0,
    next_refresh_at=THEN,
    loaded_at=THEN,
    rows=3,
    problem_count=0,
    problems=(),
    revision=1,
    duration=0.1,
    retries=0,
    last_actor="startup",
    last_result="ok",
    last_error="",
    failing_since=None,
)
PLUGIN = PluginReport("demo", "1", "demo", PluginState.ACTIVE, "", THEN, None, 0, 1, {})


def picture(**parts: Any) -> Picture:
    given: dict[str, Any] = {"components": (), "buckets": (), "plugins": (), "jobs": (), "commands": (), "prefix": "!"}
    return Picture(**{**given, **parts})


def test_when_all_is_well_there_is_nothing_to_tell() -> None:
    good = Component("sheets", HealthStatus.OK, "", THEN)
    assert troubles(picture(components=[good], buckets=[BUCKET], plugins=[PLUGIN])) == []


def test_a_stale_bucket_tells_when_why_and_what_to_do() -> None:
    stale = replace(BUCKET, stale=True, last_error="quota exceeded", failing_since=THEN)
    (told,) = troubles(picture(buckets=[stale], commands=["ops refresh"]))
    assert told.splitlines() == [
        f"⚠️ **bucket clans is stale**: read {STAMP}, failing since {STAMP}",
        "because: quota exceeded",
        f"→ read again {STAMP}; `!ops refresh clans` tries now",
    ]


def test_a_hint_names_no_command_that_the_reader_may_not_run() -> None:
    (told,) = troubles(picture(buckets=[replace(BUCKET, stale=True)]))
    assert "!ops" not in told


@pytest.mark.parametrize(
    ("bucket", "text"),
    [
        (replace(BUCKET, available=False, loaded_at=None), "❌ **bucket clans has no data**"),
        (replace(BUCKET, available=False), "❌ **bucket clans is too old to be served**"),
        (replace(BUCKET, problem_count=2, problems=(RowProblem("C4", "x", "a number"),)), "leaves out 2 rows"),
    ],
)
def test_each_state_of_a_bucket_has_its_words(bucket: BucketStatus, text: str) -> None:
    assert text in troubles(picture(buckets=[bucket]))[0]


def test_a_failing_plugin_tells_its_reason_and_where_to_see_more() -> None:
    failed = replace(PLUGIN, state=PluginState.FAILED, reason="startup raised KeyError: 'x'")
    (told,) = troubles(picture(plugins=[failed], commands=["ops plugins show", "ops plugins load"]))
    assert f"❌ **plugin demo is failed** since {STAMP}" in told
    assert "because: startup raised KeyError: 'x'" in told
    assert "`!ops plugins load demo` tries now; `!ops plugins demo` shows more" in told


def test_a_quarantined_plugin_tells_when_it_is_tried_again() -> None:
    resting = replace(PLUGIN, state=PluginState.QUARANTINED, retry_at=THEN)
    assert f"→ tried again {STAMP}" in troubles(picture(plugins=[resting]))[0]


def test_a_failed_job_tells_when_it_runs_again() -> None:
    run = JobRun("daily", "demo", THEN, THEN, 1.0, RunOutcome.ERROR, "cron", "t", "boom")
    (told,) = troubles(picture(jobs=[JobStatus("daily", "demo", "0 2 * * *", "UTC", THEN, False, run)]))
    assert "job daily ended with error" in told
    assert f"→ runs again {STAMP}" in told


def test_the_gravest_comes_first_and_sums_are_not_told_twice() -> None:
    parts = [
        Component("buckets", HealthStatus.DEGRADED, "1 of 2 stale", THEN),
        Component("sheets", HealthStatus.DEGRADED, "slow", THEN),
        Component("gateway", HealthStatus.DOWN, "not connected", THEN),
    ]
    heads = [told.splitlines()[0] for told in troubles(picture(components=parts))]
    assert heads == [f"❌ **gateway is down** since {STAMP}", f"⚠️ **sheets is degraded** since {STAMP}"]


def test_words_for_times_and_names() -> None:
    assert ago(THEN) == STAMP
    assert [span(seconds) for seconds in (0.4, 59, 61, 7300, 200_000)] == ["0 s", "59 s", "1 min", "2 h", "2 d"]
    assert (millis(0.0421), millis(None)) == ("42 ms", "—")
    assert near("recruitmnt", ["ops", "recruitment"]) == " Did you mean `recruitment`?"
    assert near("zzz", ["ops"]) == ""

"""Log lines made of events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.telemetry.lines import line, pairs_of, parse
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_hookspecs.telemetry import (
    Audited,
    CommandCompleted,
    Event,
    GatewayChanged,
    HookFault,
    JobCompleted,
    Lifecycle,
    Noted,
    PluginStateChanged,
    RefreshCompleted,
    Reloaded,
    SheetsCalled,
    WatchdogSignal,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            Lifecycle(at=AT, phase="ready", detail="3 plugins"),
            '[watcher|lifecycle] event=runtime phase=ready detail="3 plugins"',
        ),
        (
            PluginStateChanged(at=AT, plugin="clans", old="active", new="failed", reason="boom"),
            "[watcher|lifecycle] event=plugin plugin=clans old=active new=failed reason=boom",
        ),
        (
            RefreshCompleted(at=AT, result=RefreshResult("clans", True, 0.25, 1, "cron", "t", 12, 2)),
            "[refresh] event=refresh bucket=clans result=ok actor=cron duration=0.250 retries=1 rows=12 problems=2",
        ),
        (
            JobCompleted(
                at=AT, run=JobRun("demo.a", "demo", AT, AT, 1.0, RunOutcome.ERROR, "cron", "t", "ValueError: no")
            ),
            '[cron] event=job job=demo.a plugin=demo outcome=error actor=cron duration=1.000 error="ValueError: no"',
        ),
        (WatchdogSignal(at=AT, signal="loop", action="log"), "[watchdog] event=watchdog signal=loop action=log"),
        (GatewayChanged(at=AT, state="resumed"), "[gateway] event=gateway state=resumed"),
        (
            CommandCompleted(at=AT, command="ops ping", plugin="ops", surface="slash", outcome="ok", duration=0.01),
            '[command] event=command command="ops ping" plugin=ops surface=slash outcome=ok duration=0.010',
        ),
        (
            Audited(at=AT, actor="user:7", number=3, command="ops reload", outcome="ok", hash="ab"),
            '[audit] event=audit number=3 command="ops reload" outcome=ok actor=user:7 hash=ab',
        ),
        (
            SheetsCalled(
                at=AT, operation="read", spreadsheet="s", tabs=("a", "b"), duration=2.0, attempts=4, error="429"
            ),
            "[sheets] event=sheets operation=read spreadsheet=s tabs=a,b duration=2.000 attempts=4 error=429",
        ),
        (
            HookFault(at=AT, plugin="demo", kind="job", what="demo.a", outcome="error", error="boom", duration=0.5),
            "[watcher|lifecycle] event=fault plugin=demo kind=job what=demo.a outcome=error duration=0.500 error=boom",
        ),
        (
            Reloaded(at=AT, result="ok", duration=0.1, keys=1),
            "[watcher|lifecycle] event=reload result=ok duration=0.100 keys=1 toggles=0 buckets=0 problems=0",
        ),
        (
            Noted(at=AT, plugin="coreops", name="reload", values=(("changed", 2),)),
            "[watcher|lifecycle] event=reload changed=2",
        ),
    ],
)
def test_an_event_has_its_line(event: Event, expected: str) -> None:
    known = pairs_of(event)
    assert known is not None
    assert line(*known) == expected


def test_what_a_plugin_notes_for_itself_has_no_line() -> None:
    assert pairs_of(Noted(at=AT, plugin="demo", name="x")) is None


@given(st.text(min_size=1))
def test_any_value_can_be_read_back_and_stays_on_the_line(value: str) -> None:
    written = line("refresh", {"error": value, "rows": 3})
    assert "\n" not in written
    assert "\r" not in written
    assert parse(written) == ("refresh", {"error": value, "rows": "3"})


@pytest.mark.parametrize(
    "text", ["", "refresh", "[refresh] ", "[other] a=b", "[cron] a=", '[cron] a="b', "[cron] a=b c"]
)
def test_what_is_not_of_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no line of events"):
        parse(text)

"""Events as spans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coreops.telemetry.spans import span_of, trace_number
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_hookspecs.telemetry import (
    CommandCompleted,
    Event,
    HookFault,
    JobCompleted,
    Lifecycle,
    PluginChanged,
    RefreshCompleted,
    Reloaded,
    SheetsCalled,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


def command(outcome: str, error: str = "") -> CommandCompleted:
    return CommandCompleted(
        at=AT, command="ping", plugin="ops", surface="slash", outcome=outcome, duration=0.5, error=error
    )


def job(outcome: RunOutcome) -> JobCompleted:
    return JobCompleted(at=AT, run=JobRun("demo.a", "demo", AT, AT, 0.5, outcome, "cron", "t"))


def refresh(*, ok: bool) -> RefreshCompleted:
    return RefreshCompleted(
        at=AT, result=RefreshResult("clans", ok, 0.5, 0, "cron", "t", 4, 0, "" if ok else "no answer")
    )


def order(outcome: str) -> PluginChanged:
    return PluginChanged(at=AT, plugin="demo", action="reload", outcome=outcome, duration=0.5)


def called(error: str) -> SheetsCalled:
    return SheetsCalled(
        at=AT, operation="read", spreadsheet="b", tabs=("x", "y"), duration=0.5, attempts=1, error=error
    )


@pytest.mark.parametrize(
    ("event", "name", "error"),
    [
        (command("ok"), "command ping", ""),
        (command("denied", "admins only"), "command ping", ""),
        (command("error", "ValueError: x"), "command ping", "ValueError: x"),
        (command("timeout"), "command ping", "timeout"),
        (job(RunOutcome.OK), "job demo.a", ""),
        (job(RunOutcome.SKIPPED), "job demo.a", ""),
        (job(RunOutcome.TIMEOUT), "job demo.a", "timeout"),
        (refresh(ok=True), "refresh clans", ""),
        (refresh(ok=False), "refresh clans", "no answer"),
        (called(""), "sheets read", ""),
        (called("quota"), "sheets read", "quota"),
        (order("done"), "plugin reload", ""),
        (order("rolled back"), "plugin reload", "rolled back"),
        (Reloaded(at=AT, result="ok", duration=0.5), "reload", ""),
        (Reloaded(at=AT, result="kept", duration=0.5, problems=2), "reload", "2 problems"),
        (
            HookFault(at=AT, plugin="demo", kind="hook", what="ready", outcome="timeout", error="", duration=0.5),
            "fault hook",
            "timeout",
        ),
    ],
)
def test_what_took_time_is_a_span_and_an_error_only_where_something_failed(event: Event, name: str, error: str) -> None:
    span = span_of(event)
    assert span is not None
    assert (span.name, span.duration, span.error) == (name, 0.5, error)
    assert all(isinstance(value, str | int | float | bool) for value in span.attributes.values())


def test_what_took_no_time_is_no_span() -> None:
    assert span_of(Lifecycle(at=AT, phase="ready")) is None


def test_a_reference_is_a_trace_as_it_is_and_another_form_always_the_same_one() -> None:
    assert f"{trace_number('4bf92f3577b34da6a3ce929d0e0e4736'):032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert trace_number("order-4711") == trace_number("order-4711") != trace_number("order-4712")
    assert 0 < trace_number("") < 1 << 128
    assert 0 < trace_number("g" * 32) < 1 << 128
    assert trace_number("0" * 32) == 1

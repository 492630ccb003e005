"""Samples of events, added up."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.telemetry.rollup import Sample, Tally, rollup, samples_of
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_hookspecs.telemetry import (
    CommandCompleted,
    Event,
    HookFault,
    JobCompleted,
    Lifecycle,
    RefreshCompleted,
    SheetsCalled,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


def command(outcome: str) -> CommandCompleted:
    return CommandCompleted(at=AT, command="ops ping", plugin="ops", surface="slash", outcome=outcome, duration=0.2)


def fault(kind: str) -> HookFault:
    return HookFault(at=AT, plugin="demo", kind=kind, what="x", outcome="error", error="boom", duration=0.1)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (command("ok"), [Sample("command", "ops ping", 0.2, False), Sample("plugin", "ops", 0.2, False)]),
        (command("denied"), [Sample("command", "ops ping", 0.2, False), Sample("plugin", "ops", 0.2, False)]),
        (command("timeout"), [Sample("command", "ops ping", 0.2, True), Sample("plugin", "ops", 0.2, True)]),
        (
            JobCompleted(at=AT, run=JobRun("demo.a", "demo", AT, AT, 1.0, RunOutcome.ERROR, "cron", "t", "no")),
            [Sample("job", "demo.a", 1.0, True), Sample("plugin", "demo", 1.0, True)],
        ),
        (
            RefreshCompleted(at=AT, result=RefreshResult("clans", True, 0.25, 1, "cron", "t", 12, 2)),
            [Sample("bucket", "clans", 0.25, False)],
        ),
        (fault("listener"), [Sample("plugin", "demo", 0.1, True)]),
        (fault("command"), []),
        (
            SheetsCalled(at=AT, operation="read", spreadsheet="s", tabs=(), duration=2.0, attempts=4, error="429"),
            [Sample("sheets", "read", 2.0, True)],
        ),
        (Lifecycle(at=AT, phase="ready"), []),
    ],
)
def test_an_event_adds_to_its_series(event: Event, expected: list[Sample]) -> None:
    assert list(samples_of(event)) == expected


@given(st.lists(st.floats(0.001, 1000.0), min_size=2, max_size=200))
def test_percentiles_are_off_by_at_most_a_twentieth(values: list[float]) -> None:
    tally = Tally()
    for value in values:
        tally.add(value, failed=False)
    ordered = sorted(values)
    for part, percent in ((0.5, 50), (0.95, 95), (0.99, 99)):
        exact = ordered[-(-len(ordered) * percent // 100) - 1]
        assert tally.percentile(part) == pytest.approx(exact, rel=0.051)


def test_tallies_that_are_merged_are_those_of_all_samples() -> None:
    one, other, both = Tally(), Tally(), Tally()
    for tally, values in ((one, (0.1, 0.2)), (other, (0.4,)), (both, (0.1, 0.2, 0.4))):
        for value in values:
            tally.add(value, failed=value == 0.4)
    one.merge(other.count, other.failures, other.spread)
    assert one == both
    assert rollup("job", "a", 0.0, both).failures == 1
    assert quantiles([0.1, 0.2, 0.4], n=2) == [pytest.approx(rollup("job", "a", 0.0, both).p50, rel=0.05)]


def test_nothing_has_no_percentile() -> None:
    assert rollup("job", "a", 0.0, Tally()).p95 is None

"""Samples of events, added up by series and slot of time. Pure.

Durations are counted in classes, each a tenth wider than the one before. So slots can be added up, and a percentile
read from them is off by at most 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Final

from coreops_hookspecs.digest import Rollup
from coreops_hookspecs.telemetry import CommandCompleted, Event, HookFault, JobCompleted, RefreshCompleted, SheetsCalled

__all__ = ["FAILED", "Sample", "Tally", "rollup", "samples_of"]

FAILED: Final = frozenset({"unavailable", "upstream", "error", "timeout", "lost", "abandoned"})
"""Outcomes of commands and jobs that are not the caller's doing."""

_LEAST: Final = 1e-4  # seconds; whatever is quicker is in class 0
_GROWTH: Final = math.log(1.1)
_OWN_SERIES: Final = frozenset({"command", "job"})
"""Kinds of guarded calls whose end is an event of its own, so that a fault in one is not counted twice."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of one series; ``value`` in seconds."""

    kind: str
    name: str
    value: float
    failed: bool


@dataclass(slots=True)
class Tally:
    """Samples of one series, added up."""

    count: int = 0
    failures: int = 0
    spread: dict[int, int] = field(default_factory=dict)

    def add(self, value: float, *, failed: bool) -> None:
        """Count one sample."""
        self.count += 1
        self.failures += failed
        number = math.ceil(math.log(value / _LEAST) / _GROWTH) if value > _LEAST else 0
        self.spread[number] = self.spread.get(number, 0) + 1

    def merge(self, count: int, failures: int, spread: dict[int, int]) -> None:
        """Count what was added up elsewhere."""
        self.count += count
        self.failures += failures
        for number, each in spread.items():
            self.spread[number] = self.spread.get(number, 0) + each

    def percentile(self, part: float) -> float | None:
        """Return the value below which that part (0 to 1) of the samples are, or ``None`` without samples."""
        rank, seen = math.ceil(part * sum(self.spread.values())), 0
        for number in sorted(self.spread):
            seen += self.spread[number]
            if seen >= rank:
                return _LEAST * math.exp(_GROWTH * (number - 0.5)) if number else _LEAST
        return None


def rollup(kind: str, name: str, start: float, tally: Tally) -> Rollup:
    """Return a tally for people; ``start`` in seconds of Unix time."""
    p50, p95, p99 = (tally.percentile(part) for part in (0.5, 0.95, 0.99))
    return Rollup(kind, name, start, tally.count, tally.failures, p50, p95, p99)


@singledispatch
def samples_of(_event: Event) -> Iterable[Sample]:
    """Return what an event adds to the history."""
    return ()


@samples_of.register
def _(event: CommandCompleted) -> Iterable[Sample]:
    failed = event.outcome in FAILED
    yield Sample("command", event.command, event.duration, failed)
    yield Sample("plugin", event.plugin, event.duration, failed)


@samples_of.register
def _(event: JobCompleted) -> Iterable[Sample]:
    failed = event.run.outcome.value in FAILED
    yield Sample("job", event.run.job, event.run.duration, failed)
    yield Sample("plugin", event.run.plugin, event.run.duration, failed)


@samples_of.register
def _(event: RefreshCompleted) -> Iterable[Sample]:
    yield Sample("bucket", event.result.bucket, event.result.duration, not event.result.ok)


@samples_of.register
def _(event: HookFault) -> Iterable[Sample]:
    if event.kind not in _OWN_SERIES:
        yield Sample("plugin", event.plugin, event.duration, failed=True)


@samples_of.register
def _(event: SheetsCalled) -> Iterable[Sample]:
    yield Sample("sheets", event.operation, event.duration, bool(event.error))

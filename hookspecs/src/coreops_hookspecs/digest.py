"""The digest: how everything is and how it went, as one public payload that every surface shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.health import HealthReport, PluginReport
from coreops_hookspecs.jobs import JobStatus
from coreops_hookspecs.sheets import SheetsQuota

__all__ = ["Digest", "ErrorBudget", "Rollup"]


@dataclass(frozen=True, slots=True)
class Rollup:
    """Measurements of one series over a length of time.

    Args:
        kind: ``command``, ``job``, ``bucket`` (its refreshes), ``plugin`` (its commands, jobs and faults), ``sheets``
            (calls to the store), ``age`` (ages of a bucket's rows; a failure is one that was stale).
        name: Which of them; empty for all of a kind.
        start: Begin, in seconds of Unix time.
        count: How many samples.
        failures: How many of them failed; a denial or a wrong argument is no failure.
        p50: Half of them took at most so many seconds; ``None`` without samples.
        p95: Nineteen of twenty did.
        p99: Ninety-nine of a hundred did.
    """

    kind: str
    name: str
    start: float
    count: int
    failures: int
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """How much may still go wrong.

    Args:
        kind: As in :class:`Rollup`.
        days: Over so many days.
        count: How many samples there were.
        failures: How many of them failed.
        target: Part of them, from 0 to 1, that has to go well.
    """

    kind: str
    days: int
    count: int
    failures: int
    target: float

    @property
    def left(self) -> float:
        """Part of the failures allowed that is left, from 0 to 1; 1 without samples."""
        allowed = self.count * (1 - self.target)
        return 1.0 if not self.failures else max(0.0, 1 - self.failures / allowed) if allowed else 0.0


@dataclass(frozen=True, slots=True)
class Digest:
    """How everything is and how the last day went.

    Args:
        at: Instant (UTC).
        report: The runtime's health, with its concerns.
        buckets: Every bucket.
        jobs: Every job.
        plugins: Every plugin.
        day: The last 24 hours by series.
        trend: The same by kind, in steps of ``step`` seconds, oldest first; steps without samples are left out.
        step: Seconds.
        budgets: Error budgets.
        quota: How much of the store's budget of requests is used; ``None`` for a store without one.
        lost: Events that a subscriber was too slow for, since the start.
    """

    at: datetime
    report: HealthReport
    buckets: Sequence[BucketStatus]
    jobs: Sequence[JobStatus]
    plugins: Sequence[PluginReport]
    day: Sequence[Rollup] = ()
    trend: Sequence[Rollup] = ()
    step: float = 1800.0
    budgets: Sequence[ErrorBudget] = ()
    quota: SheetsQuota | None = None
    lost: int = 0

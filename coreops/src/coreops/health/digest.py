"""The digest, gathered at one instant from public payloads and the history."""

from __future__ import annotations

from typing import Final

from coreops.health.overview import Overview
from coreops.telemetry.history import History
from coreops_hookspecs.digest import Digest, ErrorBudget

__all__ = ["digest"]

STEP: Final = 1800
TARGET: Final = 0.99
"""Part of commands, refreshes and jobs that has to go well; errors below it are what a small host and Google make."""
_BUDGETED: Final = ("command", "bucket", "job")


async def digest(overview: Overview, history: History, lost: int) -> Digest:
    """Return how everything is and how the last day went."""
    day, trend = await history.day(STEP)
    totals = {kind: (count, failures) for kind, count, failures in await history.totals()}
    days = history.keeping.days
    return Digest(
        at=overview.at,
        report=overview.report,
        buckets=overview.buckets,
        jobs=overview.jobs,
        plugins=overview.plugins,
        day=tuple(day),
        trend=tuple(trend),
        step=STEP,
        budgets=tuple(ErrorBudget(kind, days, *totals[kind], TARGET) for kind in _BUDGETED if kind in totals),
        quota=overview.quota,
        lost=lost,
    )

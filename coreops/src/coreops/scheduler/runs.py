"""What is written down about one run of a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops.telemetry.phrases import error_text
from coreops_hookspecs.jobs import JobRun, RunOutcome

__all__ = ["run_of", "unstarted_run"]

_OUTCOMES: Final = {
    OutcomeStatus.OK: RunOutcome.OK,
    OutcomeStatus.ERROR: RunOutcome.ERROR,
    OutcomeStatus.TIMEOUT: RunOutcome.TIMEOUT,
    OutcomeStatus.SKIPPED: RunOutcome.SKIPPED,
}


def run_of(
    job: str,
    plugin: str,
    *,
    scheduled_for: datetime,
    started_at: datetime,
    actor: str,
    trace: str,
    outcome: Outcome[Any] | None,
    duration: float = 0.0,
) -> JobRun:
    """Return the record of a run that ended with ``outcome``, or that was abandoned when it is ``None``."""
    if outcome is None:
        ending, error = RunOutcome.ABANDONED, "cancelled before its end"
    else:
        ending, error = _OUTCOMES[outcome.status], outcome.reason or error_text(outcome.error)
        duration = outcome.duration
    return JobRun(job, plugin, scheduled_for, started_at, duration, ending, actor, trace, error)


def unstarted_run(
    job: str,
    plugin: str,
    outcome: RunOutcome,
    why: str,
    *,
    scheduled_for: datetime,
    at: datetime,
    actor: str,
    trace: str,
    slots: int = 1,
) -> JobRun:
    """Return the record of a run that was not begun, or that was cut off with the process before."""
    return JobRun(job, plugin, scheduled_for, at, 0.0, outcome, actor, trace, why, slots)

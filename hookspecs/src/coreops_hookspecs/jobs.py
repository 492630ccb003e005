"""Scheduled work: what a plugin declares and how a run ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coreops_hookspecs.context import PluginContext

__all__ = ["JobRun", "JobSpec", "JobStatus", "RunOutcome"]


class RunOutcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    MISSED = "missed"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job that a plugin declares. Exactly one of ``cron`` and ``every`` is given.

    Args:
        name: Unique name, ``<plugin>.<what>`` by custom.
        run: Coroutine function called with the plugin's context.
        cron: Five-field expression as in crontab(5). A wall-clock job runs once on both daylight-saving days (cron(8)).
        every: Interval between starts.
        timezone: IANA name in which ``cron`` is read.
        deadline: Longest time one run may take.
        help: One sentence for the operator.
    """

    name: str
    run: Callable[[PluginContext], Awaitable[None]]
    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    deadline: timedelta = timedelta(minutes=5)
    help: str = ""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job. Instants in UTC, ``duration`` in seconds."""

    job: str
    plugin: str
    scheduled_for: datetime
    started_at: datetime
    duration: float
    outcome: RunOutcome
    actor: str
    trace: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What is publicly known of one job."""

    name: str
    plugin: str
    schedule: str
    timezone: str
    next_at: datetime | None
    running: bool
    last: JobRun | None
    help: str = ""

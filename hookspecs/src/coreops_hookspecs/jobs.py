"""Scheduled work: what a plugin declares and how a run ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coreops_hookspecs.context import PluginContext

__all__ = ["CatchUp", "JobRun", "JobSpec", "JobStatus", "Misfire", "Overlap", "Parallel", "Pause", "RunOutcome"]


class RunOutcome(StrEnum):
    """How a run ended.

    ``skipped``: it was due and not begun, because the run before it was still going or its plugin was unavailable;
    ``missed``: its time passed while nothing could run; ``abandoned``: it was begun and cut off, by a stop or a crash.
    """

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    MISSED = "missed"
    ABANDONED = "abandoned"


class Misfire(StrEnum):
    """What becomes of times that passed by more than a minute: the bot was down, asleep, or its clock was set ahead.

    ``skip``: nothing is made up for; ``run_once``: one run for all of them. See also :class:`CatchUp`.
    """

    SKIP = "skip"
    RUN_ONCE = "run_once"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Misfire policy ``catch_up n``: the latest ``limit`` times that passed are run, one after the other."""

    limit: int


class Overlap(StrEnum):
    """What happens when a job is due while a run of it is still going.

    ``skip``: the new one is not begun; ``queue``: it waits for its turn, at most ten of them. See also
    :class:`Parallel`.
    """

    SKIP = "skip"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Parallel:
    """Overlap policy ``parallel n``: up to ``limit`` runs go on at the same time, one more is skipped."""

    limit: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Who paused a job and when (UTC)."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job that a plugin declares. Exactly one of ``cron`` and ``every`` is given.

    Args:
        name: Unique name, ``<plugin>.<what>`` by custom.
        run: Coroutine function called with the plugin's context.
        cron: Five fields as in crontab(5), or a nickname such as ``@daily``; ``L`` is the last day of a month,
            ``5L`` its last Friday, ``5#2`` its second one. A wall-clock job runs once on both daylight-saving days
            (cron(8)).
        every: Interval between starts.
        timezone: IANA name in which ``cron`` is read.
        deadline: Longest time one run may take.
        help: One sentence for the operator.
        misfire: What becomes of times that passed while nothing could run.
        overlap: What happens when it is due while it still runs.
        at: Key of one of the plugin's settings with the time of day, such as ``09:00``, at which the operator wants it;
            it takes the place of ``cron`` and follows a reload.
        zone: Key of one of the plugin's settings with the IANA name that takes the place of ``timezone``.
        jitter: Each run begins later by a random part of this, so that not everything begins at once; shorter than
            the time between two runs.
    """

    name: str
    run: Callable[[PluginContext], Awaitable[None]]
    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    deadline: timedelta = timedelta(minutes=5)
    help: str = ""
    misfire: Misfire | CatchUp = Misfire.RUN_ONCE
    overlap: Overlap | Parallel = Overlap.SKIP
    jitter: timedelta = timedelta(0)
    at: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job. Instants in UTC, ``duration`` in seconds.

    ``slots`` is 1, except for times that were missed, which one record tells of together: at least so many.
    """

    job: str
    plugin: str
    scheduled_for: datetime
    started_at: datetime
    duration: float
    outcome: RunOutcome
    actor: str
    trace: str
    error: str = ""
    slots: int = 1


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What is publicly known of one job. ``next_at`` is ``None`` while it is paused."""

    name: str
    plugin: str
    schedule: str
    timezone: str
    next_at: datetime | None
    running: bool
    last: JobRun | None
    help: str = ""
    pause: Pause | None = None
    policy: str = ""
    """Misfire, overlap, jitter and deadline in words."""

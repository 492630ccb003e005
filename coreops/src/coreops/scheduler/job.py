"""One job: what was declared, when it is due, and what is going on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from coreops.scheduler.cron import Cron
from coreops.scheduler.policies import policy_text
from coreops.scheduler.schedule import Interval, Schedule
from coreops_hookspecs.jobs import JobRun, JobSpec, JobStatus, Overlap, Parallel, Pause

__all__ = ["Job", "Start"]

_WAITING: Final = 10
_CORRECTION: Final = timedelta(hours=3)  # as in cron(8): a clock set further than this was wrong before


@dataclass(slots=True, eq=False)
class Start:
    """One run that is to begin.

    ``late``: its slot had passed; ``again``: a run for the slot was cut off before; ``number``: that of its batch
    in the state store, 0 if it is in none.
    """

    scheduled_for: datetime
    actor: str
    trace: str
    late: bool = False
    again: bool = False
    number: int = 0
    done: asyncio.Future[JobRun] | None = None


@dataclass(slots=True, eq=False)
class Job:
    """A job that is taken up. ``slot`` is its next time, ``due_at`` that with jitter; instants in UTC."""

    spec: JobSpec
    plugin: str
    run: Callable[[], Awaitable[None]]
    schedule: Schedule
    text: str
    slot: datetime
    due_at: datetime
    served: datetime | None = None
    """The latest slot that was run, skipped or missed: none up to it is run again."""
    ticket: int = 0
    """Its entry among those that are due; any other is out of date."""
    running: int = 0
    waiting: deque[Start] = field(default_factory=deque)
    last: JobRun | None = None
    pause: Pause | None = None

    @property
    def status(self) -> JobStatus:
        spec, paused = self.spec, self.pause is not None
        return JobStatus(
            name=spec.name,
            plugin=self.plugin,
            schedule=self.text,
            timezone=spec.timezone,
            next_at=None if paused else self.slot,
            running=self.running > 0,
            last=self.last,
            help=spec.help,
            pause=self.pause,
            policy=policy_text(spec),
        )

    def has_room(self) -> bool:
        """Whether one more run may go on now."""
        limit = self.spec.overlap.limit if isinstance(self.spec.overlap, Parallel) else 1
        return self.running < limit

    def may_wait(self, start: Start) -> bool:
        """Whether a run for which there is no room waits for its turn."""
        return start.late or (self.spec.overlap is Overlap.QUEUE and len(self.waiting) < _WAITING)

    def set_back(self, now: datetime, by: timedelta) -> datetime:
        """Return the next slot after the wall clock went back, as cron(8) has it.

        Intervals and wildcard jobs follow the new time at once; a wall-clock job is not run a second time within three
        hours. A clock that went back further was wrong before, so the new time holds for all.
        """
        if isinstance(self.schedule, Interval):
            self.schedule = replace(self.schedule, anchor=self.schedule.anchor - by)
        kept = self.served if self.served is not None and by <= _CORRECTION and self._is_wall_clock() else None
        self.served = kept
        return self.schedule.next_after(now if kept is None else max(now, kept))

    def _is_wall_clock(self) -> bool:
        return isinstance(self.schedule, Cron) and not self.schedule.wildcard

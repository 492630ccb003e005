"""What the process before left: runs that it cut off, times that passed since, and jobs that are paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from coreops.scheduler.execution import Executor
from coreops.scheduler.job import Job
from coreops.scheduler.recorder import RunStore
from coreops.scheduler.runs import unstarted_run
from coreops.scheduler.schedule import Interval
from coreops_hookspecs.context import Logger
from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_shared.state.runs import Begun, JobMemory

__all__ = ["Recovery"]

_CUT: Final = "cut off: the process ended while it ran"
_AHEAD: Final = timedelta(hours=3)  # as in cron(8): a clock that was further ahead was wrong


class Recovery:
    """Brings jobs to where they stood, how their last run ended included.

    Args:
        store: Where that is kept.
        executor: Tells of the runs that were cut off.
        log: Logger.
    """

    def __init__(self, store: RunStore, executor: Executor, log: Logger) -> None:
        self._store = store
        self._executor = executor
        self._log = log
        self._memory = JobMemory()
        self._served: dict[str, datetime] = {}
        self._cut: dict[str, list[datetime]] = {}
        self._last: dict[str, JobRun] = {}

    async def remember(self) -> None:
        """Read what was left, and mark what was cut off as abandoned."""
        try:
            self._memory = await self._store.memory()
            self._last |= self._memory.last
            if self._memory.cut:
                await self._abandon(self._memory.cut)
        except CoreOpsError as error:
            self._log.warning("what jobs did before this start is not known", error=str(error))
        self._served |= self._memory.slots

    def remind(self, job: Job, now: datetime) -> None:
        """Let a job go on from the time up to which it was served, and stay paused if it was."""
        name = job.spec.name
        job.pause = job.pause or self._memory.pauses.get(name)
        job.last = job.last or self._last.get(name)
        served = self._served.get(name)
        if served is None or served > now + _AHEAD:
            return
        job.served = served
        if isinstance(job.schedule, Interval):
            job.schedule = replace(job.schedule, anchor=served)
        job.slot = min([job.schedule.next_after(served), *self._cut.get(name, ())])

    def keep(self, job: Job) -> None:
        """Remember a job that is taken out, in case it comes again."""
        if job.served is not None:
            self._served[job.spec.name] = job.served
        if job.last is not None:
            self._last[job.spec.name] = job.last

    def cut_slots(self, job: Job) -> Sequence[datetime]:
        """Return the times whose run was cut off, once."""
        return self._cut.pop(job.spec.name, ())

    async def _abandon(self, cut: Sequence[Begun]) -> None:
        runs = [
            unstarted_run(
                begun.job,
                begun.plugin,
                RunOutcome.ABANDONED,
                _CUT,
                scheduled_for=begun.scheduled_for,
                at=begun.started_at,
                actor=begun.actor,
                trace=begun.trace,
            )
            for begun in cut
        ]
        for begun in cut:
            if begun.actor != "cron":
                continue
            self._served[begun.job] = max(begun.scheduled_for, self._served.get(begun.job, begun.scheduled_for))
            if not begun.again:  # what was cut off twice is not tried a third time: it may be what ends the process
                self._cut.setdefault(begun.job, []).append(begun.scheduled_for)
        for run in runs:
            self._last[run.job] = run
            self._executor.tell(run)
        await self._store.settle(runs)

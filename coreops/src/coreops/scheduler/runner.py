"""The scheduler: starts jobs when they are due and accounts for every run.

One coarse tick looks at a heap of due instants, so ten thousand jobs cost one timer. The wall clock is read anew on
each tick: after it went back, all due instants are worked out again; after it went ahead, a job runs once and not once
per slot that was missed.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from coreops.plugins.guard import CallKind, Guard
from coreops.scheduler.runs import run_of, skipped_run
from coreops.scheduler.schedule import Schedule, schedule_of
from coreops_hookspecs.context import Logger, Scheduler
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import JobRun, JobSpec, JobStatus
from coreops_hookspecs.telemetry import Event, JobCompleted
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["SchedulerService"]

_SHORTEST_TICK: Final = 0.05  # due instants closer together than this are served in one tick
_LONGEST_TICK: Final = 1.0  # a changed wall clock or a new job is noticed within this time
_SET_BACK: Final = timedelta(seconds=1)


@dataclass(slots=True, eq=False)
class _Job:
    spec: JobSpec
    plugin: str
    run: Callable[[], Awaitable[None]]
    schedule: Schedule
    text: str
    next_at: datetime
    task: asyncio.Task[JobRun] | None = None
    last: JobRun | None = None

    @property
    def status(self) -> JobStatus:
        running = self.task is not None
        timezone = self.spec.timezone
        return JobStatus(
            self.spec.name, self.plugin, self.text, timezone, self.next_at, running, self.last, self.spec.help
        )


class SchedulerService:
    """Runs jobs; implements :class:`coreops_hookspecs.Scheduler`.

    Args:
        clock: Source of time.
        guard: Door to the jobs' code.
        log: Logger.
        publish: Puts an event on the bus.
        record: Writes a run down; may fail, which is logged and changes nothing.
        others: Rooms with scheduled work of their own, listed and run under the same names.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        guard: Guard,
        log: Logger,
        publish: Callable[[Event], None],
        record: Callable[[JobRun], Awaitable[None]],
        others: Sequence[Scheduler] = (),
    ) -> None:
        self._clock = clock
        self._guard = guard
        self._log = log
        self._publish = publish
        self._record = record
        self._others = others
        self._jobs: dict[str, _Job] = {}
        self._heap: list[tuple[datetime, int, _Job]] = []
        self._order = itertools.count()
        self._loop: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[JobRun]] = set()
        self._seen = clock.now()

    def add(self, plugin: str, spec: JobSpec, run: Callable[[], Awaitable[None]]) -> Callable[[], None]:
        """Take up a job. Returns what removes it again; a run that is still going goes on to its end.

        Raises:
            DeclarationError: the name is taken, or the schedule cannot be used.
        """
        taken = self._jobs.get(spec.name)
        if taken is not None:
            msg = f"job {spec.name!r} of plugin {plugin!r} is already there, from plugin {taken.plugin!r}; rename one"
            raise DeclarationError(msg)
        now = self._clock.now()
        schedule, text = schedule_of(spec, now)
        job = _Job(spec, plugin, run, schedule, text, schedule.next_after(now))
        self._jobs[spec.name] = job
        self._push(job)
        upcoming = [at.isoformat(timespec="minutes") for at in schedule.upcoming(now, 5)]
        self._log.info(
            "job scheduled", job=spec.name, plugin=plugin, schedule=text, timezone=spec.timezone, next=upcoming
        )
        return partial(self._remove, job)

    def list_jobs(self) -> Sequence[JobStatus]:
        """Return what is known of every job, by name."""
        own = [job.status for job in self._jobs.values()]
        return sorted(itertools.chain(own, *(other.list_jobs() for other in self._others)), key=lambda job: job.name)

    async def run_now(self, name: str, *, actor: str) -> JobRun:
        """Run a job now and wait for its end; one that is running already gives a skipped run.

        A caller that stops waiting does not stop the run.

        Raises:
            KeyError: unknown job.
        """
        job = self._jobs.get(name)
        if job is None:
            for other in self._others:
                if any(status.name == name for status in other.list_jobs()):
                    return await other.run_now(name, actor=actor)
            msg = f"no job {name!r}; there are: {', '.join(status.name for status in self.list_jobs()) or 'none'}"
            raise KeyError(msg)
        return await asyncio.shield(self._start(job, self._clock.now(), actor, trace.current() or trace.new()))

    async def start(self) -> None:
        """Begin to run jobs."""
        if self._loop is None:
            self._loop = asyncio.create_task(self._tick_for_ever(), name="scheduler")

    async def stop(self, grace: float) -> None:
        """Start no more runs, give those that are going ``grace`` seconds to end, then cancel them."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait([self._loop])
            self._loop = None
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
        if self._tasks:  # also those that write an abandoned run down
            await asyncio.wait(self._tasks, timeout=grace)

    async def _tick_for_ever(self) -> None:
        while True:
            now = self._clock.now()
            if now < self._seen - _SET_BACK:
                self._plan_again(now)
            self._seen = now
            self._start_due(now)
            wait = (self._heap[0][0] - now).total_seconds() if self._heap else _LONGEST_TICK
            await self._clock.sleep(min(max(wait, _SHORTEST_TICK), _LONGEST_TICK))

    def _plan_again(self, now: datetime) -> None:
        self._log.warning(
            "the wall clock was set back; jobs are planned again", seconds=(self._seen - now).total_seconds()
        )
        self._heap.clear()
        for job in self._jobs.values():
            job.next_at = job.schedule.next_after(now)
            self._push(job)

    def _start_due(self, now: datetime) -> None:
        while self._heap and self._heap[0][0] <= now:
            _, _, job = heapq.heappop(self._heap)
            due, job.next_at = job.next_at, job.schedule.next_after(now)
            self._push(job)
            self._start(job, due, "cron", trace.new())

    def _start(self, job: _Job, due: datetime, actor: str, trace_id: str) -> asyncio.Task[JobRun]:
        if job.task is not None:
            return self._spawn(self._skip(job, due, actor, trace_id), f"job {job.spec.name} skipped")
        job.task = self._spawn(self._execute(job, due, actor, trace_id), f"job {job.spec.name}")
        return job.task

    def _spawn(self, work: Coroutine[None, None, JobRun], name: str) -> asyncio.Task[JobRun]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _skip(self, job: _Job, due: datetime, actor: str, trace_id: str) -> JobRun:
        now = self._clock.now()
        run = skipped_run(job.spec.name, job.plugin, scheduled_for=due, at=now, actor=actor, trace=trace_id)
        with trace.span(trace_id), trace.acting(actor):
            return await self._finish(job, run)

    async def _execute(self, job: _Job, due: datetime, actor: str, trace_id: str) -> JobRun:
        name, started_at, started = job.spec.name, self._clock.now(), self._clock.monotonic()
        describe = partial(
            run_of, name, job.plugin, scheduled_for=due, started_at=started_at, actor=actor, trace=trace_id
        )
        with trace.span(trace_id), trace.acting(actor):
            try:
                deadline = job.spec.deadline.total_seconds()
                outcome = await self._guard.call(job.plugin, CallKind.JOB, name, job.run, timeout=deadline)
            except asyncio.CancelledError:
                run = describe(outcome=None, duration=self._clock.monotonic() - started)
                self._spawn(self._finish(job, run), f"job {name} abandoned")
                raise
            finally:
                job.task = None
            return await self._finish(job, describe(outcome=outcome))

    async def _finish(self, job: _Job, run: JobRun) -> JobRun:
        job.last = run
        self._publish(JobCompleted(at=self._clock.now(), trace=run.trace, actor=run.actor, run=run))
        (failure,) = await asyncio.gather(self._record(run), return_exceptions=True)
        if isinstance(failure, Exception):
            self._log.warning("a run could not be written down", job=run.job, error=repr(failure))
        return run

    def _push(self, job: _Job) -> None:
        heapq.heappush(self._heap, (job.next_at, next(self._order), job))

    def _remove(self, job: _Job) -> None:
        if self._jobs.get(job.spec.name) is job:
            del self._jobs[job.spec.name]
        # not left there until it is due: that may be in a year, and it holds its plugin's code
        self._heap = [entry for entry in self._heap if entry[2] is not job]
        heapq.heapify(self._heap)

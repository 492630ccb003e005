"""The scheduler: starts jobs when they are due and accounts for every run.

One coarse tick looks at a heap of due instants, so ten thousand jobs cost one timer, and what begins in one tick is
written down in one row. The wall clock is read anew on each tick: times that it passed over are dealt with as each job
says, and after it went back the jobs are planned again.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from coreops.plugins.guard import Guard
from coreops.scheduler.execution import Executor
from coreops.scheduler.job import Job, Start
from coreops.scheduler.policies import GRACE, LOOKED_AT, check_policies, decide, passed
from coreops.scheduler.recorder import Recorder, RunStore
from coreops.scheduler.recovery import Recovery
from coreops.scheduler.schedule import schedule_of
from coreops.scheduler.timetable import Timetable
from coreops_hookspecs.context import Logger, Scheduler
from coreops_hookspecs.errors import DeclarationError, UnknownJobError
from coreops_hookspecs.jobs import JobRun, JobSpec, JobStatus, Pause, RunOutcome
from coreops_hookspecs.telemetry import Event
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.suggest import did_you_mean

__all__ = ["SchedulerService"]

_SHORTEST_TICK: Final = 0.04  # from one tick to the next; due instants closer together than this are served in one tick
_LONGEST_TICK: Final = 1.0  # a changed wall clock or a new job is noticed within this time
_SET_BACK: Final = timedelta(seconds=1)
_INSTANT: Final = timedelta(microseconds=1)


class SchedulerService:
    """Runs jobs; implements :class:`coreops_hookspecs.Scheduler`.

    Args:
        clock: Source of time.
        guard: Door to the jobs' code.
        log: Logger.
        publish: Puts an event on the bus.
        store: Keeps runs and pauses; may fail, which is logged and changes nothing.
        others: Rooms with scheduled work of their own, listed and run under the same names.
        draw: Returns a random number from 0 to 1, for jitter.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        guard: Guard,
        log: Logger,
        publish: Callable[[Event], None],
        store: RunStore,
        others: Sequence[Scheduler] = (),
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._log = log
        self._store = store
        self._others = others
        self._jobs: dict[str, Job] = {}
        self._timetable = Timetable(draw)
        self._recorder = Recorder(store, clock, log)
        self._executor = Executor(clock, guard, publish, self._recorder)
        self._recovery = Recovery(store, self._executor, log)
        self._loop: asyncio.Task[None] | None = None
        self._seen = clock.now()

    def add(self, plugin: str, spec: JobSpec, run: Callable[[], Awaitable[None]]) -> Callable[[], None]:
        """Take up a job. Returns what removes it again; a run that is still going goes on to its end.

        Raises:
            DeclarationError: the name is taken, or the schedule or a policy cannot be used; names the field.
        """
        taken = self._jobs.get(spec.name)
        if taken is not None:
            msg = f"job {spec.name!r} of plugin {plugin!r} is already there, from plugin {taken.plugin!r}; rename one"
            raise DeclarationError(msg)
        now = self._clock.now()
        schedule, text = schedule_of(spec, now)
        check_policies(spec, schedule, now)
        slot = schedule.next_after(now)
        job = Job(spec, plugin, run, schedule, text, slot, slot)
        self._jobs[spec.name] = job
        self._recovery.remind(job, now)
        self._timetable.put(job, job.slot)
        upcoming = [at.isoformat(timespec="minutes") for at in job.schedule.upcoming(now, 5)]
        self._log.info(
            "job scheduled", job=spec.name, plugin=plugin, schedule=text, timezone=spec.timezone, next=upcoming
        )
        return partial(self._remove, job)

    def retime(self, spec: JobSpec) -> None:
        """Run a job from now on at the times of a changed declaration. Raises DeclarationError, and nothing changes."""
        job = self._jobs[spec.name]
        if spec == job.spec:
            return
        now = self._clock.now()
        schedule, text = schedule_of(spec, now)
        check_policies(spec, schedule, now)
        job.spec, job.schedule, job.text = spec, schedule, text
        self._timetable.put(job, schedule.next_after(now))
        self._log.info("job retimed", job=spec.name, schedule=text, timezone=spec.timezone)

    def list_jobs(self) -> Sequence[JobStatus]:
        """Return what is known of every job, by name."""
        own = [job.status for job in self._jobs.values()]
        return sorted(itertools.chain(own, *(other.list_jobs() for other in self._others)), key=lambda job: job.name)

    def status(self, name: str) -> JobStatus:
        """Return what is known of one job. Raises UnknownJobError."""
        job = self._jobs.get(name)
        if job is not None:
            return job.status
        return next(each for each in self._other(name).list_jobs() if each.name == name)

    def upcoming(self, name: str, count: int = 5) -> Sequence[datetime]:
        """Return when a job is due next. Raises UnknownJobError."""
        job = self._jobs.get(name)
        if job is None:
            return self._other(name).upcoming(name, count)
        return job.schedule.upcoming(self._clock.now(), count)

    async def run_now(self, name: str, *, actor: str) -> JobRun:
        """Run a job now and wait for its end; without room for one more it gives a skipped run.

        A caller that stops waiting does not stop the run.

        Raises:
            UnknownJobError: no such job.
        """
        job = self._jobs.get(name)
        if job is None:
            return await self._other(name).run_now(name, actor=actor)
        done = asyncio.get_running_loop().create_future()
        start = Start(self._clock.now(), actor, trace.current() or trace.new(), done=done)
        await self._executor.launch([(job, start)])
        run: JobRun = await asyncio.shield(done)
        await self._recorder.flush()
        return run

    async def pause(self, name: str, *, actor: str) -> JobStatus:
        """Run a job no more by the clock. Raises UnknownJobError, or CoreOpsError if it ends with a restart."""
        job = self._jobs.get(name)
        if job is None:
            return await self._other(name).pause(name, actor=actor)
        job.pause = job.pause or Pause(actor, self._clock.now())
        self._log.info("[cron] job paused", job=name, actor=actor)
        await self._store.pause(name, job.pause)
        return job.status

    async def resume(self, name: str, *, actor: str) -> JobStatus:
        """Run a job by the clock again. Raises as :meth:`pause` does."""
        job = self._jobs.get(name)
        if job is None:
            return await self._other(name).resume(name, actor=actor)
        job.pause, job.served = None, self._clock.now()
        self._timetable.put(job, job.schedule.next_after(job.served))
        self._log.info("[cron] job resumed", job=name, actor=actor)
        await self._store.pause(name, None)
        return job.status

    async def history(self, name: str, limit: int = 20) -> Sequence[JobRun]:
        """Return the latest runs of a job, newest first. Raises CoreOpsError if they cannot be read."""
        await self._recorder.flush()
        return await self._store.latest(name, limit)

    def record(self, run: JobRun) -> None:
        """Write down a run of another room."""
        self._recorder.ended(run)

    async def start(self) -> None:
        """Find out what the process before left, and begin to run jobs."""
        if self._loop is None:
            await self._recovery.remember()
            for job in self._jobs.values():
                self._recovery.remind(job, self._clock.now())
                self._timetable.put(job, job.slot)
            self._seen = self._clock.now()
            self._loop = asyncio.create_task(self._tick_for_ever(), name="scheduler")

    async def stop(self, grace: float) -> None:
        """Start no more runs, give those that are going ``grace`` seconds to end, then cancel them."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait([self._loop])
            self._loop = None
        await self._executor.stop(grace)
        await self._recorder.stop()

    def _other(self, name: str) -> Scheduler:
        for other in self._others:
            if any(status.name == name for status in other.list_jobs()):
                return other
        names = [status.name for status in self.list_jobs()]
        msg = f"no job {name!r}{did_you_mean(name, names)}; there are: {', '.join(names) or 'none'}"
        raise UnknownJobError(msg, user_message=f"There is no job {name}{did_you_mean(name, names)}.")

    async def _tick_for_ever(self) -> None:
        while True:
            now, ticked = self._clock.now(), self._clock.monotonic()
            if now < self._seen - _SET_BACK:
                self._plan_again(now)
            self._seen = now
            if starts := self._due(now):
                await self._executor.launch(starts)
            next_at = self._timetable.next_at
            wait = _LONGEST_TICK if next_at is None else (next_at - self._clock.now()).total_seconds()
            soonest = ticked + _SHORTEST_TICK - self._clock.monotonic()  # writing down what begins has taken its part
            await self._clock.sleep(min(max(wait, soonest, 0.0), _LONGEST_TICK))

    def _plan_again(self, now: datetime) -> None:
        by = self._seen - now
        self._log.warning("the wall clock was set back; jobs are planned again", seconds=by.total_seconds())
        for job in self._jobs.values():
            self._timetable.put(job, job.set_back(now, by))

    def _due(self, now: datetime) -> list[tuple[Job, Start]]:
        """Return what is to begin now, and plan each of those jobs anew."""
        starts: list[tuple[Job, Start]] = []
        for job in self._timetable.take_due(now):
            slot = job.slot
            following = job.schedule.following(slot)
            cut = self._recovery.cut_slots(job)
            if following > now and not cut and now - slot <= GRACE:  # as nearly always: one time, and it is on time
                self._timetable.put(job, following)
                if job.pause is None:
                    self._serve(job, slot)
                    starts.append((job, Start(slot, "cron", trace.new())))
                continue
            slots: Sequence[datetime] = (slot,)
            if cut or following <= now:
                slots = passed(job.schedule, job.served or slot - _INSTANT, now)
                following = job.schedule.next_after(now)
            self._timetable.put(job, following)
            if job.pause is None:
                starts += self._starts(job, slots, cut, now)
        return starts

    def _starts(
        self, job: Job, slots: Sequence[datetime], cut: Sequence[datetime], now: datetime
    ) -> list[tuple[Job, Start]]:
        run, missed = decide(slots, now, job.spec.misfire, cut)
        missed = [slot for slot in missed if slot not in cut]
        if slots:
            self._serve(job, slots[-1])
        if missed:
            more = " or more" if len(slots) == LOOKED_AT else ""
            why = f"{len(missed)}{more} times passed, the first at {missed[0].isoformat(timespec='seconds')}"
            self._executor.unstarted(
                job, Start(missed[-1], "cron", trace.new()), RunOutcome.MISSED, why, slots=len(missed)
            )
        return [
            (
                job,
                Start(slot, "cron", trace.new(), late=slot not in slots[-1:] or now - slot > GRACE, again=slot in cut),
            )
            for slot in run
        ]

    def _serve(self, job: Job, slot: datetime) -> None:
        job.served = slot
        self._recorder.served(job.spec.name, slot)

    def _remove(self, job: Job) -> None:
        if self._jobs.get(job.spec.name) is job:
            del self._jobs[job.spec.name]
            self._recovery.keep(job)
        self._executor.drop(job)
        self._timetable.remove(job)

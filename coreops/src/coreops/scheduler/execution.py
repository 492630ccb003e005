"""Runs: begun through the guard, within each job's overlap policy, and brought to exactly one record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from coreops.plugins.guard import CallKind, Guard, Outcome
from coreops.scheduler.job import Job, Start
from coreops.scheduler.recorder import Recorder
from coreops.scheduler.runs import run_of, unstarted_run
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_hookspecs.telemetry import Event, JobCompleted
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.state.runs import Begun

__all__ = ["Executor"]


class Executor:
    """Begins runs and tells how they ended.

    Args:
        clock: Source of time.
        guard: Door to the jobs' code.
        publish: Puts an event on the bus.
        recorder: Writes runs down.
    """

    def __init__(self, clock: Clock, guard: Guard, publish: Callable[[Event], None], recorder: Recorder) -> None:
        self._clock = clock
        self._guard = guard
        self._publish = publish
        self._recorder = recorder
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def launch(self, starts: Sequence[tuple[Job, Start]]) -> None:
        """Write down together what is to begin, then begin it, let it wait, or skip it."""
        now = self._clock.now()
        begun = [
            Begun(job.spec.name, job.plugin, start.scheduled_for, now, start.actor, start.trace, start.again)
            for job, start in starts
        ]
        number = await self._recorder.begin(begun)
        ready: list[tuple[Job, Start]] = []
        for job, start in starts:
            start.number = number
            if job.has_room() and not job.waiting:
                job.running += 1
                ready.append((job, start))
            elif job.may_wait(start):
                job.waiting.append(start)
            else:
                self.unstarted(job, start, RunOutcome.SKIPPED, "the run before it was still going")
        if ready:
            self._begin(ready)

    def unstarted(self, job: Job, start: Start, outcome: RunOutcome, why: str, *, slots: int = 1) -> None:
        """Close the record of a run that does not begin."""
        run = unstarted_run(
            job.spec.name,
            job.plugin,
            outcome,
            why,
            scheduled_for=start.scheduled_for,
            at=self._clock.now(),
            actor=start.actor,
            trace=start.trace,
            slots=slots,
        )
        self._close(job, start, run)

    def drop(self, job: Job) -> None:
        """Begin nothing more of a job that is taken out."""
        while job.waiting:
            self.unstarted(job, job.waiting.popleft(), RunOutcome.SKIPPED, "the job was taken out before its turn")

    def tell(self, run: JobRun) -> None:
        """Publish how a run ended."""
        self._publish(JobCompleted(at=self._clock.now(), trace=run.trace, actor=run.actor, run=run))

    async def stop(self, grace: float) -> None:
        """Begin nothing more, give what is going ``grace`` seconds to end, then cancel it."""
        self._stopping = True
        await self._wait(grace)
        for task in self._tasks:
            task.cancel()
        await self._wait(grace)

    def _begin(self, ready: Sequence[tuple[Job, Start]]) -> None:
        self._guard.begin(ready, self._execute, self._track)

    async def _wait(self, seconds: float) -> None:
        now = asyncio.get_running_loop().time
        until = now() + seconds
        while self._tasks and (left := until - now()) > 0:  # it grows: where one run waits another one begins
            await asyncio.wait(self._tasks, timeout=left)

    def _track(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _execute(self, call: tuple[Job, Start]) -> None:
        job, start = call
        spec, started_at, started = job.spec, self._clock.now(), self._clock.monotonic()
        outcome: Outcome[None] | None = None
        with trace.cause(start.trace, start.actor):
            try:
                deadline = spec.deadline.total_seconds()
                outcome = await self._guard.call(job.plugin, CallKind.JOB, spec.name, job.run, timeout=deadline)
            finally:
                job.running -= 1
                run = run_of(
                    spec.name,
                    job.plugin,
                    scheduled_for=start.scheduled_for,
                    started_at=started_at,
                    actor=start.actor,
                    trace=start.trace,
                    outcome=outcome,
                    duration=0.0 if outcome is not None else self._clock.monotonic() - started,
                )
                self._close(job, start, run)
                if job.waiting and job.has_room() and not self._stopping:
                    job.running += 1
                    self._begin([(job, job.waiting.popleft())])

    def _close(self, job: Job, start: Start, run: JobRun) -> None:
        job.last = run
        self.tell(run)
        self._recorder.ended(run, start.number)
        if start.done is not None and not start.done.done():
            start.done.set_result(run)

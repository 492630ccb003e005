"""Runs that begin in the same tick, which share tasks where they can, are as apart as if each had its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pytest

from coreops.plugins.guard import Guard
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs.jobs import JobSpec, RunOutcome
from coreops_shared import trace
from coreops_shared.clock import ManualClock

LIMIT = 30.0
SEEN: ContextVar[str] = ContextVar("seen", default="nothing")

Job = Callable[[], Awaitable[None]]


async def declared(_: Any) -> None: ...


async def good() -> None:
    return None


@pytest.fixture
async def scheduler(clock: ManualClock, guard: Guard, log: Any, kept: Any) -> AsyncIterator[SchedulerService]:
    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
    await service.start()
    yield service
    await service.stop(0.1)


async def together(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, *jobs: Job, deadline: float = 60.0
) -> list[Any]:
    """Let jobs be due in the same tick; return how they ended, in their order."""
    for number, job in enumerate(jobs):
        spec = JobSpec(f"demo.{number}", declared, every=timedelta(minutes=1), deadline=timedelta(seconds=deadline))
        scheduler.add("demo", spec, job)
    async with asyncio.timeout(LIMIT):
        await clock.run_for(60)
        while len({run.job for run in kept.runs}) < len(jobs):
            await asyncio.sleep(0.001)
            await clock.run_for(0.1)
    ended = {run.job: run for run in reversed(kept.runs)}
    assert len({run.scheduled_for for run in ended.values()}) == 1
    return [ended[name] for name in sorted(ended)]


async def test_jobs_that_are_due_together_are_under_way_at_the_same_time(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    barrier = asyncio.Barrier(3)

    async def meet() -> None:
        await barrier.wait()

    runs = await together(scheduler, clock, kept, meet, good, meet, good, meet)
    assert [run.outcome for run in runs] == [RunOutcome.OK] * 5


@pytest.mark.parametrize("bad", [SystemExit(3), KeyboardInterrupt(), ValueError("bad"), asyncio.CancelledError()])
async def test_what_one_raises_ends_no_other(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, bad: BaseException
) -> None:
    async def raises() -> None:
        raise bad

    runs = await together(scheduler, clock, kept, good, raises, good)
    assert [run.outcome for run in runs] == [RunOutcome.OK, RunOutcome.ERROR, RunOutcome.OK]


@pytest.mark.parametrize("waits", [False, True])
async def test_one_that_cancels_its_own_task_is_recorded_and_ends_no_other(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, waits: bool
) -> None:
    async def cancels() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        if waits:
            await asyncio.Event().wait()

    runs = await together(scheduler, clock, kept, good, cancels, good, cancels)
    of_it = RunOutcome.ABANDONED if waits else RunOutcome.OK
    assert [run.outcome for run in runs] == [RunOutcome.OK, of_it, RunOutcome.OK, of_it]


async def test_what_one_sets_the_next_does_not_see(scheduler: SchedulerService, clock: ManualClock, kept: Any) -> None:
    seen = []

    async def leave() -> None:
        seen.append((SEEN.get(), trace.current()))
        SEEN.set("left behind")

    runs = await together(scheduler, clock, kept, leave, leave, leave)
    assert sorted(seen) == sorted(("nothing", run.trace) for run in runs)
    assert len({run.trace for run in runs}) == 3


async def test_a_deadline_ends_the_one_that_waits_too_long_and_no_other(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    release = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            release.set()

    async def slow() -> None:
        time.sleep(0.1)  # longer than its deadline, but nobody could have ended it

    runs = await together(scheduler, clock, kept, slow, hang, good, deadline=0.05)
    assert [run.outcome for run in runs] == [RunOutcome.OK, RunOutcome.TIMEOUT, RunOutcome.OK]
    assert "took longer than 0.05 s" in runs[1].error
    assert release.is_set()


async def test_stop_waits_for_those_too_that_begin_because_another_one_waits(
    clock: ManualClock, guard: Guard, log: Any, kept: Any
) -> None:
    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
    await service.start()
    release = asyncio.Event()
    stopping: list[asyncio.Task[list[RunOutcome]]] = []

    async def stop() -> list[RunOutcome]:
        await service.stop(LIMIT)
        return list(kept.outcomes)

    async def first() -> None:
        stopping.append(asyncio.create_task(stop()))
        await release.wait()

    async def waits() -> None:
        await release.wait()

    async def last() -> None:
        release.set()
        for _ in range(50):  # the others have long ended
            await asyncio.sleep(0)

    for number, job in enumerate([first, *[waits] * 20, last]):
        service.add("demo", JobSpec(f"demo.{number}", declared, every=timedelta(minutes=1)), job)
    await clock.run_for(60)
    async with asyncio.timeout(LIMIT):
        assert await stopping[0] == [RunOutcome.OK] * 22

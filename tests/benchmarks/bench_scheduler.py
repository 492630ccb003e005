"""10,000 jobs at 1,000 fires a second: ours beside APScheduler 3, in one process run. Prints ratios; gates nothing.

Run with ``make bench``. APScheduler keeps its jobs in memory and writes nothing down. Ours goes through the guard, with
a trace, a deadline, an event and a record for each run, and is measured twice: like for like, with a store that
keeps nothing, and as it ships, with every run on disk before it begins and after it ended. Nobody has subscribed to
events on either side. The sides take turns, and the least of each counts, so that load on the machine weighs less.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops.scheduler.recorder import RunStore
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs import JobSpec, PluginState
from coreops_hookspecs.jobs import JobRun, Pause
from coreops_shared.clock import SystemClock
from coreops_shared.logging import configure, get_logger
from coreops_shared.state.runs import Begun, JobMemory
from coreops_shared.state.store import Store

JOBS = 10_000
SPREAD = timedelta(milliseconds=1)
EVERY = JOBS * SPREAD
LEAD = timedelta(seconds=3)  # until the first is due: both sides take longer than one tick to take up the jobs
SECONDS = 4.0
ROUNDS = 3


class Fires:
    """Counts fires and how late each was."""

    def __init__(self) -> None:
        self.late: list[float] = []

    def job(self, first: datetime) -> Callable[[], Awaitable[None]]:
        """Return a job whose fires are counted; it is first due at ``first``."""

        async def run() -> None:
            self.late.append((datetime.now(UTC) - first) % EVERY / timedelta(milliseconds=1))

        return run

    async def measured(self, start: datetime) -> tuple[float, str]:
        """Let it run; return CPU microseconds per fire, and everything in words."""
        await asyncio.sleep((start - datetime.now(UTC)).total_seconds() + 1)
        self.late.clear()
        gc.collect()
        began = time.process_time()
        await asyncio.sleep(SECONDS)
        each = (time.process_time() - began) / len(self.late) * 1e6
        late = sorted(self.late)
        told = f"{len(late)} fires, late p50 {late[len(late) // 2]:.0f} p99 {late[int(len(late) * 0.99)]:.0f} ms"
        return each, f"{each:6.1f} us of CPU per fire, {told}"


class Nowhere:
    """A store of runs that keeps nothing."""

    async def begin(self, number: int, runs: Sequence[Begun]) -> None: ...

    async def end(
        self, runs: Sequence[JobRun], *, slots: Mapping[str, datetime] | None = None, over: Sequence[int] = ()
    ) -> None: ...

    async def latest(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]:
        return ()

    async def memory(self) -> JobMemory:
        return JobMemory()

    async def settle(self, runs: Sequence[JobRun]) -> None: ...

    async def pause(self, job: str, pause: Pause | None) -> None: ...


class First(Nowhere):
    """What the store says of a process before, so that the jobs are due one after the other."""

    def __init__(self, store: RunStore, start: datetime) -> None:
        self.begin = store.begin  # type: ignore[method-assign]
        self.end = store.end  # type: ignore[method-assign]
        self._slots = {f"bench.{number}": start + number * SPREAD - EVERY for number in range(JOBS)}

    async def memory(self) -> JobMemory:
        return JobMemory(self._slots)


async def ours(store: RunStore) -> tuple[float, str]:
    """Measure ours."""
    clock, fires = SystemClock(), Fires()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    start = datetime.now(UTC) + LEAD
    service = SchedulerService(
        clock=clock,
        guard=Guard(clock, states, lambda _: None),
        log=get_logger("bench"),
        publish=lambda _: None,
        store=First(store, start),
    )
    for number in range(JOBS):
        run = fires.job(start + number * SPREAD)
        service.add("bench", JobSpec(f"bench.{number}", with_context(run), every=EVERY), run)
    await service.start()
    figures = await fires.measured(start)
    await service.stop(1.0)
    return figures


def with_context(run: Callable[[], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """Return it in the shape in which a plugin declares it."""
    return lambda _: run()


async def ours_on_disk() -> tuple[float, str]:
    """Measure ours with a real state store."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "state.sqlite3")
        await store.open()
        figures = await ours(store.runs)
        await store.close()
    return figures


async def theirs() -> tuple[float, str]:
    """Measure APScheduler."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler, fires = AsyncIOScheduler(timezone=UTC), Fires()
    start = datetime.now(UTC) + LEAD
    for number in range(JOBS):
        first = start + number * SPREAD
        scheduler.add_job(fires.job(first), "interval", seconds=EVERY.total_seconds(), start_date=first)
    scheduler.start()
    figures = await fires.measured(start)
    scheduler.shutdown(wait=False)
    return figures


async def main() -> None:
    """Let the three take turns and print the best of each."""
    logs = configure("ERROR", json=False, env="bench", bot="bench")
    rounds = [(await ours(Nowhere()), await ours_on_disk(), await theirs()) for _ in range(ROUNDS)]
    logs.close()
    (kept, kept_told), (disk, disk_told), (peer, peer_told) = (min(side) for side in zip(*rounds, strict=True))
    print(f"          ours: {kept_told}\n  ours on disk: {disk_told}\nAPScheduler 3: {peer_told}")
    print(f"         ratio: {kept / peer:.3f}, {disk / peer:.3f} with every run on disk twice (aim 0.1 at 50 ms)")


if __name__ == "__main__":
    asyncio.run(main())

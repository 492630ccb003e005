"""10,000 jobs at 1,000 fires a second: ours beside APScheduler 3, in one process run. Prints a ratio; gates nothing.

Run with ``make bench``. Ours goes through the guard and writes every run into a real state store, before and after;
APScheduler keeps its jobs in memory and writes nothing. Neither has subscribers to its events.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs import JobSpec, PluginState
from coreops_shared.clock import SystemClock
from coreops_shared.logging import configure, get_logger
from coreops_shared.state.store import Store

JOBS = 10_000
SPREAD = timedelta(milliseconds=1)
EVERY = JOBS * SPREAD
SECONDS = 8.0


class Fires:
    """Counts fires and how late each was."""

    def __init__(self) -> None:
        self.late: list[float] = []

    def job(self, first: datetime) -> Callable[[], Any]:
        """Return a job whose fires are counted; it was first due at ``first``."""

        async def run() -> None:
            self.late.append((datetime.now(UTC) - first) % EVERY / timedelta(milliseconds=1))

        return run

    def figures(self, cpu: float) -> tuple[float, str]:
        """Return CPU microseconds per fire, and everything in words."""
        late = sorted(self.late)
        each = cpu / len(late) * 1e6
        p99 = late[int(len(late) * 0.99)]
        told = f"{len(late)} fires, late p50 {late[len(late) // 2]:.0f} p99 {p99:.0f} ms"
        return each, f"{each:6.1f} us of CPU per fire, {told}"


async def measured(fires: Fires) -> tuple[float, str]:
    """Let it run and return its figures."""
    await asyncio.sleep(1.5)
    fires.late.clear()
    gc.collect()
    began = time.process_time()
    await asyncio.sleep(SECONDS)
    return fires.figures(time.process_time() - began)


async def ours(folder: Path) -> tuple[float, str]:
    """Measure ours."""
    clock, fires = SystemClock(), Fires()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    store = Store(folder / "state.sqlite3")
    await store.open()
    service = SchedulerService(
        clock=clock,
        guard=Guard(clock, states, lambda _: None),
        log=get_logger("bench"),
        publish=lambda _: None,
        store=store.runs,
    )
    start = datetime.now(UTC)
    for number in range(JOBS):
        first = start + number * SPREAD
        spec = JobSpec(f"bench.{number}", fires.job(first), every=EVERY)
        service.add("bench", spec, spec.run)  # type: ignore[arg-type] # without a context
    await store.runs.end([], slots={f"bench.{number}": start + number * SPREAD - EVERY for number in range(JOBS)})
    await service.start()
    figures = await measured(fires)
    await service.stop(1.0)
    await store.close()
    return figures


async def theirs() -> tuple[float, str]:
    """Measure APScheduler."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler, fires = AsyncIOScheduler(timezone=UTC), Fires()
    start = datetime.now(UTC) + timedelta(seconds=3)
    for number in range(JOBS):
        first = start + number * SPREAD
        scheduler.add_job(fires.job(first), "interval", seconds=EVERY.total_seconds(), start_date=first)
    scheduler.start()
    await asyncio.sleep(max((start - datetime.now(UTC)).total_seconds(), 0))
    figures = await measured(fires)
    scheduler.shutdown(wait=False)
    return figures


async def main() -> None:
    """Measure one after the other and print both."""
    logs = configure("ERROR", json=False, env="bench", bot="bench")
    with tempfile.TemporaryDirectory() as folder:
        mine, told = await ours(Path(folder))
    peer, peer_told = await theirs()
    logs.close()
    print(f"       ours: {told}\nAPScheduler: {peer_told}\n      ratio: {mine / peer:.3f} (aim 0.1 at 50 ms)")


if __name__ == "__main__":
    asyncio.run(main())

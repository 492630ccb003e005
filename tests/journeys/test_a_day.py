"""A day passes, by a clock that is moved: everything that is due happens, and nothing grows."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import RunOutcome
from coreops_shared.clock import ManualClock

STEP = 120.0
"""Seconds by which the clock is moved at once."""
DAY = 86_400.0
LONG = "10000000"
"""The gateway's heartbeats go by the machine's clock, and would seem to have stopped for hours."""
IN_RINGS = ("coreops_hookspecs.telemetry", "coreops_hookspecs.cache", "coreops_hookspecs.plugins")
SLACK = 200
"""Objects of a type that may be more: timers of the machine's time that are cancelled and not forgotten yet, rings that
are not full. One for each run of the busiest job, every five minutes, would be 288."""


class Days:
    """A runtime, its clock, and what is counted of it."""

    def __init__(self, bot: Any, clock: ManualClock) -> None:
        self.bot, self._clock = bot, clock

    async def pass_one(self) -> None:
        for _ in range(int(DAY / STEP)):
            self._clock.advance(STEP)
            for _ in range(5):  # for what is done in threads; what is not done by the next step goes on in it
                await asyncio.sleep(0.001)
        async with asyncio.timeout(20):
            while any(job.running for job in self.jobs()):
                await asyncio.sleep(0.01)

    def jobs(self) -> Any:
        return self.bot.running.app.tables.scheduler.list_jobs()

    def alive(self) -> Counter[str]:
        """Objects by type; events are left out, whose rings are bounded and fill meanwhile."""
        gc.collect()
        kinds = (type(each) for each in gc.get_objects())
        return Counter(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if kind.__module__ not in IN_RINGS)


def open_files() -> Counter[str]:
    """Open files by what they are, without fonts: matplotlib keeps at most 64, opened anew in each thread."""
    found: Counter[str] = Counter()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the folder itself
            found[str(each.readlink()).partition(":")[0]] += 1
    return Counter({name: count for name, count in found.items() if not name.endswith(".ttf")})


@pytest.fixture
async def days(boot: Any) -> Days:
    clock = ManualClock()
    env = {"WATCHDOG_STALL_SEC": LONG, "WATCHDOG_DISCONNECT_GRACE_SEC": LONG}
    starting = asyncio.create_task(boot(env=env, clock=clock))
    while not starting.done():
        await asyncio.sleep(0.01)
        clock.advance(0.01)
    return Days(await starting, clock)


async def test_in_a_day_all_that_is_due_happens_and_nothing_grows(days: Days) -> None:
    await days.pass_one()
    ended = {job.name: job.last.outcome if job.last else None for job in days.jobs()}
    # a short time that passed within one step is missed, by policy
    assert {name for name, outcome in ended.items() if outcome not in {RunOutcome.OK, RunOutcome.MISSED}} == set()
    assert (await days.bot.chat.say("!ops ping", as_="staff")).replies
    alive, files, tasks = days.alive(), open_files(), len(asyncio.all_tasks())
    await days.pass_one()
    assert (await days.bot.chat.say("!ops ping", as_="staff")).replies
    grown = {kind: count - alive[kind] for kind, count in days.alive().items() if count - alive[kind] > SLACK}
    assert not grown
    assert open_files() - files == Counter()
    assert len(asyncio.all_tasks()) <= tasks + 3

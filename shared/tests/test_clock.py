"""The manual clock wakes sleepers in order, without waiting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from coreops_shared.clock import Clock, ManualClock, SystemClock


async def test_sleepers_wake_in_the_order_of_their_instants() -> None:
    clock = ManualClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as group:
        group.create_task(sleeper("late", 20))
        group.create_task(sleeper("early", 10))
        group.create_task(sleeper("now", 0))
        await clock.run_for(20)
    assert woken == [("now", 0.0), ("early", 10.0), ("late", 20.0)]


async def test_a_periodic_task_wakes_at_each_interval_when_time_passes() -> None:
    clock = ManualClock()
    ticks: list[float] = []

    async def ticker() -> None:
        while True:
            await clock.sleep(5)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(ticker())
    await clock.run_for(17)
    assert ticks == [5.0, 10.0, 15.0]
    task.cancel()


async def test_a_jump_wakes_a_periodic_task_once_as_after_suspension() -> None:
    clock = ManualClock()
    ticks: list[float] = []

    async def ticker() -> None:
        while True:
            await clock.sleep(5)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(ticker())
    await asyncio.sleep(0)
    clock.advance(17)
    await asyncio.sleep(0)
    assert ticks == [17.0]
    task.cancel()


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)
    assert clock.sleepers == 1
    task.cancel()
    await asyncio.sleep(0)
    assert clock.sleepers == 0
    clock.advance(10)


def test_the_wall_clock_moves_with_the_monotonic_one() -> None:
    start = datetime(2026, 3, 29, 1, tzinfo=UTC)
    clock = ManualClock(start)
    clock.advance(90)
    assert clock.now() == start + timedelta(seconds=90)
    assert clock.monotonic() == 90


async def test_the_system_clock_is_aware_and_never_goes_back() -> None:
    clock: Clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0)
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() >= before

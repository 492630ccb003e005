"""Full collections come by the clock; young garbage goes as ever, and all is as before at the end."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from coreops.garbage import collect_by_the_clock


class Knot:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


class Clock:
    """Passes when told to."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._go = asyncio.Semaphore(0)
        self.waits = asyncio.Semaphore(0)

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.waits.release()
        await self._go.acquire()

    async def pass_once(self) -> None:
        self._go.release()
        await self.waits.acquire()


@pytest.fixture
async def clock() -> Any:
    before = gc.get_threshold()
    clock = Clock()
    task = asyncio.create_task(collect_by_the_clock(60.0, settled=2, deep=6, sleep=clock.sleep))
    await clock.waits.acquire()
    yield clock
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


async def test_what_is_alive_is_left_out_between_two_collections(clock: Clock) -> None:
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[2] > 100
    assert clock.asked == [60.0]


async def test_what_came_since_the_last_collection_goes_with_the_next_of_what_is_old(clock: Clock) -> None:
    knot = Knot()
    gc.collect(1)  # it is old now
    gone = weakref.ref(knot)
    del knot
    await clock.pass_once()
    assert gone() is not None
    await clock.pass_once()
    assert gone() is None


async def test_what_is_in_use_while_only_the_young_is_looked_at_is_not_kept_till_the_next_deep_one(
    clock: Clock,
) -> None:
    knot, left_out = Knot(), gc.get_freeze_count()
    await clock.pass_once()
    assert gc.get_freeze_count() <= left_out
    gone = weakref.ref(knot)
    del knot
    await clock.pass_once()
    assert gone() is None


async def test_what_was_in_use_when_the_rest_was_left_out_goes_with_the_next_deep_one(clock: Clock) -> None:
    knot = Knot()
    for _ in range(2):
        await clock.pass_once()
    gone = weakref.ref(knot)
    del knot
    for _ in range(3):
        await clock.pass_once()
    assert gone() is not None
    await clock.pass_once()
    assert gone() is None


async def test_young_garbage_goes_as_ever(clock: Clock) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    gc.collect(1)
    assert gone() is None

"""The thread that watches the loop, in real time: what it measures cannot run on a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from coreops.watchdog.frames import Place, owner_by_package
from coreops.watchdog.sampler import LoopSampler, SamplerTimes

LIMIT = 10.0


class Told:
    def __init__(self) -> None:
        self.held: list[Place] = []
        self.released: list[tuple[Place, float]] = []
        self.dead: list[tuple[Place, float]] = []

    def on_held(self, place: Place) -> None:
        self.held.append(place)

    def on_released(self, place: Place, seconds: float) -> None:
        self.released.append((place, seconds))

    def on_dead(self, place: Place, seconds: float) -> None:
        self.dead.append((place, seconds))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def sampler(told: Told) -> Iterator[LoopSampler]:
    sampler = LoopSampler(
        owner_of=owner_by_package({"coreops_slow": "slow"}),
        held=told.on_held,
        released=told.on_released,
        dead=told.on_dead,
        times=SamplerTimes(interval=0.01, hold=0.25, dead=0.8),
    )
    yield sampler
    sampler.stop()


async def until(condition: Any) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.01)


async def test_an_idle_loop_has_little_lag_and_is_not_held(sampler: LoopSampler, told: Told) -> None:
    sampler.start()
    await until(lambda: sampler.lag is not None)
    assert sampler.lag is not None
    assert sampler.lag < 0.25
    assert told.held == []


@pytest.mark.parametrize("function", ["hold", "spin"])
async def test_a_held_loop_is_told_with_the_plugins_line(
    sampler: LoopSampler, told: Told, slow: Any, function: str
) -> None:
    sampler.start()
    await until(lambda: sampler.lag is not None)
    getattr(slow, function)(0.6)
    await until(lambda: told.released)
    ((place, seconds),) = told.released
    assert told.held == [place]
    assert (place.plugin, place.file, place.function) == ("slow", "coreops_slow/work.py", function)
    assert 0.4 < seconds < 5
    assert told.dead == []


async def test_a_loop_that_does_not_come_back_is_told_once(sampler: LoopSampler, told: Told, slow: Any) -> None:
    sampler.start()
    await until(lambda: sampler.lag is not None)
    slow.hold(1.8)
    await until(lambda: told.released)
    ((place, seconds),) = told.dead
    assert place.plugin == "slow"
    assert seconds > 0.8


async def test_stop_ends_the_thread(sampler: LoopSampler) -> None:
    sampler.start()
    thread = sampler._thread
    assert thread is not None
    await asyncio.to_thread(sampler.stop)
    assert not thread.is_alive()

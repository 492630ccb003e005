"""Places for connections."""

from __future__ import annotations

import asyncio

import pytest

from coreops.health.connections import Connections, Patience


class Line:
    def __init__(self) -> None:
        self.cuts = 0

    def cut(self) -> None:
        self.cuts += 1


@pytest.fixture
async def places() -> Connections:
    return Connections(Patience(connections=2, first=0.05, following=0.1), asyncio.get_running_loop())


async def test_the_one_that_waits_longest_makes_room(places: Connections) -> None:
    first, second, third = Line(), Line(), Line()
    assert all(map(places.opened, (first, second, third)))
    assert (first.cuts, second.cuts, third.cuts) == (1, 0, 0)


async def test_those_that_are_answered_keep_their_places(places: Connections) -> None:
    first, second, third = Line(), Line(), Line()
    for line in (first, second):
        places.opened(line)
        places.busy(line)
    assert not places.opened(third)
    places.closed(first)
    assert places.opened(third)
    assert second.cuts == 0


async def test_time_runs_while_a_request_is_awaited_and_not_while_it_is_handled(places: Connections) -> None:
    waiting, handled, done = Line(), Line(), Line()
    places.opened(waiting)
    places.opened(handled)
    places.busy(handled)
    async with asyncio.timeout(5):
        while not waiting.cuts:
            await asyncio.sleep(0.01)
    places.opened(done)
    places.busy(done)
    places.idle(done)
    async with asyncio.timeout(5):
        while not done.cuts:
            await asyncio.sleep(0.01)
    assert handled.cuts == 0


async def test_a_connection_that_left_is_not_cut_any_more(places: Connections) -> None:
    line = Line()
    places.opened(line)
    places.closed(line)
    places.idle(line)
    await asyncio.sleep(0.15)
    assert line.cuts == 0

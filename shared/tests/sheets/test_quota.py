"""Calls wait for their turn, so that the store has never to refuse one."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_hookspecs import SheetsQuota
from coreops_shared.clock import ManualClock
from coreops_shared.sheets.quota import Cost, Governor, Priority, Turn

READ, WRITE = Cost(reads=1), Cost(writes=1)


async def take(governor: Governor, cost: Cost = READ, priority: Priority = Priority.INTERACTIVE) -> Turn:
    turn = await governor.turn(cost, priority)
    turn.spent.reads, turn.spent.writes = cost.reads, cost.writes
    return turn


@given(st.integers(1, 8), st.lists(st.tuples(st.floats(0, 20), st.floats(0, 70)), max_size=40), st.integers(0, 99))
def test_no_minute_of_the_server_sees_more_than_it_allows(
    limit: int, requests: list[tuple[float, float]], seed: int
) -> None:
    chance = random.Random(seed)
    arrived: list[float] = []
    clock = ManualClock()
    governor = Governor(reads=limit, clock=clock)

    async def ask(start: float, takes: float) -> None:
        await clock.sleep(start)
        turn = await take(governor, priority=chance.choice(list(Priority)))
        on_the_way = takes * chance.random()
        await clock.sleep(on_the_way)
        arrived.append(clock.monotonic())
        await clock.sleep(takes - on_the_way)
        turn.end()

    async def everybody() -> None:
        tasks = [asyncio.create_task(ask(*one)) for one in requests]
        while not all(task.done() for task in tasks):
            await clock.run_for(30)
        await asyncio.gather(*tasks)

    asyncio.run(everybody())
    arrived.sort()
    assert len(arrived) == len(requests)
    for first, after in zip(arrived, arrived[limit:], strict=False):
        assert after - first >= 60 - 1e-6


async def test_reads_and_writes_are_counted_apart() -> None:
    clock = ManualClock()
    governor = Governor(reads=2, writes=1, clock=clock)
    for cost in (READ, READ, WRITE):
        (await take(governor, cost)).end()
    assert governor.usage() == SheetsQuota(2, 2, 1, 1)
    waiting = asyncio.create_task(take(governor, WRITE))
    await clock.run_for(59)
    assert not waiting.done()
    assert governor.usage().waiting == 1
    await clock.run_for(1)
    assert waiting.done()
    waiting.result().end()


async def test_a_call_that_costs_nothing_never_waits() -> None:
    governor = Governor(reads=1, writes=1, clock=ManualClock())
    await take(governor)
    await take(governor, Cost())


async def test_a_call_that_may_cost_more_than_the_whole_budget_gets_all_of_it() -> None:
    governor = Governor(reads=2, writes=2, clock=ManualClock())
    turn = await governor.turn(Cost(reads=5, writes=4), Priority.INTERACTIVE)
    turn.spent.reads = 1
    turn.end()
    assert governor.usage().reads == 1


async def test_a_part_of_the_budget_is_left_to_people() -> None:
    clock = ManualClock()
    governor = Governor(reads=20, clock=clock)
    for _ in range(18):
        (await take(governor, priority=Priority.REFRESH)).end()
    refresh = asyncio.create_task(take(governor, priority=Priority.REFRESH))
    await clock.run_for(1)
    assert not refresh.done()
    await take(governor, priority=Priority.INTERACTIVE)
    await clock.run_for(59)
    assert refresh.done()


@pytest.mark.parametrize("late", [0, 1, 2])
async def test_those_who_wait_go_by_priority_then_by_order(late: int) -> None:
    clock = ManualClock()
    governor = Governor(reads=1, clock=clock)
    (await take(governor)).end()
    went: list[str] = []

    async def go(name: str, priority: Priority) -> None:
        (await take(governor, priority=priority)).end()
        went.append(name)

    who = [("digest", Priority.DIGEST), ("refresh", Priority.REFRESH), ("refresh 2", Priority.REFRESH)]
    tasks = [asyncio.create_task(go(*one)) for one in who]
    await clock.run_for(late)
    tasks.append(asyncio.create_task(go("person", Priority.INTERACTIVE)))
    await clock.run_for(300)
    await asyncio.gather(*tasks)
    assert went == ["person", "refresh", "refresh 2", "digest"]


async def test_one_that_is_cancelled_while_it_waits_holds_nobody_back() -> None:
    clock = ManualClock()
    governor = Governor(reads=1, clock=clock)
    first = await take(governor)
    cancelled, patient = (asyncio.create_task(take(governor)) for _ in range(2))
    await clock.run_for(1)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    first.end()
    await clock.run_for(60)
    assert patient.done()
    assert governor.usage().waiting == 0


async def test_after_a_refusal_nothing_is_sent_for_a_while() -> None:
    clock = ManualClock()
    governor = Governor(clock=clock)
    governor.refused(7)
    waiting = asyncio.create_task(take(governor))
    await clock.run_for(6.9)
    assert not waiting.done()
    await clock.run_for(0.2)
    assert waiting.done()


@pytest.mark.parametrize(
    ("used", "needed", "said"),
    [
        (12, 1, "12 of 60 reads used this minute; next full refresh needs 1"),
        (58, 3, "58 of 60 reads used this minute; next full refresh needs 3, which has to wait"),
    ],
)
def test_the_forecast_says_what_is_used_and_needed(used: int, needed: int, said: str) -> None:
    assert SheetsQuota(used, 60, 0, 60, needed=needed).forecast == said

"""Calls that share a task are as apart as if each had its own."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

from coreops.plugins.guard import CallKind, OutcomeStatus

SEEN: ContextVar[str] = ContextVar("seen", default="nothing")


async def gather(world: Any, *functions: Any, timeout: float = 10.0) -> list[Any]:
    names = [f"p{number}" for number in range(len(functions))]
    world.active(*names)
    calls = [(world.guard.gate(name), function, ()) for name, function in zip(names, functions, strict=True)]
    outcomes: list[Any] = await world.guard.gather(CallKind.HOOK, "hook", calls, timeout=timeout)
    return outcomes


async def test_calls_that_wait_are_under_way_at_the_same_time(world: Any) -> None:
    barrier = asyncio.Barrier(3)

    async def meet() -> str:
        await barrier.wait()
        return str(world.guard.current)

    async def quick() -> str:
        return str(world.guard.current)

    async with asyncio.timeout(5):
        outcomes = await gather(world, meet, quick, meet, quick, meet)
    assert [each.value for each in outcomes] == ["p0", "p1", "p2", "p3", "p4"]
    assert world.guard.current == ""


async def test_what_one_call_sets_the_next_does_not_see(world: Any) -> None:
    async def leave() -> str:
        before = SEEN.get()
        SEEN.set("left behind")
        return before

    assert [each.value for each in await gather(world, leave, leave, leave)] == ["nothing"] * 3


async def test_a_call_that_cancels_its_own_task_cancels_no_other(world: Any) -> None:
    async def cancels(waits: bool) -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        if waits:
            await asyncio.sleep(0)
        return "returned"

    async def good() -> str:
        await asyncio.sleep(0)
        return "good"

    outcomes = await gather(world, good, lambda: cancels(True), good, lambda: cancels(False), good)
    assert [each.value for each in outcomes] == ["good", None, "good", "returned", "good"]
    assert outcomes[1].status is OutcomeStatus.SKIPPED


async def test_the_deadline_ends_those_that_wait_and_no_others(world: Any) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    async def good() -> str:
        return "good"

    outcomes = await gather(world, good, hang, good, hang, timeout=0.01)
    assert [each.status.value for each in outcomes] == ["ok", "timeout", "ok", "timeout"]


async def test_whoever_cancels_the_whole_cancels_every_call(world: Any) -> None:
    ended: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(world.guard.current)

    task = asyncio.create_task(gather(world, hang, hang))
    async with asyncio.timeout(5):
        while world.guard.gate("p1").flight.count == 0:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    assert sorted(ended) == ["p0", "p1"]

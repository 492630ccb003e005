"""Calls that share a task are as apart as if each had its own."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from typing import Any

import pytest

from coreops.plugins.deadlines import PERIOD
from coreops.plugins.guard import CallKind, OutcomeStatus
from coreops_hookspecs.health import PluginState

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


async def test_calls_that_the_deadline_passes_before_they_begin_are_timeouts_without_blame(world: Any) -> None:
    begun: list[str] = []

    async def blocks() -> None:
        time.sleep(PERIOD * 2)  # the sweep is due when the loop is free again
        await asyncio.Event().wait()

    async def good() -> None:
        begun.append(world.guard.current)

    async with asyncio.timeout(10):
        outcomes = await gather(world, blocks, good, good, timeout=PERIOD / 10)
    assert begun == []
    assert [each.status for each in outcomes] == [OutcomeStatus.TIMEOUT] * 3
    assert str(outcomes[1].error) == "hook was not begun within 0.005 s, while another plugin held the event loop"
    assert [fault.plugin for fault in world.faults] == ["p0"]
    assert [world.guard.gate(name).calls for name in ("p0", "p1", "p2")] == [1, 0, 0]


async def test_a_whole_that_is_cancelled_while_one_call_is_relieved_begins_no_further_one(world: Any) -> None:
    begun, ended = [], []

    async def cancels_the_whole() -> None:
        begun.append(world.guard.current)
        whole.cancel()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(world.guard.current)

    before = asyncio.all_tasks()
    whole = asyncio.create_task(gather(world, *[cancels_the_whole] * 5))
    async with asyncio.timeout(10):
        await asyncio.wait([whole])
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0)
    assert whole.cancelled()
    assert begun == ended
    assert len(begun) < 5
    assert world.faults == []
    assert [world.guard.gate(name).flight.count for name in ("p0", "p4")] == [0, 0]


def in_quarantine(world: Any, *names: str) -> None:
    """Have these failed, and the first quarantine just over."""
    world.active(*names)
    for name in names:
        for _ in range(3):
            world.guard.report_fault(name, CallKind.HOOK, "hook", ValueError("bad"))
    world.clock.advance(31)


async def tried(world: Any, *functions: Any, timeout: float = 10.0) -> list[str]:
    calls = [(world.guard.gate("p"), function, ()) for function in functions]
    return [each.status.value for each in await world.guard.gather(CallKind.HOOK, "hook", calls, timeout=timeout)]


async def test_of_several_calls_into_a_plugin_whose_quarantine_is_over_one_decides(world: Any) -> None:
    in_quarantine(world, "p")
    met = asyncio.Event()

    async def good() -> None:
        await met.wait()

    async def decided() -> list[str]:
        return await tried(world, good, good)

    both = asyncio.create_task(decided())
    async with asyncio.timeout(10):
        while world.guard.gate("p").skipped == 0:
            await asyncio.sleep(0)
        assert world.states["p"].state is PluginState.QUARANTINED
        met.set()
        assert await both == ["ok", "skipped"]
    assert world.states["p"].state is PluginState.ACTIVE


@pytest.mark.parametrize("late", [False, True])
async def test_a_call_on_trial_that_fails_doubles_the_quarantine(world: Any, late: bool) -> None:
    in_quarantine(world, "p")

    async def bad() -> None:
        if late:
            await asyncio.Event().wait()
        raise ValueError("still bad")

    assert await tried(world, bad, timeout=0.01) == ["timeout" if late else "error"]
    assert world.states["p"].state is PluginState.QUARANTINED
    assert (world.states["p"].retry_at - world.clock.now()).total_seconds() == 60.0


async def test_a_call_on_trial_that_is_cancelled_from_outside_leaves_the_trial_to_the_next(world: Any) -> None:
    in_quarantine(world, "p")
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def good() -> None:
        await asyncio.sleep(0)

    whole = asyncio.create_task(tried(world, hang))
    async with asyncio.timeout(10):
        await begun.wait()
        whole.cancel()
        await asyncio.wait([whole])
    assert world.states["p"].state is PluginState.QUARANTINED
    assert await tried(world, good) == ["ok"]
    assert world.states["p"].state is PluginState.ACTIVE


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

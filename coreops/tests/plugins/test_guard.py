from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from coreops.plugins.guard import CallKind, OutcomeStatus
from coreops_hookspecs.errors import BucketColdError, DeniedError, SheetsUnavailableError
from coreops_hookspecs.health import PluginState

if TYPE_CHECKING:
    World = Any


async def call(world: World, function: Any, *args: Any, timeout: float | None = None, plugin: str = "p") -> Any:
    return await world.guard.call(plugin, CallKind.TASK, "work", function, *args, timeout=timeout)


async def boom(error: BaseException) -> None:
    raise error


async def test_it_gives_back_the_value_of_a_call_that_returns(world: World) -> None:
    world.active("p")

    async def double(number: int) -> int:
        return number * 2

    outcome = await call(world, double, 21)
    assert (outcome.status, outcome.value) == (OutcomeStatus.OK, 42)
    assert world.guard.gate("p").calls == 1


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3), KeyError("x")])
async def test_it_gives_back_what_the_plugin_raised_and_counts_a_fault(world: World, error: BaseException) -> None:
    world.active("p")
    outcome = await call(world, boom, error)
    assert (outcome.status, outcome.error) == (OutcomeStatus.ERROR, error)
    assert [fault.error for fault in world.faults] == [error]


@pytest.mark.parametrize("error", [SheetsUnavailableError("down"), DeniedError("no"), BucketColdError("cold")])
async def test_errors_of_others_are_given_back_and_not_counted(world: World, error: BaseException) -> None:
    world.active("p")
    outcome = await call(world, boom, error)
    assert outcome.error is error
    assert world.faults == []


async def test_a_call_past_its_deadline_is_cancelled_and_counted(world: World) -> None:
    world.active("p")
    outcome = await asyncio.wait_for(call(world, asyncio.Event().wait, timeout=0.01), 2)
    assert outcome.status is OutcomeStatus.TIMEOUT
    assert "0.01 s" in str(outcome.error)
    assert len(world.faults) == 1
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0, "the sweeper's cancellation must be taken back"


async def test_a_call_that_swallows_its_cancellation_still_counts_as_a_timeout(world: World) -> None:
    world.active("p")

    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "ignored"
        return ""

    outcome = await asyncio.wait_for(call(world, stubborn, timeout=0.01), 2)
    assert outcome.status is OutcomeStatus.TIMEOUT


async def test_cancellation_from_outside_is_let_through(world: World) -> None:
    world.active("p")
    entered = asyncio.Event()

    async def wait() -> None:
        entered.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(call(world, wait, timeout=60))
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.faults == []


async def test_a_cancellation_that_the_plugin_made_itself_is_its_fault(world: World) -> None:
    world.active("p")

    async def awaits_a_cancelled_task() -> None:
        inner = asyncio.create_task(asyncio.Event().wait())
        await asyncio.sleep(0)
        inner.cancel()
        await inner

    outcome = await call(world, awaits_a_cancelled_task)
    assert outcome.status is OutcomeStatus.ERROR
    assert len(world.faults) == 1


async def test_the_current_plugin_is_set_inside_and_only_inside(world: World) -> None:
    world.active("p", "q")

    async def inner() -> str:
        return world.guard.current

    async def outer() -> list[str]:
        nested = await call(world, inner, plugin="q")
        return [world.guard.current, nested.value]

    outcome = await call(world, outer)
    assert outcome.value == ["p", "q"]
    assert world.guard.current == ""


async def test_repeated_faults_put_the_plugin_into_quarantine_and_its_calls_are_skipped(world: World) -> None:
    world.active("p")
    for _ in range(3):
        await call(world, boom, ValueError("bad"))
    standing = world.states["p"]
    assert standing.state is PluginState.QUARANTINED
    assert (standing.retry_at - world.clock.now()).total_seconds() == 30.0
    outcome = await call(world, boom, ValueError("bad"))
    assert outcome.status is OutcomeStatus.SKIPPED
    assert "quarantine" in outcome.reason
    assert world.guard.gate("p").skipped == 1


async def test_a_good_call_after_the_cooldown_reinstates_the_plugin(world: World) -> None:
    world.active("p")
    for _ in range(3):
        await call(world, boom, ValueError("bad"))
    world.clock.advance(31)
    assert world.guard.available("p") == ""
    assert (await call(world, asyncio.sleep, 0)).ok
    assert world.states["p"].state is PluginState.ACTIVE


async def test_an_operator_can_reinstate_a_plugin_at_once(world: World) -> None:
    world.active("p")
    for _ in range(3):
        await call(world, boom, ValueError("bad"))
    world.guard.reinstate("p")
    assert world.states["p"].state is PluginState.ACTIVE
    assert (await call(world, asyncio.sleep, 0)).ok


async def test_calls_into_a_plugin_that_does_not_serve_are_skipped_with_the_reason(world: World) -> None:
    world.states.discover("p")
    world.states.change("p", PluginState.FAILED, "import raised")
    outcome = await call(world, asyncio.sleep, 0)
    assert (outcome.status, outcome.reason) == (OutcomeStatus.SKIPPED, "plugin 'p' is failed: import raised")
    assert "not installed" in (await call(world, asyncio.sleep, 0, plugin="nobody")).reason


def test_a_synchronous_call_is_guarded_alike(world: World) -> None:
    world.active("p")

    def broken() -> None:
        raise SystemExit(1)

    outcome = world.guard.call_sync("p", CallKind.HOOK, "declare", broken)
    assert isinstance(outcome.error, SystemExit)
    assert len(world.faults) == 1
    assert world.guard.call_sync("p", CallKind.HOOK, "declare", lambda: 7).value == 7


async def test_the_sweeper_runs_only_while_there_is_something_to_watch(world: World) -> None:
    world.active("p")
    await call(world, asyncio.sleep, 0, timeout=60)
    deadlines = world.guard._deadlines
    async with asyncio.timeout(2):
        while deadlines._timer is not None:
            await asyncio.sleep(0.01)

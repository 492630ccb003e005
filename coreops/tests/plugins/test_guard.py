from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from coreops.plugins.gate import RECENT
from coreops.plugins.guard import CallKind, OutcomeStatus
from coreops_hookspecs.errors import BucketColdError, DeniedError, SheetsUnavailableError
from coreops_hookspecs.health import PluginState

if TYPE_CHECKING:
    World = Any


async def call(
    world: World,
    function: Any,
    *args: Any,
    timeout: float | None = None,
    plugin: str = "p",
    kind: CallKind = CallKind.COMMAND,
) -> Any:
    return await world.guard.call(plugin, kind, "work", function, *args, timeout=timeout)


async def boom(error: BaseException) -> None:
    raise error


async def test_it_gives_back_the_value_of_a_call_that_returns(world: World) -> None:
    world.active("p")

    async def double(number: int) -> int:
        return number * 2

    outcome = await call(world, double, 21)
    assert (outcome.status, outcome.value) == (OutcomeStatus.OK, 42)
    assert world.guard.gate("p").calls == 1


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3), KeyboardInterrupt(), KeyError("x")])
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


async def test_the_sweeper_runs_only_while_there_is_something_to_watch(world: World) -> None:
    world.active("p")
    await call(world, asyncio.sleep, 0, timeout=60)
    deadlines = world.guard._deadlines
    async with asyncio.timeout(2):
        while deadlines._timer is not None:
            await asyncio.sleep(0.01)


async def test_a_plugin_put_into_quarantine_by_hand_is_left_out_until_it_is_reinstated(world: World) -> None:
    world.active("p")
    world.guard.quarantine("p", "by user:1: it misbehaves")
    world.clock.advance(1_000_000)
    outcome = await call(world, asyncio.sleep, 0)
    assert outcome.reason == "plugin 'p' is in quarantine: by user:1: it misbehaves"
    assert world.states["p"].retry_at is None
    world.guard.reinstate("p")
    assert (await call(world, asyncio.sleep, 0)).ok


async def test_a_quarantine_by_hand_with_an_end_lets_one_call_decide_after_it(world: World) -> None:
    world.active("p")
    world.guard.quarantine("p", "by user:1", world.clock.now() + timedelta(minutes=5))
    world.clock.advance(299)
    assert not (await call(world, asyncio.sleep, 0)).ok
    world.clock.advance(2)
    assert (await call(world, asyncio.sleep, 0)).ok
    assert world.states["p"].state is PluginState.ACTIVE


async def test_a_call_that_was_going_on_does_not_end_a_quarantine_by_hand(world: World) -> None:
    world.active("p")
    release = asyncio.Event()
    task = asyncio.create_task(call(world, release.wait))
    await asyncio.sleep(0)
    world.guard.quarantine("p", "by user:1")
    release.set()
    assert (await task).ok
    assert world.states["p"].state is PluginState.QUARANTINED


async def test_the_account_tells_the_time_of_calls_and_the_time_that_they_held_the_loop(world: World) -> None:
    world.active("p")
    gate = world.guard.gate("p")

    async def work() -> None:
        world.clock.advance(2)
        waiting = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(lambda: (world.clock.advance(10), waiting.set_result(None)))
        await waiting
        world.clock.advance(3)

    async def hook() -> Any:
        return await world.guard.call("p", CallKind.COMMAND, "work", work, timeout=None)

    assert (await hook()).ok
    assert (gate.total_time, gate.loop_time, gate.p99) == (15.0, 5.0, 15.0)


async def test_a_background_task_counts_as_a_call_that_has_no_duration(world: World) -> None:
    world.active("p")

    async def work() -> None:
        world.clock.advance(2)

    await call(world, work, kind=CallKind.TASK)
    gate = world.guard.gate("p")
    assert (gate.calls, gate.total_time, gate.loop_time, gate.p99) == (1, 0.0, 2.0, None)


async def test_a_background_task_is_not_what_decides_after_a_quarantine(world: World) -> None:
    world.active("p")
    for _ in range(3):
        await call(world, boom, ValueError("bad"))
    world.clock.advance(31)
    skipped = await call(world, asyncio.sleep, 0, kind=CallKind.TASK)
    assert skipped.reason == "plugin 'p' is in quarantine until a call of another kind returns"
    assert (await call(world, asyncio.sleep, 0)).ok
    assert (await call(world, asyncio.sleep, 0, kind=CallKind.TASK)).ok


async def test_the_99th_percentile_is_that_of_the_latest_calls_and_its_memory_is_bounded(world: World) -> None:
    world.active("p")
    gate = world.guard.gate("p")

    async def take(seconds: float) -> None:
        world.clock.advance(seconds)

    for seconds in (100.0,) * 600 + tuple(float(number) for number in range(1, RECENT + 1)):
        await world.guard.call("p", CallKind.HOOK, "take", take, seconds, timeout=None)
    assert (gate.p99, len(gate.recent)) == (507.0, RECENT)


async def test_errors_of_others_are_failures_and_no_faults(world: World) -> None:
    world.active("p")
    await call(world, boom, SheetsUnavailableError("down"))
    await call(world, boom, ValueError("bad"))
    gate = world.guard.gate("p")
    assert (gate.calls, gate.failures, gate.faults) == (2, 2, 1)

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from coreops.plugins.guard import OutcomeStatus
from coreops_hookspecs import Denial
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.health import PluginState

Make = Callable[..., ModuleType]


async def test_every_plugin_gets_its_own_ctx(world: Any, make_plugin: Make) -> None:
    seen: list[str] = []

    async def coreops_ready(ctx: Any) -> None:
        seen.append(ctx.plugin)

    for name in ("b", "a"):
        world.active(name)
        world.table.register(make_plugin(name, {"coreops_ready": coreops_ready}), name)
        world.table.begin(name)
    outcomes = await world.hooks.gather("coreops_ready")
    assert [name for name, _ in outcomes] == ["b", "a"] == seen, "order of registration"


async def test_one_that_raises_and_one_that_hangs_do_not_stop_the_others(
    world: Any, make_plugin: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def raises(ctx: Any) -> None:
        raise RuntimeError("bad")

    async def good(ctx: Any) -> str:
        return "done"

    for name, function in (("bad", raises), ("good", good)):
        world.active(name)
        world.table.register(make_plugin(name, {"coreops_ready": function}), name)
        world.table.begin(name)
    outcomes = dict(await world.hooks.gather("coreops_ready"))
    assert outcomes["bad"].status is OutcomeStatus.ERROR
    assert outcomes["good"].value == "done"


def test_a_plugin_is_registered_wholly_or_not_at_all(world: Any, make_plugin: Make) -> None:
    async def coreops_jobs() -> list[object]:
        return []

    with pytest.raises(DeclarationError):
        world.table.register(make_plugin("p", {"coreops_jobs": coreops_jobs}), "p")
    assert world.table.implementers("coreops_plugin_info") == ()


def test_an_unregistered_plugin_is_not_called_any_more(world: Any, make_plugin: Make) -> None:
    world.active("p")
    world.table.register(make_plugin("p"), "p")
    world.table.unregister("p")
    world.table.unregister("p")
    assert world.table.one("coreops_plugin_info", "p") is None


def test_a_deciding_hook_stops_at_the_first_result_and_a_failure_is_a_result(world: Any, make_plugin: Make) -> None:
    def silent(request: object) -> None:
        return None

    def denies(request: object) -> Denial:
        return Denial("closed")

    def raises() -> None:
        raise RuntimeError("broken")

    for name, function in (("a", silent), ("b", denies), ("c", raises)):
        world.active(name)
        world.table.register(make_plugin(name, {"coreops_authorize": function}), name)
    name, outcome = world.hooks.first("coreops_authorize", object())
    assert (name, outcome.value) == ("b", Denial("closed"))
    world.table.unregister("b")
    name, outcome = world.hooks.first("coreops_authorize", object())
    assert (name, outcome.status) == ("c", OutcomeStatus.ERROR)
    world.table.unregister("c")
    assert world.hooks.first("coreops_authorize", object()) is None


def test_a_plugin_that_decides_is_tried_again_after_its_quarantine(world: Any, make_plugin: Make) -> None:
    answers: list[Any] = [RuntimeError("broken")] * 4

    def decides(request: object) -> None:
        if answers:
            raise answers.pop()

    world.active("p")
    world.table.register(make_plugin("p", {"coreops_authorize": decides}), "p")
    for _ in range(3):
        _, outcome = world.hooks.first("coreops_authorize", object())
        assert outcome.status is OutcomeStatus.ERROR
    assert world.states["p"].state is PluginState.QUARANTINED
    _, outcome = world.hooks.first("coreops_authorize", object())
    assert (outcome.status, len(answers)) == (OutcomeStatus.SKIPPED, 1)
    world.clock.advance(31)
    _, outcome = world.hooks.first("coreops_authorize", object())
    assert (outcome.status, len(answers)) == (OutcomeStatus.ERROR, 0)
    world.clock.advance(61)
    assert world.hooks.first("coreops_authorize", object()) is None
    assert world.states["p"].state is PluginState.ACTIVE


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_a_decision_that_would_end_the_process_is_a_failure(
    world: Any, make_plugin: Make, error: BaseException
) -> None:
    def decides() -> None:
        raise error

    world.active("p")
    world.table.register(make_plugin("p", {"coreops_authorize": decides}), "p")
    assert world.hooks.first("coreops_authorize", object())[1].error is error


async def test_concurrent_hooks_run_at_the_same_time(world: Any, make_plugin: Make) -> None:
    barrier = asyncio.Barrier(2)

    async def coreops_ready() -> None:
        await barrier.wait()

    for name in ("a", "b"):
        world.active(name)
        world.table.register(make_plugin(name, {"coreops_ready": coreops_ready}), name)
        world.table.begin(name)
    async with asyncio.timeout(5):
        outcomes = await world.hooks.gather("coreops_ready")
    assert all(outcome.ok for _, outcome in outcomes)


async def test_a_plugin_hears_of_no_event_before_it_has_started(world: Any, make_plugin: Make) -> None:
    seen: list[str] = []

    async def coreops_telemetry(event: Any) -> None:
        seen.append(event)

    world.active("p")
    world.table.register(make_plugin("p", {"coreops_telemetry": coreops_telemetry}), "p")
    await world.hooks.gather("coreops_telemetry", event="early")
    world.table.begin("p")
    await world.hooks.gather("coreops_telemetry", event="late")
    assert seen == ["late"]

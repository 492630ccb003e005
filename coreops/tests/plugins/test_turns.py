"""Plugins that hang while they are loaded or started hang at the same time; those that need nobody get their turn."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from coreops.plugins.discovery import discover
from coreops.plugins.turns import in_turn
from coreops_hookspecs.health import PluginState

Make = Callable[..., ModuleType]
FOR_EVER = 1000.0


async def test_each_waits_for_the_one_before_it() -> None:
    log: list[str] = []

    async def work(name: str) -> None:
        log.append(f"{name} begins")
        await asyncio.sleep(0)
        log.append(f"{name} ends")

    await in_turn(["a", "b", "c"], {}, work, patience=FOR_EVER)
    assert log == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]


async def test_one_that_takes_its_time_is_waited_for_by_those_alone_that_need_it() -> None:
    done: list[str] = []
    free = asyncio.Event()

    async def work(name: str) -> None:
        if name.startswith("slow"):
            await free.wait()
        done.append(name)
        if name == "last":
            free.set()

    needs = {"needs-slow": ("slow-1",), "needs-that": ("needs-slow",)}
    async with asyncio.timeout(10):
        await in_turn(["slow-1", "needs-slow", "slow-2", "needs-that", "last"], needs, work, patience=0.01)
    assert done[0] == "last"
    assert sorted(done[1:3]) == ["slow-1", "slow-2"]
    assert done[3:] == ["needs-slow", "needs-that"]


async def test_whoever_stops_the_start_stops_every_one_that_is_under_way() -> None:
    begun, ended = [], []
    both = asyncio.Event()

    async def work(name: str) -> None:
        begun.append(name)
        if len(begun) == 2:
            both.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    task = asyncio.create_task(in_turn(["a", "b"], {}, work, patience=0.01))
    async with asyncio.timeout(10):
        await both.wait()
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    assert sorted(ended) == ["a", "b"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreops.plugins.manager.PATIENCE", 0.01)


MEETS = """
import sys
from coreops_hookspecs import PluginInfo, hookimpl

sys.where_the_plugins_of_this_test_meet.wait()

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)
"""


@pytest.mark.usefixtures("impatient")
async def test_plugins_whose_imports_hang_hang_together(world: Any, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(5, timeout=10)
    monkeypatch.setattr(sys, "where_the_plugins_of_this_test_meet", meeting, raising=False)
    for number in range(5):
        site.install(f"p{number}", {"plugin.py": MEETS})
    manager = world.manager()
    await manager.declare_all([each for each in discover() if each.value.startswith("its_")])
    assert world.roster.order == ("p0", "p1", "p2", "p3", "p4")
    assert not meeting.broken


@pytest.mark.usefixtures("impatient")
async def test_plugins_whose_startups_hang_hang_together(world: Any, make_plugin: Make) -> None:
    inside: set[str] = set()
    all_in = asyncio.Event()

    async def coreops_startup(ctx: Any) -> None:
        inside.add(ctx.plugin)
        if len(inside) == 5:
            all_in.set()
        await all_in.wait()

    manager = world.manager()
    hanging = [make_plugin(f"p{number}", {"coreops_startup": coreops_startup}) for number in range(5)]
    await manager.declare_all((), [*hanging, make_plugin("child", depends=("p3",))])
    manager.contribute_all(world.adders)
    async with asyncio.timeout(10):
        await manager.start_all()
    assert {each.state for each in manager.reports()} == {PluginState.ACTIVE}

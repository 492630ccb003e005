"""A reload whose new code does not come up goes back to the old, as if nothing had been."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from coreops.plugins.guard import CallKind, Fault
from coreops_hookspecs import Setting
from coreops_hookspecs.health import PluginState


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        (("log = []", "raise RuntimeError('at import')"), "RuntimeError: at import"),
        (("log = []", "raise SystemExit(3)"), "SystemExit: 3"),
        (("from its_greeter.words import WORD", "import its_greeter.absent"), "ModuleNotFoundError"),
        (('Setting("GREETING")', "3"), "returned int"),
        (("async def coreops_startup", "def coreops_startup"), "must be async def"),
        (('Setting("GREETING")', 'Setting("TAKEN")'), "already contributed by plugin 'other'"),
        (('log.append("up")', "1 / 0"), "startup raised ZeroDivisionError"),
        (("HealthStatus.OK", "HealthStatus.DOWN, 'no words'"), "greeter.well says down: no words"),
        (("return CheckResult(HealthStatus.OK)", "1 / 0"), "greeter.well raised ZeroDivisionError"),
    ],
)
async def test_code_that_does_not_come_up_leaves_the_old_in_place(
    world: Any, installed: Any, make_plugin: Any, replaced: tuple[str, str], said: str
) -> None:
    await installed.boot(make_plugin("other", {"coreops_settings": lambda: [Setting("TAKEN")]}))
    old, context = installed.module, world.contexts("greeter")
    tasks = asyncio.all_tasks()
    installed.install(replaced, version="1.1")
    report = await installed.reload()
    assert not report.done
    assert said in report.error
    assert installed.module is old
    assert sys.modules["its_greeter"].plugin is old
    assert sorted(world.rooms["setting"]) == [("greeter", Setting("GREETING")), ("other", Setting("TAKEN"))]
    assert world.table.one("coreops_startup", "greeter").function is old.coreops_startup
    assert world.contexts("greeter") is context
    assert old.log == ["up"]
    state, reason = installed.standing
    assert state is PluginState.ACTIVE
    assert reason.startswith("old code kept: ")
    assert world.states["greeter"].version == "1.0"
    assert asyncio.all_tasks() == tasks, "the new code's tasks have ended"
    installed.install(version="1.1")
    assert (await installed.reload()).done, "once it is mended"
    assert installed.standing == (PluginState.ACTIVE, "")


async def test_new_code_that_had_started_is_shut_down_when_it_is_rolled_back(
    bot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(sys, "kept_for_this_test", kept, raising=False)
    body = "import sys; sys.kept_for_this_test.append(reason)"
    bot.install(("log.append(reason)", body), ("HealthStatus.OK", "HealthStatus.DOWN"), version="1.1")
    assert "says down" in (await bot.reload()).error
    assert kept == ["the reload failed"]


async def test_a_plugin_in_quarantine_is_out_of_it_after_a_reload(bot: Any, world: Any) -> None:
    for _ in range(3):
        world.guard.report_fault("greeter", CallKind.COMMAND, "c", RuntimeError("bad"))
    assert bot.standing[0] is PluginState.QUARANTINED
    bot.install(("log = []", "raise RuntimeError"), version="1.1")
    assert not (await bot.reload()).done
    assert bot.standing[0] is PluginState.QUARANTINED, "old code that was in quarantine stays there"
    bot.install(version="1.1")
    assert (await bot.reload()).done
    assert bot.standing == (PluginState.ACTIVE, "")
    assert world.guard.available("greeter") == ""


async def test_faults_of_code_that_was_never_let_serve_are_told_but_not_held_against_the_old(
    bot: Any, world: Any
) -> None:
    bot.install(('log.append("up")', "1 / 0"), version="1.1")
    for _ in range(4):
        assert not (await bot.reload()).done
    assert bot.standing[0] is PluginState.ACTIVE
    faults: list[Fault] = world.faults
    assert {fault.what for fault in faults} == {"coreops_startup"}


async def test_a_reload_that_is_broken_off_goes_back_to_the_old_code(bot: Any) -> None:
    old = bot.module
    bot.install(('log.append("up")', 'entered.set(); await release.wait(); log.append("up")'), version="1.1")
    reloading = asyncio.create_task(bot.reload())
    while sys.modules.get("its_greeter.plugin") in {old, None}:
        await asyncio.sleep(0)
    new = bot.module
    while not hasattr(new, "entered"):
        await asyncio.sleep(0)
    await new.entered.wait()
    await bot.changes.stop()
    await asyncio.wait([reloading])
    assert bot.module is old
    assert bot.world.rooms["setting"] == [("greeter", Setting("GREETING"))]

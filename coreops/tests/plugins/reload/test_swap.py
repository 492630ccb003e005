"""Reload puts new code in place of the old in one step; a plan and a refusal change nothing."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from coreops.plugins.guard import CallKind
from coreops_hookspecs import Setting
from coreops_hookspecs.errors import PluginRefusedError
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.plugins import PluginReload


async def test_the_installed_code_takes_the_place_of_the_old(bot: Any) -> None:
    old = bot.module
    bot.install(('Setting("GREETING")', 'Setting("SALUTE")'), version="1.1", word="good day")
    report = await bot.reload()
    assert report.done
    assert (report.old_version, report.new_version) == ("1.0", "1.1")
    assert report.modules == ("its_greeter", "its_greeter.plugin", "its_greeter.words")
    assert (report.added, report.removed, report.changed) == (("setting SALUTE",), ("setting GREETING",), ())
    assert report.left == ()
    assert bot.world.rooms["setting"] == [("greeter", Setting("SALUTE"))]
    assert bot.module is not old
    assert bot.module.WORD == "good day", "submodules are imported anew too"
    assert bot.standing == (PluginState.ACTIVE, "")
    assert bot.world.states["greeter"].version == "1.1"
    assert (old.log, bot.module.log) == (["up", "reloaded by user:7"], ["up"])
    assert bot.world.changed == 1


async def test_the_old_codes_tasks_end_and_the_new_ones_go_on(bot: Any) -> None:
    bot.install(version="1.1")
    await bot.reload()
    assert [entry.name for entry in bot.world.ledger.of("greeter") if entry.kind == "task"] == ["greeter.loop#2"]


async def test_calls_that_are_going_on_finish_on_the_old_code(bot: Any) -> None:
    old = bot.module
    calling = asyncio.create_task(bot.world.guard.call("greeter", CallKind.COMMAND, "c", old.command, timeout=None))
    await old.entered.wait()
    bot.install(version="1.1", word="good day")
    reloading = asyncio.create_task(bot.reload())
    while sys.modules.get("its_greeter.plugin") in {old, None}:
        await asyncio.sleep(0)
    new = bot.module
    while not getattr(new, "log", ()):
        await asyncio.sleep(0)
    new.release.set()
    outcome = await bot.world.guard.call("greeter", CallKind.COMMAND, "c", new.command, timeout=None)
    assert outcome.value == "good day", "new calls meet the new code"
    assert old.log == ["up"], "the old is not shut down while it is in use"
    old.release.set()
    assert (await calling).value == "hello"
    assert (await reloading).left == ()
    assert old.log == ["up", "reloaded by user:7"]


async def test_a_call_that_takes_long_does_not_hold_up_the_reload_and_is_told(bot: Any) -> None:
    old = bot.module
    calling = asyncio.create_task(bot.world.guard.call("greeter", CallKind.COMMAND, "c", old.command, timeout=None))
    await old.entered.wait()
    bot.changes = bot.world.changes(grace=0.01)
    report = await bot.reload()
    assert report.done
    assert report.left == ("1 calls that still run",)
    old.release.set()
    assert (await calling).value == "hello"


async def test_a_plan_changes_nothing(bot: Any) -> None:
    old, moves = bot.module, len(bot.world.moves)
    bot.install(('Setting("GREETING")', 'Setting("GREETING", default="x"), Setting("MORE")'), version="1.1")
    plan = await bot.reload(plan_only=True)
    assert not plan.done
    assert plan.error == ""
    assert (plan.added, plan.removed, plan.changed) == (("setting MORE",), (), ("setting GREETING",))
    assert plan.new_version == "1.1"
    assert bot.module is old
    assert sys.modules["its_greeter"].plugin is old
    assert old.log == ["up"]
    assert bot.world.changed == 0
    assert len(bot.world.moves) == moves


async def test_a_plan_of_code_that_cannot_be_used_says_so(bot: Any) -> None:
    old = bot.module
    bot.install(("log = []", "raise RuntimeError('at import')"), version="1.1")
    assert "at import" in (await bot.reload(plan_only=True)).error
    assert bot.module is old


async def test_changed_requirements_need_a_reboot_and_change_nothing(bot: Any) -> None:
    old = bot.module
    bot.install(version="2.0", requires=("click>=9",))
    report = await bot.reload()
    assert not report.done
    assert report.reboot == "greeter 2.0: it requires now click>=9"
    assert bot.module is old


async def test_plugins_that_need_it_are_reloaded_with_it(world: Any, site: Any, installed: Any) -> None:
    child = """
from coreops_hookspecs import PluginInfo, hookimpl
from its_greeter.words import WORD

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)
"""
    manifest = 'hook-api = ">=0.1,<1"\ndepends = ["greeter"]'
    site.install("child", {"plugin.py": child}, manifest=manifest)
    await installed.boot(installed=("greeter", "child"))
    installed.install(version="1.1", word="good day")
    report = await installed.reload()
    assert report.done
    assert report.with_it == ("child",)
    assert sys.modules["its_child.plugin"].WORD == "good day"
    assert world.states["child"].state is PluginState.ACTIVE


async def test_the_order_of_calls_is_the_same_after_a_reload(bot: Any, world: Any, make_plugin: Any) -> None:
    async def coreops_startup() -> None: ...

    world.table.register(make_plugin("zoo", {"coreops_startup": coreops_startup}), "zoo")
    before = world.table.implementers("coreops_startup")
    bot.install(version="1.1")
    await bot.reload()
    assert world.table.implementers("coreops_startup") == before == ("greeter", "zoo")


async def test_a_plugin_that_asks_for_its_own_reload_does_not_wait_for_itself(bot: Any, world: Any) -> None:
    async def command() -> PluginReload:
        return await bot.reload()

    bot.install(version="1.1")
    async with asyncio.timeout(5):
        outcome = await world.guard.call("greeter", CallKind.COMMAND, "c", command, timeout=None)
    assert outcome.value.done


async def test_what_cannot_be_reloaded_is_refused(site: Any, installed: Any, make_plugin: Any) -> None:
    await installed.boot(make_plugin("given"))
    with pytest.raises(PluginRefusedError, match="handed in as an object"):
        await installed.reload("given")
    with pytest.raises(PluginRefusedError, match="no plugin 'greter'; did you mean"):
        await installed.reload("greter")
    site.uninstall("greeter")
    with pytest.raises(PluginRefusedError, match="no plugin 'greeter' is installed"):
        await installed.reload()
    installed.install(manifest='hook-api = ">=9"')
    with pytest.raises(PluginRefusedError, match="may not be loaded any more"):
        await installed.reload()
    assert installed.standing == (PluginState.ACTIVE, "")


async def test_plugins_in_one_package_are_not_reloaded_apart(world: Any, site: Any, installed: Any) -> None:
    info = next(site.folder.glob("its_greeter-*.dist-info"))
    (info / "entry_points.txt").write_text("[coreops]\ngreeter = its_greeter.plugin\nsecond = its_greeter.second\n")
    second = (
        'from coreops_hookspecs import *\n@hookimpl\ndef coreops_plugin_info():\n    return PluginInfo("second", "1")'
    )
    (site.folder / "its_greeter" / "second.py").write_text(second)
    await installed.boot(installed=("greeter", "second"))
    with pytest.raises(PluginRefusedError, match="shares its package with second; reboot the bot"):
        await installed.reload()
    await installed.changes.unload("second", "user:7")
    assert "its_greeter.plugin" in sys.modules, "what the other needs is kept"


async def test_one_change_is_made_after_the_other(bot: Any) -> None:
    bot.install(version="1.1")
    reports = await asyncio.gather(bot.reload(), bot.reload(), bot.changes.unload("greeter", "user:8"))
    assert [reports[0].done, reports[1].done] == [True, True]
    assert bot.standing == (PluginState.UNLOADED, "by user:8")
    assert not [name for name in sys.modules if name.startswith("its_greeter")]

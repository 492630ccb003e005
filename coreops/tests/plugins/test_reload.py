"""Reload puts new code in place of the old in one step, and goes back to the old if the new does not come up."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from coreops.plugins.changes import PluginChanges
from coreops.plugins.discovery import discover
from coreops.plugins.guard import CallKind, Fault
from coreops_hookspecs import Setting
from coreops_hookspecs.errors import PluginRefusedError
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.plugins import PluginReload

GREETER = """
import asyncio
from coreops_hookspecs import CheckResult, HealthCheck, HealthStatus, PluginInfo, Setting, hookimpl
from its_greeter.words import WORD

log = []
entered, release = asyncio.Event(), asyncio.Event()

async def check(ctx):
    return CheckResult(HealthStatus.OK)

async def command():
    entered.set()
    await release.wait()
    return WORD

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
def coreops_settings():
    return [Setting("GREETING")]

@hookimpl
def coreops_health_checks():
    return [HealthCheck("well", check)]

@hookimpl
async def coreops_startup(ctx):
    log.append("up")
    ctx.tasks.start(asyncio.Event().wait(), name="loop")

@hookimpl
async def coreops_shutdown(ctx, reason):
    log.append(reason)
"""
WORDS = "WORD = 'hello'\n"


class Bot:
    """A plugin room with one installed plugin that runs."""

    def __init__(self, world: Any, site: Any) -> None:
        self.world = world
        self.site = site
        self.changes: PluginChanges = world.changes(grace=1.0)

    def install(self, *replaced: tuple[str, str], version: str = "1.0", word: str = "hello", **options: Any) -> None:
        text = GREETER
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        # sources of different lengths, so that no stale byte code of the same second is taken for them
        words = f"WORD = {word!r}\n" + "#" * len(version.replace(".", "")) * len(word)
        self.site.install("greeter", {"plugin.py": text, "words.py": words}, version=version, **options)

    async def boot(self, *objects: object, installed: tuple[str, ...] = ("greeter",)) -> None:
        manager = self.world.manager()
        await manager.declare_all([each for each in discover() if each.name in installed], objects)
        manager.contribute_all(self.world.adders, self.world.holders)
        await manager.start_all()

    async def reload(self, name: str = "greeter", **options: Any) -> PluginReload:
        async with asyncio.timeout(10):
            return await self.changes.reload(name, "user:7", **options)

    @property
    def module(self) -> Any:
        return sys.modules["its_greeter.plugin"]

    @property
    def standing(self) -> tuple[PluginState, str]:
        standing = self.world.states["greeter"]
        return standing.state, standing.reason


@pytest.fixture
async def bot(world: Any, site: Any) -> Bot:
    bot = Bot(world, site)
    bot.install()
    await bot.boot()
    return bot


async def test_the_installed_code_takes_the_place_of_the_old(bot: Bot) -> None:
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


async def test_the_old_codes_tasks_end_and_the_new_ones_go_on(bot: Bot) -> None:
    bot.install(version="1.1")
    await bot.reload()
    assert [entry.name for entry in bot.world.ledger.of("greeter") if entry.kind == "task"] == ["greeter.loop#2"]


async def test_calls_that_are_going_on_finish_on_the_old_code(bot: Bot) -> None:
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


async def test_a_call_that_takes_long_does_not_hold_up_the_reload_and_is_told(bot: Bot) -> None:
    old = bot.module
    calling = asyncio.create_task(bot.world.guard.call("greeter", CallKind.COMMAND, "c", old.command, timeout=None))
    await old.entered.wait()
    bot.changes = bot.world.changes(grace=0.01)
    report = await bot.reload()
    assert report.done
    assert report.left == ("1 calls that still run",)
    old.release.set()
    assert (await calling).value == "hello"


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
    world: Any, site: Any, make_plugin: Any, replaced: tuple[str, str], said: str
) -> None:
    bot = Bot(world, site)
    bot.install()
    await bot.boot(make_plugin("other", {"coreops_settings": lambda: [Setting("TAKEN")]}))
    old, context = bot.module, world.contexts("greeter")
    tasks = asyncio.all_tasks()
    bot.install(replaced, version="1.1")
    report = await bot.reload()
    assert not report.done
    assert said in report.error
    assert bot.module is old
    assert sys.modules["its_greeter"].plugin is old
    assert sorted(world.rooms["setting"]) == [("greeter", Setting("GREETING")), ("other", Setting("TAKEN"))]
    assert world.table.one("coreops_startup", "greeter").function is old.coreops_startup
    assert world.contexts("greeter") is context
    assert old.log == ["up"]
    state, reason = bot.standing
    assert state is PluginState.ACTIVE
    assert reason.startswith("old code kept: ")
    assert world.states["greeter"].version == "1.0"
    assert asyncio.all_tasks() == tasks, "the new code's tasks have ended"
    bot.install(version="1.1")
    assert (await bot.reload()).done, "once it is mended"
    assert bot.standing == (PluginState.ACTIVE, "")


async def test_new_code_that_had_started_is_shut_down_when_it_is_rolled_back(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(sys, "kept_for_this_test", kept, raising=False)
    body = "import sys; sys.kept_for_this_test.append(reason)"
    bot.install(("log.append(reason)", body), ("HealthStatus.OK", "HealthStatus.DOWN"), version="1.1")
    assert "says down" in (await bot.reload()).error
    assert kept == ["the reload failed"]


async def test_a_plan_changes_nothing(bot: Bot) -> None:
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


async def test_a_plan_of_code_that_cannot_be_used_says_so(bot: Bot) -> None:
    old = bot.module
    bot.install(("log = []", "raise RuntimeError('at import')"), version="1.1")
    assert "at import" in (await bot.reload(plan_only=True)).error
    assert bot.module is old


async def test_changed_requirements_need_a_reboot_and_change_nothing(bot: Bot) -> None:
    old = bot.module
    bot.install(version="2.0", requires=("click>=9",))
    report = await bot.reload()
    assert not report.done
    assert report.reboot == "greeter 2.0: it requires now click>=9"
    assert bot.module is old


async def test_plugins_that_need_it_are_reloaded_with_it(world: Any, site: Any) -> None:
    child = """
from coreops_hookspecs import PluginInfo, hookimpl
from its_greeter.words import WORD

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)
"""
    bot = Bot(world, site)
    bot.install()
    manifest = 'hook-api = ">=0.1,<1"\ndepends = ["greeter"]'
    site.install("child", {"plugin.py": child}, manifest=manifest)
    await bot.boot(installed=("greeter", "child"))
    bot.install(version="1.1", word="good day")
    report = await bot.reload()
    assert report.done
    assert report.with_it == ("child",)
    assert sys.modules["its_child.plugin"].WORD == "good day"
    assert world.states["child"].state is PluginState.ACTIVE


async def test_the_order_of_calls_is_the_same_after_a_reload(bot: Bot, world: Any, make_plugin: Any) -> None:
    async def coreops_startup() -> None: ...

    world.table.register(make_plugin("zoo", {"coreops_startup": coreops_startup}), "zoo")
    before = world.table.implementers("coreops_startup")
    bot.install(version="1.1")
    await bot.reload()
    assert world.table.implementers("coreops_startup") == before == ("greeter", "zoo")


async def test_a_plugin_in_quarantine_is_out_of_it_after_a_reload(bot: Bot, world: Any) -> None:
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
    bot: Bot, world: Any
) -> None:
    bot.install(('log.append("up")', "1 / 0"), version="1.1")
    for _ in range(4):
        assert not (await bot.reload()).done
    assert bot.standing[0] is PluginState.ACTIVE
    faults: list[Fault] = world.faults
    assert {fault.what for fault in faults} == {"coreops_startup"}


async def test_a_plugin_that_asks_for_its_own_reload_does_not_wait_for_itself(bot: Bot, world: Any) -> None:
    async def command() -> PluginReload:
        return await bot.reload()

    bot.install(version="1.1")
    async with asyncio.timeout(5):
        outcome = await world.guard.call("greeter", CallKind.COMMAND, "c", command, timeout=None)
    assert outcome.value.done


async def test_what_cannot_be_reloaded_is_refused(world: Any, site: Any, make_plugin: Any) -> None:
    bot = Bot(world, site)
    bot.install()
    await bot.boot(make_plugin("given"))
    with pytest.raises(PluginRefusedError, match="handed in as an object"):
        await bot.reload("given")
    with pytest.raises(PluginRefusedError, match="no plugin 'greter'; did you mean"):
        await bot.reload("greter")
    site.uninstall("greeter")
    with pytest.raises(PluginRefusedError, match="no plugin 'greeter' is installed"):
        await bot.reload()
    bot.install(manifest='hook-api = ">=9"')
    with pytest.raises(PluginRefusedError, match="may not be loaded any more"):
        await bot.reload()
    assert bot.standing == (PluginState.ACTIVE, "")


async def test_plugins_in_one_package_are_not_reloaded_apart(world: Any, site: Any) -> None:
    bot = Bot(world, site)
    bot.install()
    info = next(site.folder.glob("its_greeter-*.dist-info"))
    (info / "entry_points.txt").write_text("[coreops]\ngreeter = its_greeter.plugin\nsecond = its_greeter.second\n")
    second = (
        'from coreops_hookspecs import *\n@hookimpl\ndef coreops_plugin_info():\n    return PluginInfo("second", "1")'
    )
    (site.folder / "its_greeter" / "second.py").write_text(second)
    await bot.boot(installed=("greeter", "second"))
    with pytest.raises(PluginRefusedError, match="shares its package with second; reboot the bot"):
        await bot.reload()
    await bot.changes.unload("second", "user:7")
    assert "its_greeter.plugin" in sys.modules, "what the other needs is kept"


async def test_one_change_is_made_after_the_other(bot: Bot) -> None:
    bot.install(version="1.1")
    reports = await asyncio.gather(bot.reload(), bot.reload(), bot.changes.unload("greeter", "user:8"))
    assert [reports[0].done, reports[1].done] == [True, True]
    assert bot.standing == (PluginState.UNLOADED, "by user:8")
    assert not [name for name in sys.modules if name.startswith("its_greeter")]


async def test_a_reload_that_is_broken_off_goes_back_to_the_old_code(bot: Bot) -> None:
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

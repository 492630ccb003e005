"""Unloading takes out everything of a plugin and says what it could not."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from coreops.plugins.discovery import discover
from coreops.plugins.guard import CallKind
from coreops.plugins.kinds import KINDS
from coreops.plugins.selection import Selection
from coreops_hookspecs import HealthCheck, Setting, Toggle
from coreops_hookspecs.errors import PluginRefusedError
from coreops_hookspecs.health import PluginState

Make = Callable[..., ModuleType]

GREETER = """
from coreops_hookspecs import PluginInfo, Setting, Toggle, hookimpl
from its_greeter.inner import words

LOG = []

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
def coreops_settings():
    return [Setting("GREETING")]

@hookimpl
async def coreops_startup(ctx):
    LOG.append("up")

@hookimpl
async def coreops_ready(ctx):
    LOG.append("ready")

@hookimpl
async def coreops_shutdown(ctx, reason):
    LOG.append(reason)
"""


async def nothing(*_: Any) -> Any:
    return None


async def booted(world: Any, *objects: object, installed: tuple[str, ...] = ()) -> Any:
    manager = world.manager()
    await manager.declare_all([each for each in discover() if each.name in installed], objects)
    manager.contribute_all(world.adders, world.holders)
    await manager.start_all()
    return world.changes(grace=0.05)


@pytest.fixture
def greeter(site: Any) -> None:
    site.install("greeter", {"plugin.py": GREETER, "inner/__init__.py": "", "inner/words.py": "WORDS = 1\n"})


def imported() -> list[str]:
    return sorted(name for name in sys.modules if name.startswith("its_greeter"))


async def test_nothing_of_an_unloaded_plugin_is_left(world: Any, greeter: None) -> None:
    changes = await booted(world, installed=("greeter",))
    assert imported() == ["its_greeter", "its_greeter.inner", "its_greeter.inner.words", "its_greeter.plugin"]
    log = sys.modules["its_greeter.plugin"].LOG
    report = await changes.unload("greeter", "user:7")
    assert (report.state, report.reason) == (PluginState.UNLOADED, "by user:7")
    assert report.contributions == {}
    assert imported() == []
    assert world.rooms["setting"] == []
    assert world.table.implementers("coreops_startup") == ()
    assert log == ["up", "unloaded by user:7"]
    assert world.changed == 1
    assert "not loaded" in world.guard.available("greeter") or "unloaded" in world.guard.available("greeter")


async def test_an_unloaded_plugin_can_be_loaded_again_from_what_is_installed_then(
    world: Any, site: Any, greeter: None
) -> None:
    changes = await booted(world, installed=("greeter",))
    await changes.unload("greeter", "user:7")
    site.install("greeter", {"plugin.py": GREETER.replace("GREETING", "SALUTE").replace(".inner", ".deep"),
                             "deep/__init__.py": "", "deep/words.py": ""}, version="1.1")  # fmt: skip
    world.ready = True
    report = await changes.load("greeter", "user:7")
    assert (report.state, report.version) == (PluginState.ACTIVE, "1.1")
    assert world.rooms["setting"] == [("greeter", Setting("SALUTE"))]
    assert imported() == ["its_greeter", "its_greeter.deep", "its_greeter.deep.words", "its_greeter.plugin"]
    assert sys.modules["its_greeter.plugin"].LOG == ["up", "ready"]
    assert world.changed == 2


async def test_a_plugin_installed_while_the_bot_runs_can_be_loaded(world: Any, greeter: None) -> None:
    changes = await booted(world)
    assert (await changes.load("greeter", "user:7")).state is PluginState.ACTIVE


async def test_a_plugin_handed_in_can_be_unloaded_and_loaded(world: Any, make_plugin: Make) -> None:
    changes = await booted(world, make_plugin("p", {"coreops_feature_toggles": lambda: [Toggle("t")]}))
    await changes.unload("p", "user:7")
    assert world.rooms["toggle"] == []
    assert (await changes.load("p", "user:7")).state is PluginState.ACTIVE
    assert len(world.rooms["toggle"]) == 1


async def test_calls_that_are_going_on_may_end_before_shutdown_is_called(world: Any, make_plugin: Make) -> None:
    log: list[str] = []
    entered, release = asyncio.Event(), asyncio.Event()

    async def command() -> None:
        entered.set()
        await release.wait()
        log.append("command ended")

    async def coreops_shutdown() -> None:
        log.append("shutdown")

    changes = world.changes(grace=5.0)
    await booted(world, make_plugin("p", {"coreops_shutdown": coreops_shutdown}))
    calling = asyncio.create_task(world.guard.call("p", CallKind.COMMAND, "c", command, timeout=None))
    await entered.wait()
    unloading = asyncio.create_task(changes.unload("p", "user:7"))
    while world.table.implementers("coreops_shutdown"):
        await asyncio.sleep(0)
    release.set()
    async with asyncio.timeout(2):
        assert (await calling).ok
        await unloading
    assert log == ["command ended", "shutdown"]


async def test_what_new_calls_come_in_by_goes_before_what_a_shutdown_stands_on(world: Any, make_plugin: Make) -> None:
    there: list[bool] = []

    async def coreops_shutdown() -> None:
        there.extend([bool(world.rooms["setting"]), bool(world.rooms["check"])])

    hooks = {
        "coreops_shutdown": coreops_shutdown,
        "coreops_settings": lambda: [Setting("KEY")],
        "coreops_health_checks": lambda: [HealthCheck("c", nothing)],
    }
    await (await booted(world, make_plugin("p", hooks))).unload("p", "user:7")
    assert there == [True, False]
    assert world.rooms["setting"] == []


async def test_a_room_that_keeps_something_is_named(
    world: Any, make_plugin: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hold(plugin: str, item: Any) -> Callable[[], None]:
        world.rooms["toggle"].append((plugin, item))
        return lambda: None

    monkeypatch.setattr(world, "adder", lambda kind: hold)
    changes = await booted(world, make_plugin("p", {"coreops_feature_toggles": lambda: [Toggle("t")]}))
    report = await changes.unload("p", "user:7")
    assert report.state is PluginState.UNLOADED
    assert report.reason.startswith("leaked: toggle")


async def test_a_removal_that_raises_is_named(world: Any, make_plugin: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck() -> None:
        raise RuntimeError("stuck")

    monkeypatch.setattr(world, "adder", lambda kind: lambda plugin, item: stuck)
    changes = await booted(world, make_plugin("p", {"coreops_settings": lambda: [Setting("KEY")]}))
    assert (await changes.unload("p", "user:7")).reason == "leaked: setting 'KEY'"


LEAKY = """
import asyncio, sys, threading
from coreops_hookspecs import PluginInfo, hookimpl

release = threading.Event()

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

async def wait():
    await asyncio.Event().wait()

async def cling():
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if release.is_set():
                raise

def sit():
    release.wait(20)

{startup}
"""
STARTUP = """
@hookimpl
async def coreops_startup(ctx):
    global kept
    {body}
"""


async def leaky(world: Any, site: Any, body: str) -> tuple[Any, ModuleType]:
    site.install("leaky", {"plugin.py": LEAKY.format(startup=STARTUP.format(body=body))})
    changes = await booted(world, installed=("leaky",))
    module = sys.modules["its_leaky.plugin"]
    return await changes.unload("leaky", "user:7"), module


async def test_a_task_started_without_the_ctx_is_found_by_its_code_and_cancelled(world: Any, site: Any) -> None:
    report, module = await leaky(world, site, "kept = asyncio.create_task(wait())")
    assert report.reason == "by user:7"
    assert module.kept.cancelled()


async def test_a_task_that_will_not_end_is_named_as_a_leak(world: Any, site: Any) -> None:
    report, module = await leaky(world, site, "kept = asyncio.create_task(cling(), name='clinging')")
    assert report.state is PluginState.UNLOADED
    assert report.reason == "leaked: task 'clinging' in its_leaky.plugin"
    module.release.set()
    module.kept.cancel()
    await asyncio.wait([module.kept], timeout=2)


async def test_a_task_that_waits_deep_inside_for_its_code_is_found(world: Any, site: Any) -> None:
    body = "kept = asyncio.ensure_future(asyncio.wait_for(asyncio.shield(wait()), 60))"
    report, _ = await leaky(world, site, body)
    assert report.reason == "by user:7"


async def test_a_thread_that_is_inside_the_plugins_code_is_named_as_a_leak(world: Any, site: Any) -> None:
    body = "kept = threading.Thread(target=sit, name='sitting'); kept.start()"
    report, module = await leaky(world, site, body)
    module.release.set()
    module.kept.join(2)
    assert report.reason == "leaked: thread 'sitting' in its_leaky.plugin"
    assert "sitting" not in {thread.name for thread in threading.enumerate()}


async def test_ops_cannot_be_unloaded(world: Any, make_plugin: Make) -> None:
    changes = await booted(world, make_plugin("ops"))
    with pytest.raises(PluginRefusedError, match="without it the bot could not be repaired"):
        await changes.unload("ops", "user:7")
    assert world.states["ops"].state is PluginState.ACTIVE


async def test_a_plugin_that_others_need_is_not_unloaded_before_them(world: Any, make_plugin: Make) -> None:
    plugins = [make_plugin("a"), make_plugin("b", depends=("a",)), make_plugin("c", depends=("b",))]
    changes = await booted(world, *plugins)
    with pytest.raises(PluginRefusedError, match="'a' is needed by b and c; unload them first"):
        await changes.unload("a", "user:7")
    for name in ("c", "b", "a"):
        assert (await changes.unload(name, "user:7")).state is PluginState.UNLOADED


async def test_what_cannot_be_done_is_refused_with_what_to_do(world: Any, make_plugin: Make, site: Any) -> None:
    changes = await booted(world, make_plugin("p"))
    with pytest.raises(PluginRefusedError, match="no plugin 'pp'; did you mean"):
        await changes.unload("pp", "user:7")
    with pytest.raises(PluginRefusedError, match="loaded already; reload it"):
        await changes.load("p", "user:7")
    with pytest.raises(PluginRefusedError, match="no plugin 'ghost' is installed"):
        await changes.load("ghost", "user:7")
    await changes.unload("p", "user:7")
    with pytest.raises(PluginRefusedError, match="'p' is not loaded, it is unloaded; load it"):
        await changes.unload("p", "user:7")


async def test_what_may_not_run_is_not_loaded(world: Any, site: Any, greeter: None) -> None:
    changes = world.changes(Selection(blocked=frozenset({"greeter"})))
    with pytest.raises(PluginRefusedError, match="COREOPS_PLUGINS_BLOCKED"):
        await changes.load("greeter", "user:7")
    site.install("greeter", {"plugin.py": "raise RuntimeError"}, manifest='hook-api = ">=9"')
    with pytest.raises(PluginRefusedError, match="update CoreOps"):
        await world.changes().load("greeter", "user:7")
    assert imported() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("LOG = []", "raise RuntimeError('at import')"), "RuntimeError: at import"),
        (('Setting("GREETING")', "3"), "returned int at position 0"),
        (('LOG.append("up")', "1 / 0"), "startup raised ZeroDivisionError"),
        (('Setting("GREETING")', 'Setting("TAKEN")'), "already contributed by plugin 'other'"),
    ],
)
async def test_a_plugin_that_cannot_be_loaded_leaves_nothing_and_says_why(
    world: Any, site: Any, make_plugin: Make, changed: tuple[str, str], said: str
) -> None:
    site.install("greeter", {"plugin.py": GREETER.replace(*changed), "inner/__init__.py": "", "inner/words.py": ""})
    changes = await booted(world, make_plugin("other", {"coreops_settings": lambda: [Setting("TAKEN")]}))
    report = await changes.load("greeter", "user:7")
    assert report.state is PluginState.FAILED
    assert said in report.reason
    assert imported() == []
    assert [owner for owner, _ in world.rooms["setting"]] == ["other"]
    site.install("greeter", {"plugin.py": GREETER, "inner/__init__.py": "", "inner/words.py": "WORDS = 1\n# grown"})
    assert (await changes.load("greeter", "user:7")).state is PluginState.ACTIVE, "once it is mended"


async def test_a_change_goes_on_when_whoever_asked_for_it_is_gone(world: Any, make_plugin: Make) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def coreops_shutdown() -> None:
        entered.set()
        await release.wait()

    changes = await booted(world, make_plugin("p", {"coreops_shutdown": coreops_shutdown}))
    asking = asyncio.create_task(changes.unload("p", "user:7"))
    await entered.wait()
    asking.cancel()
    await asyncio.wait([asking])
    release.set()
    with pytest.raises(PluginRefusedError, match="not loaded, it is unloaded"):
        await changes.unload("p", "user:8")
    assert world.states["p"].reason == "by user:7"


def test_every_kind_of_contribution_is_either_an_inlet_or_what_calls_stand_on() -> None:
    from coreops.plugins.contributions import INLETS

    assert {kind.name for kind in KINDS} - INLETS == {"hook", "setting", "texts", "toggle", "bucket"}

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from coreops.plugins.changes import PluginChanges
from coreops.plugins.discovery import discover
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
def installed(world: Any, site: Any) -> Bot:
    """The room with the plugin installed, and nothing loaded yet."""
    bot = Bot(world, site)
    bot.install()
    return bot


@pytest.fixture
async def bot(installed: Bot) -> Bot:
    """The room with the plugin running."""
    await installed.boot()
    return installed

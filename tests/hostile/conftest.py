"""A plugin that behaves, with which the hostile ones share a runtime, and deadlines that end soon."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import lightbulb
import pytest

from coreops.plugins.deadlines import Deadlines
from coreops_hookspecs import Capability, Command, PluginInfo, access, hookimpl

SCALE = 1 / 50
"""A hook's 30 s become 0.6 s; everything that happens meanwhile takes as long as ever."""


@access.user
class Good(lightbulb.SlashCommand, name="good", description="Answers"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("all is well")


class GoodPlugin:
    @hookimpl
    def coreops_plugin_info(self) -> PluginInfo:
        return PluginInfo("good", "1.0")

    @hookimpl
    def coreops_commands(self) -> list[Command]:
        return [Command(Good)]


class Hostile:
    """Does nothing yet."""

    @hookimpl
    def coreops_plugin_info(self) -> PluginInfo:
        return PluginInfo("hostile", "1.0", needs=frozenset({Capability.HTTP}))


@pytest.fixture
def hostile() -> type:
    """What a hostile plugin is made from."""
    return Hostile


@pytest.fixture
def good() -> object:
    return GoodPlugin()


@pytest.fixture
def bad_command() -> Callable[[Callable[[lightbulb.Context], Any]], Command]:
    """Make the command `bad`, which does its worst."""

    def make(body: Callable[[lightbulb.Context], Any]) -> Command:
        @access.user
        class Bad(lightbulb.SlashCommand, name="bad", description="Does its worst"):
            @lightbulb.invoke
            async def invoke(self, ctx: lightbulb.Context) -> None:
                await body(ctx)

        return Command(Bad)

    return make


@pytest.fixture
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every deadline of plugin code pass sooner."""
    usual = Deadlines.open

    def sooner(self: Deadlines, timeout: float, *tasks: asyncio.Task[Any], **more: Any) -> Any:
        return usual(self, timeout * SCALE, *tasks, **more)

    monkeypatch.setattr(Deadlines, "open", sooner)


@pytest.fixture
def answers() -> Callable[[Any], Awaitable[None]]:
    """Prove that the good plugin answers on both surfaces, each within a second."""

    async def prove(bot: Any) -> None:
        for ask in (lambda: bot.chat.say("!good"), lambda: bot.chat.slash("good")):
            async with asyncio.timeout(1.0):
                exchange = await ask()
            assert exchange.text == "all is well"

    return prove


@pytest.fixture
def meanwhile(answers: Callable[[Any], Awaitable[None]]) -> Callable[..., Awaitable[Any]]:
    """Await something that a hostile plugin disturbs, with the good one asked again and again until it is over."""

    async def prove(bot: Any, disturbed: Awaitable[Any]) -> Any:
        task = asyncio.ensure_future(disturbed)
        await answers(bot)
        async with asyncio.timeout(20):
            while not task.done():
                await answers(bot)
        await answers(bot)
        return task.result()

    return prove


@pytest.fixture
def report() -> Callable[[Any, str], Any]:
    """What is publicly known of a plugin."""

    def find(bot: Any, name: str) -> Any:
        (found,) = [each for each in bot.running.plugins() if each.name == name]
        return found

    return find

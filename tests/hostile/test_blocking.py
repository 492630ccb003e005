"""Plugins that hold the event loop are caught in the act: who, where, for how long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import hikari
import lightbulb
import pytest

from coreops_hookspecs import Capability, Command, JobSpec, Listener, PluginInfo, access, hookimpl, telemetry

HELD = 0.5


def hold() -> None:
    time.sleep(HELD)


@access.user
class Block(lightbulb.SlashCommand, name="block", description="Holds the loop"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        hold()
        await ctx.respond("done")


class Blocks:
    """Holds the loop wherever it is called."""

    def __init__(self, *, startup: bool = False) -> None:
        self.startup = startup

    @hookimpl
    def coreops_plugin_info(self) -> PluginInfo:
        return PluginInfo("blocks", "1.0", needs=frozenset({Capability.MESSAGE_CONTENT, Capability.SCHEDULER}))

    @hookimpl
    async def coreops_startup(self, ctx: Any) -> None:
        if self.startup:
            hold()

    @hookimpl
    def coreops_commands(self) -> list[Command]:
        return [Command(Block)]

    @hookimpl
    def coreops_listeners(self) -> list[Listener]:
        async def heard(ctx: Any, event: hikari.MessageCreateEvent) -> None:
            if event.content == "!ops ping":
                hold()

        return [Listener(hikari.MessageCreateEvent, heard)]

    @hookimpl
    def coreops_jobs(self) -> list[JobSpec]:
        async def run(ctx: Any) -> None:
            hold()

        return [JobSpec("blocks.hold", run, every=timedelta(days=1))]


WAYS: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "command": lambda bot: bot.chat.slash("block"),
    "listener": lambda bot: bot.chat.say("!ops ping"),
    "job": lambda bot: bot.running.run_job("blocks.hold"),
    "startup": lambda bot: asyncio.sleep(0),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_plugin_that_holds_the_loop_is_named_with_file_line_and_duration(
    boot: Any, good: object, answers: Callable[..., Any], report: Callable[..., Any], way: str
) -> None:
    bot = await boot(plugins=[Blocks(startup=way == "startup"), good])
    await WAYS[way](bot)
    async with asyncio.timeout(10):
        while not (found := report(bot, "blocks")).blocks:
            await asyncio.sleep(0.01)
    block = found.last_block
    line = hold.__code__.co_firstlineno + 1
    assert (block.file, block.line, block.function) == ("hostile/test_blocking.py", line, "hold")
    assert block.duration == pytest.approx(HELD, abs=0.4)
    assert abs((datetime.now(UTC) - block.at).total_seconds()) < 60
    assert found.loop_time >= HELD
    await answers(bot)
    assert report(bot, "good").blocks == 0
    (told,) = [each for each in bot.running.app.ground.bus.recent() if isinstance(each, telemetry.WatchdogSignal)]
    assert (told.signal, told.plugin, told.file, told.line) == ("loop held", "blocks", block.file, line)
    assert told.duration == block.duration
    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/health") as response:
        (shown,) = [each for each in (await response.json())["plugins"] if each["name"] == "blocks"]
    assert (shown["last_block"]["line"], shown["blocks"]) == (line, 1)

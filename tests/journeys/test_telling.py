"""Everything that the catalogue of events names happens once, and every tagged log line of it is of one grammar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import lightbulb
import loguru
import pytest

from coreops.telemetry.lines import TAGS, parse
from coreops_hookspecs import Capability, Command, JobSpec, PluginInfo, access, hookimpl, telemetry
from coreops_hookspecs.telemetry import Event

KINDS = {
    name
    for name, kind in vars(telemetry).items()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
NOTES = {"recruitment": {"notes": "tag,text\nOLD,theirs\n"}}
QUICK = {"WATCHDOG_CHECK_SEC": "0.1", "WATCHDOG_DISCONNECT_GRACE_SEC": "0.3"}


@access.user
class Break(lightbulb.SlashCommand, name="break", description="Fail"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        msg = "a line\nof its own [cron] event=forged"
        raise RuntimeError(msg)


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.fixture
def listener(heard: list[Event]) -> Any:
    """A plugin that hears every event."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("listener", "1.0")

    @hookimpl
    async def coreops_telemetry(ctx: Any, event: Event) -> None:
        heard.append(event)

    return SimpleNamespace(coreops_plugin_info=coreops_plugin_info, coreops_telemetry=coreops_telemetry)


@pytest.fixture
def brittle() -> Any:
    """A plugin that notes something on record, and breaks when it is asked."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("brittle", "1.0", needs=frozenset({Capability.SCHEDULER}))

    @hookimpl
    def coreops_commands() -> list[Command]:
        return [Command(Break)]

    @hookimpl
    def coreops_jobs() -> list[JobSpec]:
        async def note(ctx: Any) -> None:
            ctx.telemetry.note("counted", rows=3)

        return [JobSpec("brittle.note", note, cron="0 0 1 1 *")]

    return SimpleNamespace(
        coreops_plugin_info=coreops_plugin_info, coreops_commands=coreops_commands, coreops_jobs=coreops_jobs
    )


@pytest.fixture
def tagged() -> Iterator[list[str]]:
    """Every message of the log that begins with a bracket."""
    found: list[str] = []

    def keep(message: Any) -> None:
        if message.record["message"].startswith("["):
            found.append(message.record["message"])

    sink = loguru.logger.add(keep, level="INFO", format="{message}")
    yield found
    loguru.logger.remove(sink)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)


async def test_each_event_of_the_catalogue_is_told_and_each_tagged_line_can_be_read_back(
    boot: Any, listener: Any, brittle: Any, writer: Any, heard: list[Event], tagged: list[str]
) -> None:
    bot = await boot(plugins=["recruitment", listener, brittle, writer], workbook=NOTES, env=QUICK)
    await bot.running.run_job("brittle.note")
    await bot.running.run_job("writer.write")
    await bot.chat.say("!ops reload", as_="admin")
    await bot.chat.say("!ops refresh nonsense", as_="admin")
    await bot.chat.say("!ops plugins reload recruitment --plan", as_="admin")
    for _ in range(5):
        await bot.chat.slash("break", as_="user")
    bot.sandbox.faults.add("gateway.refuse", seconds=1.0)
    bot.sandbox.faults.add("gateway.drop")
    await until(lambda: any(isinstance(event, telemetry.WatchdogSignal) for event in heard))
    await bot.stop()
    assert KINDS - {type(event).__name__ for event in heard} == set()
    read = [parse(text) for text in tagged]
    assert {tag for tag, _ in read} == TAGS - {"sheets"}
    assert all(next(iter(pairs)) == "event" for _, pairs in read)
    faults = [pairs["error"] for _, pairs in read if pairs["event"] == "fault"]
    assert faults == ["RuntimeError: a line of its own [cron] event=forged"] * 5

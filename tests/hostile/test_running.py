"""Plugins that do their worst once they run. The one beside them answers throughout, each time within a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import (
    Capability,
    Command,
    ConfigDiff,
    PluginInfo,
    PluginState,
    RefreshResult,
    ToggleState,
    hookimpl,
    telemetry,
)

Given = Callable[..., Any]


@pytest.mark.usefixtures("short_deadlines")
@pytest.mark.parametrize("hook", ["coreops_startup", "coreops_ready", "coreops_telemetry"])
async def test_a_hook_that_hangs_while_the_runtime_starts_meets_its_deadline(
    boot: Any, hostile: type, good: object, answers: Given, report: Given, hook: str
) -> None:
    class Hangs(hostile):
        pass

    async def hang_ctx(self: object, ctx: Any) -> None:
        await asyncio.Event().wait()

    async def hang_event(self: object, event: Any) -> None:
        await asyncio.Event().wait()

    setattr(Hangs, hook, hookimpl(hang_event if hook == "coreops_telemetry" else hang_ctx))
    bot = await boot(plugins=[Hangs(), good])
    await answers(bot)
    told = report(bot, "hostile")
    assert told.faults >= 1
    assert (told.state is PluginState.FAILED) is (hook == "coreops_startup")


@pytest.fixture
def hangs_later(hostile: type, bad_command: Given) -> object:
    class HangsLater(hostile):
        """Hangs in every hook that is called after the start."""

        @hookimpl
        async def coreops_reloaded(self, ctx: Any, diff: Any) -> None:
            await asyncio.Event().wait()

        @hookimpl
        async def coreops_refreshed(self, ctx: Any, result: Any) -> None:
            await asyncio.Event().wait()

        @hookimpl
        async def coreops_toggle_changed(self, ctx: Any, name: str, enabled: bool) -> None:
            await asyncio.Event().wait()

        @hookimpl
        async def coreops_watchdog(self, ctx: Any, event: Any) -> None:
            await asyncio.Event().wait()

        @hookimpl
        async def coreops_command_error(self, ctx: Any, command: Any, error: Any) -> None:
            await asyncio.Event().wait()

        @hookimpl
        async def coreops_shutdown(self, ctx: Any, reason: str) -> None:
            await asyncio.Event().wait()

        @hookimpl
        def coreops_commands(self) -> list[Command]:
            async def fail(_: lightbulb.Context) -> None:
                raise ValueError("broken")

            return [bad_command(fail)]

    return HangsLater()


TRIGGERS: dict[str, Callable[[Any], Any]] = {
    "reloaded": lambda bot: bot.running.app.ground.plugins.events.reloaded(ConfigDiff(changed=("KEY",))),
    "refreshed": lambda bot: bot.running.app.ground.plugins.events.refreshed(
        RefreshResult("bucket", True, 0.1, 0, "cron", "", 1, 0)
    ),
    "toggle_changed": lambda bot: bot.running.app.ground.plugins.events.switched([ToggleState("toggle", True, "")]),
    "watchdog": lambda bot: bot.running.app.ground.plugins.events.observed(
        telemetry.WatchdogSignal(at=datetime.now(UTC), signal="test", action="none")
    ),
    "command_error": lambda bot: bot.chat.slash("bad"),
    "shutdown": lambda bot: bot.running.unload("hostile"),
}


@pytest.mark.usefixtures("short_deadlines")
@pytest.mark.parametrize("hook", TRIGGERS)
async def test_a_hook_that_hangs_later_meets_its_deadline_and_nobody_waits_for_it(
    boot: Any, good: object, meanwhile: Given, report: Given, hangs_later: object, hook: str
) -> None:
    bot = await boot(plugins=[hangs_later, good])
    await meanwhile(bot, TRIGGERS[hook](bot))
    assert report(bot, "hostile").faults >= 1


async def test_a_command_that_blocks_the_loop_delays_the_others_no_longer_than_it_blocks(
    boot: Any, hostile: type, good: object, meanwhile: Given, bad_command: Given
) -> None:
    async def block(ctx: lightbulb.Context) -> None:
        time.sleep(0.4)
        await ctx.respond("blocked")

    class Blocks(hostile):
        @hookimpl
        def coreops_commands(self) -> list[Command]:
            return [bad_command(block)]

    bot = await boot(plugins=[Blocks(), good])
    assert (await meanwhile(bot, bot.chat.slash("bad"))).text == "blocked"


LEAKS = """
import asyncio
from coreops_hookspecs import PluginInfo, hookimpl

LEAKED = []

async def for_ever():
    await asyncio.Event().wait()

@hookimpl
def coreops_plugin_info():
    return PluginInfo("hostile", "1.0")

@hookimpl
async def coreops_startup(ctx):
    LEAKED.extend(asyncio.create_task(for_ever(), name=f"leak {number}") for number in range(100))
    LEAKED.append(ctx.tasks.start(for_ever(), name="kept"))
"""


async def test_tasks_that_leak_past_the_context_are_ended_with_their_plugin(
    boot: Any, good: object, meanwhile: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaks_tasks.py").write_text(LEAKS)
    monkeypatch.syspath_prepend(tmp_path)
    leaks = import_module("leaks_tasks")
    bot = await boot(plugins=[leaks, good])
    told = await meanwhile(bot, bot.running.unload("hostile"))
    assert told.reason == "by test"
    assert len(leaks.LEAKED) == 101
    assert all(task.done() for task in leaks.LEAKED)


async def test_tasks_that_leak_from_an_object_that_was_handed_in_are_ended_with_it(
    boot: Any, hostile: type, good: object, meanwhile: Given
) -> None:
    class Leaks(hostile):
        def __init__(self) -> None:
            self.leaked: list[asyncio.Task[None]] = []

        @hookimpl
        async def coreops_startup(self, ctx: Any) -> None:
            async def nested() -> None:
                await asyncio.Event().wait()

            self.leaked = [asyncio.create_task(self.wait()), asyncio.create_task(nested())]

        async def wait(self) -> None:
            await asyncio.Event().wait()

    leaks = Leaks()
    bot = await boot(plugins=[leaks, good])
    told = await meanwhile(bot, bot.running.unload("hostile"))
    assert told.reason == "by test"
    assert all(task.cancelled() for task in leaks.leaked)


async def test_a_plugin_that_closes_its_session_closes_nobody_elses(
    boot: Any, hostile: type, good: object, answers: Given
) -> None:
    class Other(hostile):
        @hookimpl
        def coreops_plugin_info(self) -> PluginInfo:
            return PluginInfo("other", "1.0", needs=frozenset({Capability.HTTP}))

        @hookimpl
        async def coreops_startup(self, ctx: Any) -> None:
            self.ctx, self.session = ctx, ctx.http.session

    class Closes(Other):
        @hookimpl
        def coreops_plugin_info(self) -> PluginInfo:
            return PluginInfo("closes", "1.0", needs=frozenset({Capability.HTTP}))

        @hookimpl
        async def coreops_ready(self, ctx: Any) -> None:
            await ctx.http.session.close()

    other, closes = Other(), Closes()
    bot = await boot(plugins=[closes, other, good])
    await answers(bot)
    assert closes.session.closed
    assert not other.session.closed
    assert not closes.ctx.http.session.closed, "the next use gets a new one"

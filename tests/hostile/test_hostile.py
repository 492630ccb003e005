"""Plugins that do their worst. The one beside them answers throughout, each time within a second."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
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
    HealthCheck,
    PluginInfo,
    PluginState,
    RefreshResult,
    Setting,
    Toggle,
    ToggleState,
    access,
    hookimpl,
    telemetry,
)

Given = Callable[..., Any]


class Hostile:
    """Does nothing yet."""

    @hookimpl
    def coreops_plugin_info(self) -> PluginInfo:
        return PluginInfo("hostile", "1.0", needs=frozenset({Capability.HTTP}))


async def for_ever(*_: object) -> None:
    await asyncio.Event().wait()


def command(body: Callable[[lightbulb.Context], Any]) -> Command:
    @access.user
    class Bad(lightbulb.SlashCommand, name="bad", description="Does its worst"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await body(ctx)

    return Command(Bad)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Install a plugin that is one module; returns its name."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(site)

    def install(text: str) -> str:
        info = site / "hostile-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[coreops]\nhostile = hostile_at_import\n")
        (site / "hostile_at_import.py").write_text(text)
        (site / "hostile_at_import.coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
        return "hostile"

    yield install
    sys.modules.pop("hostile_at_import", None)


@pytest.mark.parametrize(
    "ends", ["raise SystemExit(3)", "import sys; sys.exit()", "raise KeyboardInterrupt", "raise GeneratorExit"]
)
async def test_a_plugin_that_ends_the_process_at_import_only_ends_itself(
    boot: Any, good: object, answers: Given, report: Given, installed: Callable[[str], str], ends: str
) -> None:
    bot = await boot(plugins=[installed(ends), good])
    await answers(bot)
    assert report(bot, "hostile").state is PluginState.FAILED


@pytest.fixture
def short_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreops.plugins.loader.DEADLINE", 1.0)


HANGS_AT_IMPORT = {
    "spins": "while True:\n    pass\n",
    "waits": "import threading\nthreading.Event().wait(2)\n",
    "declares": """
from coreops_hookspecs import PluginInfo, hookimpl

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
def coreops_commands():
    while True:
        pass
""",
}


@pytest.mark.usefixtures("short_load")
@pytest.mark.parametrize("how", HANGS_AT_IMPORT)
async def test_a_plugin_that_hangs_while_it_is_loaded_at_boot_is_given_up_and_named_with_its_line(
    boot: Any, good: object, answers: Given, report: Given, installed: Callable[[str], str], how: str
) -> None:
    bot = await boot(plugins=[installed(HANGS_AT_IMPORT[how]), good])
    await answers(bot)
    told = report(bot, "hostile")
    assert told.state is PluginState.FAILED
    assert "did not end within 1 s at hostile_at_import:" in told.reason
    async with asyncio.timeout(5):
        while any(thread.name == "loading hostile" for thread in threading.enumerate()):
            await asyncio.sleep(0.01)
    assert "hostile_at_import" not in sys.modules


@pytest.mark.usefixtures("short_load")
async def test_a_plugin_that_hangs_while_it_is_loaded_later_disturbs_nobody(
    boot: Any, good: object, meanwhile: Given, installed: Callable[[str], str]
) -> None:
    bot = await boot(plugins=[good])
    load = bot.running.app.ground.plugins.changes.load(installed(HANGS_AT_IMPORT["spins"]), "user:1")
    assert (await meanwhile(bot, load)).state is PluginState.FAILED


@pytest.mark.usefixtures("short_deadlines")
@pytest.mark.parametrize("hook", ["coreops_startup", "coreops_ready", "coreops_telemetry"])
async def test_a_hook_that_hangs_while_the_runtime_starts_meets_its_deadline(
    boot: Any, good: object, answers: Given, report: Given, hook: str
) -> None:
    class Hangs(Hostile):
        pass

    async def hang_ctx(self: object, ctx: Any) -> None:
        await for_ever()

    async def hang_event(self: object, event: Any) -> None:
        await for_ever()

    setattr(Hangs, hook, hookimpl(hang_event if hook == "coreops_telemetry" else hang_ctx))
    bot = await boot(plugins=[Hangs(), good])
    await answers(bot)
    told = report(bot, "hostile")
    assert told.faults >= 1
    assert (told.state is PluginState.FAILED) is (hook == "coreops_startup")


class HangsLater(Hostile):
    """Hangs in every hook that is called after the start."""

    @hookimpl
    async def coreops_reloaded(self, ctx: Any, diff: Any) -> None:
        await for_ever()

    @hookimpl
    async def coreops_refreshed(self, ctx: Any, result: Any) -> None:
        await for_ever()

    @hookimpl
    async def coreops_toggle_changed(self, ctx: Any, name: str, enabled: bool) -> None:
        await for_ever()

    @hookimpl
    async def coreops_watchdog(self, ctx: Any, event: Any) -> None:
        await for_ever()

    @hookimpl
    async def coreops_command_error(self, ctx: Any, command: Any, error: Any) -> None:
        await for_ever()

    @hookimpl
    async def coreops_shutdown(self, ctx: Any, reason: str) -> None:
        await for_ever()

    @hookimpl
    def coreops_commands(self) -> list[Command]:
        async def fail(_: lightbulb.Context) -> None:
            raise ValueError("broken")

        return [command(fail)]


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
    boot: Any, good: object, meanwhile: Given, report: Given, hook: str
) -> None:
    bot = await boot(plugins=[HangsLater(), good])
    await meanwhile(bot, TRIGGERS[hook](bot))
    assert report(bot, "hostile").faults >= 1


async def test_a_command_that_blocks_the_loop_delays_the_others_no_longer_than_it_blocks(
    boot: Any, good: object, meanwhile: Given, report: Given
) -> None:
    async def block(ctx: lightbulb.Context) -> None:
        time.sleep(0.4)
        await ctx.respond("blocked")

    class Blocks(Hostile):
        @hookimpl
        def coreops_commands(self) -> list[Command]:
            return [command(block)]

    bot = await boot(plugins=[Blocks(), good])
    assert (await meanwhile(bot, bot.chat.slash("bad"))).text == "blocked"


WRONG: dict[str, Any] = {
    "coreops_settings": "text",
    "coreops_feature_toggles": 42,
    "coreops_cache_buckets": [object()],
    "coreops_commands": [Toggle("no command")],
    "coreops_listeners": {"a": "mapping"},
    "coreops_jobs": [None],
    "coreops_health_checks": (each for each in range(3)),
    "coreops_http_routes": [Setting("NO_ROUTE")],
    "coreops_plugin_info": PluginInfo("Not A Name", "1.0"),
}


@pytest.mark.parametrize("hook", WRONG)
async def test_a_hook_that_returns_a_wrong_type_fails_its_plugin_alone(
    boot: Any, good: object, answers: Given, hook: str
) -> None:
    class Wrong(Hostile):
        pass

    setattr(Wrong, hook, hookimpl(lambda self: WRONG[hook]))
    bot = await boot(plugins=[Wrong(), good])
    await answers(bot)
    states = {each.name: each.state for each in bot.running.plugins()}
    assert states.pop("good") is PluginState.ACTIVE
    assert states.pop("ops") is PluginState.ACTIVE
    assert list(states.values()) == [PluginState.FAILED]


async def test_a_plugin_that_is_refused_half_way_leaves_nothing_of_its_first_half(
    boot: Any, good: object, answers: Given, report: Given
) -> None:
    class Half(Hostile):
        @hookimpl
        def coreops_settings(self) -> list[Setting]:
            return [Setting("HALF_A_SETTING", default="1")]

        @hookimpl
        def coreops_health_checks(self) -> list[HealthCheck]:
            return [HealthCheck("half", for_ever)]

        @hookimpl
        def coreops_commands(self) -> list[Command]:
            async def nothing(_: lightbulb.Context) -> None: ...

            return [command(nothing), command(nothing)]

    bot = await boot(plugins=[Half(), good])
    await answers(bot)
    told = report(bot, "hostile")
    assert told.state is PluginState.FAILED
    assert told.contributions == {}
    assert "HALF_A_SETTING" not in {each.key for each in bot.running.app.ground.registry.describe()}
    assert "bad" not in {each["name"] for each in (await bot.chat.state())["commands"]}


async def test_ten_thousand_commands_are_refused_and_the_others_are_served(
    boot: Any, good: object, answers: Given, report: Given
) -> None:
    async def invoke(self: object, ctx: lightbulb.Context) -> None: ...

    def made(number: int) -> Command:
        name = f"bad-{number}"
        body = {"invoke": lightbulb.invoke(invoke)}
        made_class = type(lightbulb.SlashCommand)("Bad", (lightbulb.SlashCommand,), body, name=name, description="Bad")
        return Command(access.user(made_class))

    class Many(Hostile):
        @hookimpl
        def coreops_commands(self) -> list[Command]:
            return [made(number) for number in range(10_000)]

    bot = await boot(plugins=[Many(), good])
    await answers(bot)
    assert report(bot, "hostile").state is PluginState.FAILED
    assert {each["name"] for each in (await bot.chat.state())["commands"]} == {"ops", "good"}


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
    boot: Any, good: object, meanwhile: Given
) -> None:
    class Leaks(Hostile):
        def __init__(self) -> None:
            self.leaked: list[asyncio.Task[None]] = []

        @hookimpl
        async def coreops_startup(self, ctx: Any) -> None:
            async def nested() -> None:
                await for_ever()

            self.leaked = [asyncio.create_task(self.wait()), asyncio.create_task(nested())]

        async def wait(self) -> None:
            await for_ever()

    leaks = Leaks()
    bot = await boot(plugins=[leaks, good])
    told = await meanwhile(bot, bot.running.unload("hostile"))
    assert told.reason == "by test"
    assert all(task.cancelled() for task in leaks.leaked)


async def test_a_plugin_that_closes_its_session_closes_nobody_elses(boot: Any, good: object, answers: Given) -> None:
    class Other(Hostile):
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

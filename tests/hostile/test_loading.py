"""Plugins that do their worst at import and in what they declare; the one beside them answers within a second."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import (
    Command,
    HealthCheck,
    PluginInfo,
    PluginState,
    Setting,
    Toggle,
    access,
    hookimpl,
)

Given = Callable[..., Any]


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
    boot: Any, hostile: type, good: object, answers: Given, hook: str
) -> None:
    class Wrong(hostile):
        pass

    setattr(Wrong, hook, hookimpl(lambda self: WRONG[hook]))
    bot = await boot(plugins=[Wrong(), good])
    await answers(bot)
    states = {each.name: each.state for each in bot.running.plugins()}
    assert states.pop("good") is PluginState.ACTIVE
    assert states.pop("ops") is PluginState.ACTIVE
    assert list(states.values()) == [PluginState.FAILED]


async def test_a_plugin_that_is_refused_half_way_leaves_nothing_of_its_first_half(
    boot: Any, hostile: type, good: object, answers: Given, report: Given, bad_command: Given
) -> None:
    class Half(hostile):
        @hookimpl
        def coreops_settings(self) -> list[Setting]:
            return [Setting("HALF_A_SETTING", default="1")]

        @hookimpl
        def coreops_health_checks(self) -> list[HealthCheck]:
            async def wait(_: object) -> None:
                await asyncio.Event().wait()

            return [HealthCheck("half", wait)]

        @hookimpl
        def coreops_commands(self) -> list[Command]:
            async def nothing(_: lightbulb.Context) -> None: ...

            return [bad_command(nothing), bad_command(nothing)]

    bot = await boot(plugins=[Half(), good])
    await answers(bot)
    told = report(bot, "hostile")
    assert told.state is PluginState.FAILED
    assert told.contributions == {}
    assert "HALF_A_SETTING" not in {each.key for each in bot.running.app.ground.registry.describe()}
    assert "bad" not in {each["name"] for each in (await bot.chat.state())["commands"]}


async def test_ten_thousand_commands_are_refused_and_the_others_are_served(
    boot: Any, hostile: type, good: object, answers: Given, report: Given
) -> None:
    async def invoke(self: object, ctx: lightbulb.Context) -> None: ...

    def made(number: int) -> Command:
        name = f"bad-{number}"
        body = {"invoke": lightbulb.invoke(invoke)}
        made_class = type(lightbulb.SlashCommand)("Bad", (lightbulb.SlashCommand,), body, name=name, description="Bad")
        return Command(access.user(made_class))

    class Many(hostile):
        @hookimpl
        def coreops_commands(self) -> list[Command]:
            return [made(number) for number in range(10_000)]

    bot = await boot(plugins=[Many(), good])
    await answers(bot)
    assert report(bot, "hostile").state is PluginState.FAILED
    assert {each["name"] for each in (await bot.chat.state())["commands"]} == {"ops", "good"}

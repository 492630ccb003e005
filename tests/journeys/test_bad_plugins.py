"""One bad plugin never stops the others, and its failure is visible wherever one looks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.chat import Persona

PLUGINS = {
    "bad_import": "raise RuntimeError('broken at import')",
    "bad_startup": """
        from coreops_hookspecs import PluginInfo, hookimpl

        @hookimpl
        def coreops_plugin_info() -> PluginInfo:
            return PluginInfo("bad_startup", "1.0")

        @hookimpl
        async def coreops_startup(ctx) -> None:
            raise RuntimeError("broken in startup")
    """,
    "bad_command": """
        import lightbulb
        from coreops_hookspecs import Command, PluginInfo, access, hookimpl

        @access.user
        class Broken(lightbulb.SlashCommand, name="broken", description="raises"):
            @lightbulb.invoke
            async def invoke(self, ctx: lightbulb.Context) -> None:
                raise RuntimeError("broken in a command")

        @hookimpl
        def coreops_plugin_info() -> PluginInfo:
            return PluginInfo("bad_command", "1.0")

        @hookimpl
        def coreops_commands():
            return [Command(Broken)]
    """,
    "bad_hook": """
        from coreops_hookspecs import PluginInfo, hookimpl, hookspec

        @hookspec
        def coreops_elsewhere_asked(ctx, *what):
            pass

        @hookimpl
        def coreops_plugin_info() -> PluginInfo:
            return PluginInfo("bad_hook", "1.0")

        @hookimpl
        def coreops_addhooks():
            return [coreops_elsewhere_asked]
    """,
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Put the bad plugins on the path as installed distributions with entry points."""

    def put() -> None:
        site = tmp_path / "site"
        for name, body in PLUGINS.items():
            (site / name).mkdir(parents=True)
            (site / name / "__init__.py").write_text(dedent(body))
            (site / name / "coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
            info = site / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (info / "entry_points.txt").write_text(f"[coreops]\n{name} = {name}\n")
        monkeypatch.syspath_prepend(site)
        monkeypatch.setenv("PYTHONPATH", str(site))

    return put


async def test_bad_plugins_fail_alone_and_visibly(boot: Any, install: Callable[[], None]) -> None:
    install()
    bot = await boot()
    chat = bot.chat

    tag = str((await chat.autocomplete("clan", "tag", ""))[0].value)
    assert tag in (await chat.slash("clan", options={"tag": tag})).text, "the good plugin serves"

    for exchange in (await chat.slash("broken"), await chat.say("!broken")):
        assert "broken in a command" not in exchange.text, "the error itself is for the log"
        assert "reference" in exchange.text.lower()

    told = (await chat.slash("ops plugins show", as_=Persona.STAFF)).text
    assert "broken at import" in told
    assert "broken in startup" in told

    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/health") as response:
        health = await response.json()
    plugins = {plugin["name"]: plugin for plugin in health["plugins"]}
    assert plugins["bad_import"]["state"] == "failed"
    assert "broken in startup" in plugins["bad_startup"]["reason"]
    assert plugins["bad_command"]["faults"] == 2
    assert plugins["recruitment"]["state"] == "active"
    assert health["status"] == "degraded"


async def test_a_command_that_keeps_failing_is_quarantined_and_says_so(boot: Any, install: Callable[[], None]) -> None:
    install()
    bot = await boot()
    for _ in range(5):
        await bot.chat.slash("broken")
    answer = (await bot.chat.slash("broken")).text.lower()
    assert "unavailable" in answer
    assert "reference" in answer
    assert "quarantined" in (await bot.chat.slash("ops plugins show", as_=Persona.STAFF)).text.lower()
    assert (await bot.chat.slash("ops ping")).error is None


async def test_why_a_hook_cannot_be_added_is_told_alike_everywhere(
    boot: Any, install: Callable[[], None], coreops: Any
) -> None:
    install()
    bot = await boot()
    reason = (
        "hook coreops_elsewhere_asked of plugin 'bad_hook' cannot be added: its name must begin with "
        "coreops_bad_hook_; write it with async def; write its arguments plainly, without * and defaults"
    )
    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/health") as response:
        plugins = {plugin["name"]: plugin for plugin in (await response.json())["plugins"]}
    assert (plugins["bad_hook"]["state"], plugins["bad_hook"]["reason"]) == ("failed", reason)
    for asked in (
        bot.chat.say("!ops plugins bad_hook", as_=Persona.STAFF),
        bot.chat.slash("ops plugins show", as_=Persona.STAFF),
    ):
        assert reason in (await asked).text
    for order in (("list", "--live", "--json"), ("info", "bad_hook", "--live")):
        _, told, _ = await coreops(bot, "plugins", *order)
        assert reason in " ".join(told.split()), order


def test_the_command_line_lists_bad_plugins_without_importing_them(install: Callable[[], None]) -> None:
    install()
    command = [sys.executable, "-m", "coreops", "plugins", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    listed = {plugin["name"]: plugin for plugin in json.loads(done.stdout)}
    assert set(PLUGINS) <= set(listed)
    assert listed["bad_import"]["state"] == "discovered"

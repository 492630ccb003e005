"""The fixtures as an author uses them, with the real runtime behind."""

from __future__ import annotations

import csv
from pathlib import Path

import aiohttp
import lightbulb
import pytest

from coreops_hookspecs import Command, PluginInfo, access, hookimpl
from coreops_sandbox.launcher import on_google
from coreops_sandbox.pytest_plugin import Boot
from coreops_sandbox.server import Sandbox


@access.user
class Hello(lightbulb.SlashCommand, name="hello", description="Greets"):
    who = lightbulb.string("who", "Whom to greet")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"Hello, {self.who}!")


class Plugin:
    @hookimpl
    def coreops_plugin_info(self) -> PluginInfo:
        return PluginInfo("hello", "1.0")

    @hookimpl
    def coreops_commands(self) -> list[Command]:
        return [Command(Hello, rest="who")]


async def test_boot_serves_a_plugin_on_every_surface(boot: Boot) -> None:
    bot = await boot(plugins=[Plugin()])

    said = await bot.chat.say("!hello Ada Lovelace")
    asked = await bot.chat.slash("hello", options={"who": "Ada Lovelace"})

    assert said.text == asked.text == "Hello, Ada Lovelace!"


async def test_boot_lays_tabs_over_the_sample_and_settings_over_its_own(boot: Boot, tmp_path: Path) -> None:
    state = tmp_path / "elsewhere"
    bot = await boot(
        plugins=[Plugin()],
        workbook={"recruitment": {"clans": [["clan_tag"], ["NEW"]]}},
        env={"COREOPS_STATE_DIR": str(state)},
    )

    assert bot.state_dir == state
    with (tmp_path / "workbook" / "recruitment" / "clans.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"clan_tag": "NEW"}]


async def test_a_bot_can_be_stopped_before_the_test_ends(boot: Boot, sandbox: Sandbox) -> None:
    bot = await boot(plugins=[Plugin()])
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{bot.http_url}/ready") as response:
            assert response.status == 200

        await bot.stop()

        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{bot.http_url}/ready")
    assert not (await bot.chat.state())["bot"]["connected"]


async def test_a_setting_that_cannot_be_used_fails_the_test_with_its_name(boot: Boot) -> None:
    with pytest.raises(Exception, match="LOG_LEVEL"):
        await boot(plugins=[Plugin()], env={"LOG_LEVEL": "LOUD"})


async def test_a_runtime_reads_the_sandboxs_google_instead_of_a_folder(boot: Boot, sandbox: Sandbox) -> None:
    clans = sandbox.google.spreadsheets.named("recruitment").tab("clans")
    assert clans is not None
    clans.put(1, 1, "Beyond Google")

    bot = await boot(env=on_google(sandbox))

    assert (await bot.chat.say("!clan emb")).embed.title == "Beyond Google [EMB]"
    assert sandbox.google.quota.used("", "read") > 0

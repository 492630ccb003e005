"""The operator's commands on a running bot, by every surface."""

from __future__ import annotations

import re
import struct
from types import SimpleNamespace
from typing import Any

import aiohttp
import lightbulb
import pytest

from coreops_hookspecs import Command, HealthStatus, PluginInfo, access, hookimpl


@access.admin
class Secret(lightbulb.SlashCommand, name="secret", description="For admins"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("secret")


def demo(*, breaks: bool = False) -> Any:
    """Return a plugin object with one command for admins under ``ops``."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("demo", "2.0")

    @hookimpl
    def coreops_commands() -> list[Command]:
        return [Command(Secret, mount="ops", section="Secrets", examples=("now",))]

    @hookimpl
    async def coreops_startup(ctx: Any) -> None:
        if breaks:
            msg = "no good"
            raise RuntimeError(msg)

    return SimpleNamespace(
        coreops_plugin_info=coreops_plugin_info, coreops_commands=coreops_commands, coreops_startup=coreops_startup
    )


SURFACES = ("slash", "prefix", "mention")


async def ask(bot: Any, surface: str, name: str, as_: str = "staff") -> Any:
    if surface == "slash":
        return await bot.chat.slash(name, as_=as_)
    lead = "!" if surface == "prefix" else f"<@{(await bot.chat.state())['bot']['id']}> "
    return await bot.chat.say(f"{lead}{name}", as_=as_)


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot(plugins=[demo()])


@pytest.mark.parametrize("surface", SURFACES)
async def test_ping_answers_everybody(bot: Any, surface: str) -> None:
    assert (await ask(bot, surface, "ops ping", "user")).text.startswith("🏓 Pong · gateway ")


@pytest.mark.parametrize("surface", SURFACES)
async def test_health_shows_the_runtime_to_staff(bot: Any, surface: str) -> None:
    card = (await ask(bot, surface, "ops health")).embed
    assert card.title == "CoreOps · all is well"
    assert card.field("Environment") == "sandbox"
    assert card.field("Plugins") == "2 of 2 serving"
    assert card.footer.text.startswith("Bot v")


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_health_tells_on_request_which_part_changed_when_and_why(bot: Any, surface: str) -> None:
    bot.running.app.ground.health.set_component("printer", HealthStatus.OK, critical=False)
    bot.running.app.ground.health.set_component("printer", HealthStatus.DEGRADED, "out of paper", critical=False)
    if surface == "slash":
        card = (await bot.chat.slash("ops health", as_="staff", options={"history": True})).embed
    else:
        card = (await bot.chat.say("!ops health --history", as_="staff")).embed
    assert card.title == "CoreOps · what changed"
    first, second, *_ = card.description.splitlines()
    assert first.endswith("**printer** ok → ⚠️ degraded")
    assert second == "because: `out of paper`"


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_the_digest_tells_of_each_plugin_and_the_error_budget_with_a_picture(bot: Any, surface: str) -> None:
    await bot.chat.say("!ops ping", as_="user")
    exchange = await ask(bot, surface, "ops digest")
    assert exchange.embed.title == "CoreOps · digest"
    assert "**demo** active since" in exchange.embed.field("Plugins")
    assert "commands: 0 of 1 failed in 30 d, 100% left" in exchange.embed.field("Error budget")
    async with aiohttp.ClientSession() as session, session.get(exchange.embed.image.url) as answer:
        picture = await answer.read()
    # RFC 2083: the signature, then the length and name of the header, then width and height
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (704, 528)


async def test_health_and_plugins_are_for_staff(bot: Any) -> None:
    for name in ("ops health", "ops plugins"):
        assert "Staff only." in (await bot.chat.say(f"!{name}", as_="user")).text


async def test_a_plugin_that_failed_is_told_by_health_and_plugins(boot: Any) -> None:
    bot = await boot(plugins=[demo(breaks=True)])
    health = await bot.chat.say("!ops health", as_="staff")
    assert "**plugin demo failed**" in health.text
    assert "no good" in health.text
    listed = await bot.chat.say("!ops plugins", as_="staff")
    assert "❌ **demo** 2.0 · failed" in listed.text
    assert "no good" in listed.text
    page = await bot.chat.say("!ops plugins demo", as_="staff")
    assert page.embed.title == "❌ demo · failed"


async def test_plugins_shows_one_in_detail(bot: Any) -> None:
    card = (await bot.chat.slash("ops plugins show", as_="staff", options={"name": "demo"})).embed
    assert card.title == "✅ demo · active"
    assert card.field("Contributes") == "1 command"


async def test_an_unknown_plugin_is_answered_with_the_one_that_is_close(bot: Any) -> None:
    assert "Did you mean `demo`?" in (await bot.chat.say("!ops plugins dmeo", as_="staff")).text


async def test_plugin_names_are_suggested(bot: Any) -> None:
    choices = await bot.chat.autocomplete("ops plugins show", "name", "de", as_="staff")
    assert [choice.name for choice in choices] == ["demo"]


@pytest.mark.parametrize("said", ["!ops", "!ops help", "!ops help ops"])
async def test_help_lists_what_the_caller_may_run_and_no_more(bot: Any, said: str) -> None:
    for_user = (await bot.chat.say(said, as_="user")).text
    assert "`!ops ping` · `/ops ping`" in for_user
    assert "health" not in for_user
    assert "secret" not in for_user
    for_admin = await bot.chat.say(said, as_="admin")
    assert "`!ops secret` · `/ops secret`" in for_admin.embed.field("Secrets")


async def test_help_counts_what_is_hidden(bot: Any) -> None:
    assert re.search(r"\d+ more are not for you here\.", (await bot.chat.say("!ops help", as_="user")).text)
    assert "more" not in (await bot.chat.say("!ops help", as_="admin")).embed.description


@pytest.mark.parametrize("wanted", ["ops plugins", "!ops  plugins", "/OPS plugins"])
async def test_help_of_a_group_lists_its_commands(bot: Any, wanted: str) -> None:
    card = (await bot.chat.say(f"!ops help {wanted}", as_="admin")).embed
    assert card.title == "Commands in ops plugins"
    assert "`!ops plugins [name]` · `/ops plugins show [name:<name>]`" in card.field("Operations")
    assert "`!ops plugins reload <name> [--plan]`" in card.field("Operations")
    hidden = (await bot.chat.say(f"!ops help {wanted}", as_="staff")).embed.field("Hidden")
    assert "`ops plugins reload` tier: needs admin, has staff" in hidden


@pytest.mark.parametrize("wanted", ["ops plugins show", "!ops  plugins show", "/OPS plugins show"])
async def test_help_explains_one_command(bot: Any, wanted: str) -> None:
    card = (await bot.chat.say(f"!ops help {wanted}", as_="staff")).embed
    assert card.title == "ops plugins show"
    assert card.field("As a message") == "`!ops plugins [name]`"
    assert card.field("As a slash command") == "`/ops plugins show [name:<name>]`"
    assert card.field("Who") == "staff and above"
    assert "optional" in card.field("Options")


async def test_help_shows_examples(bot: Any) -> None:
    card = (await bot.chat.say("!ops help ops secret", as_="admin")).embed
    assert card.field("Examples") == "`!ops secret now`"


async def test_help_for_an_unknown_or_hidden_command_suggests_only_what_may_be_run(bot: Any) -> None:
    assert "Did you mean `ops ping`?" in (await bot.chat.say("!ops help pign", as_="user")).text
    refused = (await bot.chat.say("!ops help ops secret", as_="user")).text
    assert "You can run no command of that name." in refused
    assert "`ops secret`" not in refused


async def test_commands_are_suggested_to_whoever_may_run_them(bot: Any) -> None:
    for person, names in (("user", ["ops ping"]), ("staff", ["ops ping", "ops plugins show"])):
        choices = await bot.chat.autocomplete("ops help", "command", "ops p", as_=person)
        assert [choice.name for choice in choices] == names

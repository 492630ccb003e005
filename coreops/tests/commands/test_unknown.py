"""What is said to a message that leads to no command, and when nothing is."""

from __future__ import annotations

from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import Command, access
from coreops_sandbox.world.seed import SEED


def group() -> lightbulb.Group:
    ops = lightbulb.Group("ops", "Operations")

    @ops.register
    @access.user
    class Help(lightbulb.SlashCommand, name="help", description="Help"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("the help")

    @ops.register
    @access.staff
    class Health(lightbulb.SlashCommand, name="health", description="Health"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("the health")

    return ops


@access.user
class Clan(lightbulb.SlashCommand, name="clan", description="Clan"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("the clan")


@pytest.mark.parametrize("text", ["!ops", f"<@{SEED.bot}>", f"<@{SEED.bot}> ops", "!OPS HELP"])
async def test_a_group_or_a_mention_by_itself_is_answered_with_help(bench: Any, text: str) -> None:
    await bench.start(group(), Clan)
    assert (await bench.chat.say(text)).text == "the help"


@access.user
class Show(lightbulb.SlashCommand, name="show", description="Show"):
    what = lightbulb.string("what", "What", default="")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"shown {self.what}")


@access.user
class Reload(lightbulb.SlashCommand, name="reload", description="Reload"):
    what = lightbulb.string("what", "What")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"reloaded {self.what}")


async def test_a_group_with_a_default_answers_with_it_and_knows_a_misspelt_command(bench: Any) -> None:
    parts = lightbulb.Group("parts", "Parts")
    parts.register(Show)
    parts.register(Reload)
    await bench.start(Command(parts, default="show"))
    assert (await bench.chat.say("!parts")).text == "shown"
    assert (await bench.chat.say("!parts engine")).text == "shown engine"
    assert (await bench.chat.say("!parts reload engine")).text == "reloaded engine"
    assert (await bench.chat.slash("parts show", options={"what": "engine"})).text == "shown engine"
    misspelt = (await bench.chat.say("!parts relod engine")).text
    assert "There is no command `!parts relod`. Did you mean `!parts reload`" in misspelt


async def test_an_unknown_word_in_a_group_is_answered_with_what_is_close(bench: Any) -> None:
    await bench.start(group(), Clan)
    answer = await bench.chat.say("!ops helth", as_="staff")
    assert "There is no command `!ops helth`. Did you mean `!ops health`" in answer.text
    assert "`!ops help` lists what you can run" in answer.text


async def test_suggestions_name_nothing_that_the_caller_may_not_run(bench: Any) -> None:
    await bench.start(group(), Clan)
    answer = await bench.chat.say("!ops helth", as_="user")
    assert "There is no command `!ops helth`" in answer.text
    assert "!ops health" not in answer.text


async def test_an_unknown_first_word_is_answered_only_when_it_is_close(bench: Any) -> None:
    await bench.start(group(), Clan)
    assert "Did you mean `!clan`" in (await bench.chat.say("!cln")).text
    for text in ("!play a song", "! clan", "clan", "hello !clan", "!", "!!clan"):
        assert (await bench.brief.say(text)).replies == (), text


async def test_an_unknown_word_after_a_mention_is_answered(bench: Any) -> None:
    await bench.start(group(), Clan)
    assert "There is no command `!dance`" in (await bench.chat.say(f"<@{SEED.bot}> dance")).text


async def test_a_group_without_help_lists_what_is_in_it(bench: Any) -> None:
    sheets = lightbulb.Group("sheets", "Sheets")

    @sheets.register
    @access.user
    class Check(lightbulb.SlashCommand, name="check", description="Check"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("checked")

    await bench.start(group(), Command(sheets, mount="ops"))
    assert (await bench.chat.say("!ops sheets check")).text == "checked"
    assert (await bench.chat.slash("ops sheets check")).text == "checked"
    assert "`!ops sheets check`" in (await bench.chat.say("!ops sheets")).text


async def test_markup_and_mentions_in_an_unknown_command_are_defused(bench: Any) -> None:
    await bench.start(group())
    answer = await bench.chat.say("!ops `**@everyone**`")
    assert "`!ops '**@everyone**'`" in answer.text


async def test_bots_are_not_heard(bench: Any) -> None:
    await bench.start(Clan)
    await bench.gateway.rest.create_message(int(SEED.ops), "!clan")
    assert (await bench.chat.say("!clan")).text == "the clan"
    assert [record.actor for record in bench.records] == [f"user:{SEED.user}"]

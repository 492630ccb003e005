"""One class answers as slash command, as prefix command and to a mention."""

from __future__ import annotations

from typing import Any

import lightbulb

from coreops_hookspecs import access
from coreops_sandbox.world.seed import SEED

ops = lightbulb.Group("ops", "Operations")


@ops.register
@access.user
class Ping(lightbulb.SlashCommand, name="ping", description="Answer"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"pong {type(ctx.interaction).__name__}")


async def test_one_class_answers_slash_prefix_and_mention(bench: Any) -> None:
    await bench.start(ops)
    slash = await bench.chat.slash("ops ping")
    prefix = await bench.chat.say("!ops ping")
    mention = await bench.chat.say(f"<@{SEED.bot}> ops ping")
    assert slash.text == "pong CommandInteraction"
    assert prefix.text == "pong MessageInteraction"
    assert mention.text == "pong MessageInteraction"
    assert [record.surface for record in bench.records] == ["slash", "prefix", "prefix"]

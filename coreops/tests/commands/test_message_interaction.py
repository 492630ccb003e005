"""A message is an interaction whose dear parts are made when somebody asks for them."""

from __future__ import annotations

from typing import Any

import lightbulb
import pytest

from coreops.commands.message_interaction import MessageInteraction
from coreops_hookspecs import Texts, access


@access.staff
class Look(lightbulb.SlashCommand, name="look", description="Look at what was built before it ran"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        assert isinstance(ctx.interaction, MessageInteraction)
        await ctx.respond(f"built: {ctx.interaction.message._built}")


@pytest.mark.parametrize("language", ["", "de"])
async def test_a_handler_that_asks_for_nothing_is_run_before_any_entity_is_built(bench: Any, language: str) -> None:
    bench.language = language
    bench.catalogue.add("demo", Texts("de", {}))
    await bench.start(Look)
    assert (await bench.chat.say("!look", as_="staff")).reply.text == "built: None"

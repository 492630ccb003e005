"""The command ``clan``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Cache, Commands, Controls, access
from coreops_recruitment.card import clan_message
from coreops_recruitment.clans import clans

__all__ = ["ShowClan"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], cache: Cache = lightbulb.di.INJECTED) -> None:
    found = clans(cache).holding(str(ctx.focused.value or ""))
    await ctx.respond([(f"{clan.clan_tag} · {clan.clan_name}"[:100], clan.clan_tag) for clan in found[:25]])


@access.user
class ShowClan(lightbulb.SlashCommand, name="clan", description="Show a clan's card"):
    """Finds a clan by tag, by name, or by another name of the tab ``clan_tags``."""

    tag = lightbulb.string("tag", "The clan's tag or name", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache, commands: Commands, controls: Controls) -> None:
        """Answer with the card, or with the tags that are close."""
        none = commands.say("I know no clan of that tag or name.")
        clan = clans(cache).wanted(self.tag, none, say=commands.say)
        await ctx.respond(**clan_message(clan, "profile", cache.status("clans"), commands, controls))

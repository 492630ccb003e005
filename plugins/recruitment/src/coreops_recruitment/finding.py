"""The commands ``clansearch`` and ``clanmatch``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import PluginContext, Tier, access
from coreops_recruitment.browse import MATCH, SEARCH, browse_message
from coreops_recruitment.search import Filter, bracket_of

__all__ = ["MatchClans", "SearchClans"]


@access.user
class SearchClans(lightbulb.SlashCommand, name="clansearch", description="Find a clan that has room for you"):
    """Lists clans with open spots, with menus to choose by."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with the clans that have room."""
        await ctx.respond(**await browse_message(SEARCH, Filter(), core))


@access.requires(Tier.STAFF, groups=("recruiter", "lead"))
class MatchClans(lightbulb.SlashCommand, name="clanmatch", description="Find clans for a recruit"):
    """Lists clans with what a recruiter needs to know, whom to ask among it."""

    level = lightbulb.integer("level", "Level that the clan should have about", default=None, min_value=1)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with the clans of that level that have room."""
        wanted = Filter() if self.level is None else Filter(bracket=bracket_of(self.level).key)
        await ctx.respond(**await browse_message(MATCH, wanted, core))

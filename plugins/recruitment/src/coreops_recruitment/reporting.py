"""The command ``report recruiters``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import PluginContext, Tier, access
from coreops_recruitment.update import compose

__all__ = ["ReportRecruiters"]


@access.requires(Tier.STAFF, groups=("lead",))
class ReportRecruiters(lightbulb.SlashCommand, name="recruiters", description="Open spots, and what changed"):
    """Shows here and now what the daily report posts into the recruiters' channel."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with the report."""
        await ctx.respond(**await compose(core))

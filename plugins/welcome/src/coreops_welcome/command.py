"""The command ``welcome``."""

from __future__ import annotations

import hikari
import lightbulb

from coreops_hookspecs import Cache, PluginContext, Tier, access
from coreops_welcome.clans import Clan, matching, wanted_clan
from coreops_welcome.greeting import Words, channel_of, compose, post
from coreops_welcome.templates import template_for

__all__ = ["Welcome"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], cache: Cache = lightbulb.di.INJECTED) -> None:
    found = matching(cache, str(ctx.focused.value or ""))
    await ctx.respond([(f"{clan.clan_tag} · {clan.clan_name}"[:100], clan.clan_tag) for clan in found])


@access.requires(Tier.STAFF, groups=("recruiter", "lead"))
class Welcome(lightbulb.SlashCommand, name="welcome", description="Post the welcome of a clan"):
    """Posts the clan's text and crest into its channel, or into the general one."""

    clan = lightbulb.string("clan", "The clan's tag or name", autocomplete=_suggest)
    member = lightbulb.user("member", "Who is welcomed", default=None)
    note = lightbulb.string("note", "Fills {note} in the text", default="", max_length=500)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Post the welcome and answer with where it is."""
        clan = wanted_clan(core.cache, self.clan)
        template = template_for(core.cache, clan.clan_tag)
        words = _words(clan, self.member, self.note)
        channel = channel_of(template, core)
        await ctx.defer(ephemeral=True)
        message = await post(core, channel, compose(template, words, core.commands))
        core.telemetry.note("welcome.posted", clan=clan.clan_tag, channel=str(channel), member=str(words.member or ""))
        notes = [line for name in ("clans", "welcome_templates") for line in core.cache.status(name).age_note(name)]
        await ctx.respond("\n".join([f"Posted in <#{channel}>: {message.make_link(ctx.guild_id)}", *notes]))


def _words(clan: Clan, member: hikari.User | None, note: str) -> Words:
    return Words(
        member=None if member is None else int(member.id),
        clan=clan.clan_name,
        tag=clan.clan_tag,
        leader=clan.leader,
        note=note,
        crest_url=clan.crest_url,
    )

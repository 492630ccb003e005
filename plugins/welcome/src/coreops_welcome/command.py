"""The command ``welcome``."""

from __future__ import annotations

import hikari
import lightbulb

from coreops_hookspecs import Cache, PluginContext, Tier, access
from coreops_hookspecs.errors import UnavailableError, UpstreamError
from coreops_welcome.clans import Clan, clans
from coreops_welcome.greeting import Words, channel_of, compose, post, post_notice
from coreops_welcome.templates import template_for

__all__ = ["Welcome"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], cache: Cache = lightbulb.di.INJECTED) -> None:
    found = clans(cache).holding(str(ctx.focused.value or ""))
    await ctx.respond([(f"{clan.clan_tag} · {clan.clan_name}"[:100], clan.clan_tag) for clan in found[:25]])


@access.requires(Tier.STAFF, groups=("recruiter", "lead"))
class Welcome(lightbulb.SlashCommand, name="welcome", description="Post the welcome of a clan"):
    """Posts the clan's text and crest into its channel, or into the general one."""

    clan = lightbulb.string("clan", "The clan's tag or name", autocomplete=_suggest)
    member = lightbulb.user("member", "Who is welcomed", default=None)
    note = lightbulb.string("note", "Fills {note} in the text", default="", max_length=500)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Post the welcome and answer with where it is."""
        none = core.commands.say("I know no clan of that tag or name.")
        clan = clans(core.cache).wanted(self.clan, none, say=core.commands.say)
        template = template_for(core.cache, core.commands, clan.clan_tag)
        channel = channel_of(template, core)
        words = _words(clan, self.member, self.note, channel)
        await ctx.defer(ephemeral=True)
        message = await post(core, channel, compose(template, words, core.commands))
        core.telemetry.note("welcome.posted", clan=clan.clan_tag, channel=str(channel), member=str(words.member or ""))
        link = message.make_link(ctx.guild_id)
        told = [core.commands.say("Posted in <#{channel}>: [look at it]({link})", channel=channel, link=link)]
        for name in ("clans", "welcome_templates"):
            told += core.cache.status(name).age_note(name, say=core.commands.say)
        await ctx.respond("\n".join([*told, *await _notice(core, words)]))


async def _notice(core: PluginContext, words: Words) -> list[str]:
    """Post the notice for everybody, and return what to tell of it; the welcome itself stands by now."""
    try:
        channel = await post_notice(core, words)
    except (UnavailableError, UpstreamError) as error:
        core.log.warning("the notice of a welcome was not posted", clan=words.tag, reason=str(error))
        return [core.commands.say("The notice for everybody is missing.") + f" {error.user_message}"]
    return [] if channel is None else [core.commands.say("Noted in <#{channel}>, too.", channel=channel)]


def _words(clan: Clan, member: hikari.User | None, note: str, channel: int) -> Words:
    return Words(
        member=None if member is None else int(member.id),
        clan=clan.clan_name,
        tag=clan.clan_tag,
        leader=clan.leader,
        note=note,
        crest_url=clan.crest_url,
        channel=channel,
    )

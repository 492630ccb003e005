"""The commands ``reserve add``, ``reserve extend`` and ``reserve release``."""

from __future__ import annotations

import hikari
import lightbulb

from coreops_hookspecs import PluginContext, Severity, Tier, access
from coreops_placement.book import Clan, age_notes, open_book
from coreops_placement.days import Days
from coreops_placement.desk import change, held, reserve, up_to_date
from coreops_placement.records import ACTIVE, RELEASED, Reservation
from coreops_placement.wording import hold_words, room

__all__ = ["Extend", "Release", "Reserve", "suggest_clan"]

recruiters = access.requires(Tier.STAFF, groups=("recruiter", "lead"))


async def suggest_clan(ctx: lightbulb.AutocompleteContext[str], core: PluginContext = lightbulb.di.INJECTED) -> None:
    """Suggest clans while somebody types, with how many places are free."""
    await ctx.respond(open_book(core).offered(str(ctx.focused.value or ""), core.commands))


@recruiters
class Reserve(lightbulb.SlashCommand, name="add", description="Hold a place in a clan for somebody"):
    """What ``reserve`` means by itself in a message: ``!reserve EMB @somebody 5``."""

    clan = lightbulb.string("clan", "The clan's tag or name", autocomplete=suggest_clan)
    member: hikari.User = lightbulb.user("member", "For whom")
    until = lightbulb.string("until", "Last day, as 2026-12-01, or a number of days", default="")
    note = lightbulb.string("note", "A few words for recruiters", default="")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Hold the place, and answer with what is left."""
        asked = core.commands.invocation
        await up_to_date(core, asked.actor)
        clan = open_book(core).wanted(self.clan, core.commands)
        hold = Reservation(
            # of the message or interaction that asked: asked again, it is the same reservation
            reservation_id=str(int(ctx.interaction.id)),
            clan_tag=clan.clan_tag,
            member_id=str(int(self.member.id)),
            until=Days.of(core.config).chosen(self.until, core.now(), core.commands.say).isoformat(),
            status=ACTIVE,
            member_name=self.member.username,
            by=str(asked.user_id),
            created_at=core.now().isoformat(timespec="seconds"),
            note=self.note.strip()[:200],
        )
        await reserve(core, hold)
        core.commands.changed(_what(hold), "none", f"{ACTIVE} until {hold.until}")
        core.telemetry.note("placement.reserved", clan=clan.clan_tag, reservation=hold.reservation_id)
        await _answer(ctx, core, core.commands.say("Reserved"), clan, hold)


@recruiters
class Extend(lightbulb.SlashCommand, name="extend", description="Hold a place for longer, or for less long"):
    """Moves the last day of a hold."""

    clan = lightbulb.string("clan", "The clan's tag or name", autocomplete=suggest_clan)
    member: hikari.User = lightbulb.user("member", "For whom it is held")
    until = lightbulb.string("until", "New last day, as 2026-12-01, or days from today", default="")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Move the day, and answer with the hold as it is now."""
        clan, hold = await _find(core, self.clan, self.member)
        until = Days.of(core.config).chosen(self.until, core.now(), core.commands.say)
        new = await change(core, hold, until=until)
        core.commands.changed(_what(hold), f"until {hold.until}", f"until {new.until}")
        core.telemetry.note("placement.extended", clan=clan.clan_tag, reservation=hold.reservation_id)
        await _answer(ctx, core, core.commands.say("Extended"), clan, new)


@recruiters
class Release(lightbulb.SlashCommand, name="release", description="Hold a place no longer"):
    """Gives a place free before its time."""

    clan = lightbulb.string("clan", "The clan's tag or name", autocomplete=suggest_clan)
    member: hikari.User = lightbulb.user("member", "For whom it is held")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Release the place, and answer with what is free now."""
        clan, hold = await _find(core, self.clan, self.member)
        new = await change(core, hold, status=RELEASED)
        core.commands.changed(_what(hold), f"{ACTIVE} until {hold.until}", RELEASED)
        core.telemetry.note("placement.released", clan=clan.clan_tag, reservation=hold.reservation_id)
        await _answer(ctx, core, core.commands.say("Released"), clan, new)


async def _find(core: PluginContext, clan: str, member: hikari.User) -> tuple[Clan, Reservation]:
    await up_to_date(core, core.commands.invocation.actor)
    book = open_book(core)
    found = book.wanted(clan, core.commands)
    return found, held(book, found, str(int(member.id)), core.commands.say)


async def _answer(ctx: lightbulb.Context, core: PluginContext, what: str, clan: Clan, hold: Reservation) -> None:
    say = core.commands.say
    lines = [hold_words(hold, Days.of(core.config), say), room(open_book(core), clan, say), *age_notes(core.cache, say)]
    title = f"{what} · {clan.clan_name} [{clan.clan_tag}]"
    await ctx.respond(embed=core.commands.card(title, lines, severity=Severity.OK))


def _what(hold: Reservation) -> str:
    return f"reservation {hold.clan_tag} user:{hold.member_id}"

"""The command ``reservations``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import CardField, PluginContext
from coreops_placement.book import Book, Clan, age_notes, open_book
from coreops_placement.days import Days
from coreops_placement.reserving import recruiters, suggest_clan
from coreops_placement.wording import Say, hold_words, room

__all__ = ["Reservations"]


@recruiters
class Reservations(lightbulb.SlashCommand, name="reservations", description="List which places are held for whom"):
    """Lists the holds of a clan, or of all that have any, with what is free."""

    clan = lightbulb.string("clan", "The clan's tag or name", default="", autocomplete=suggest_clan)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with the holds, those that end first before the others."""
        book, days, say = open_book(core), Days.of(core.config), core.commands.say
        if self.clan.strip():
            clan = book.wanted(self.clan, core.commands)
            lines = [
                room(book, clan, say),
                *(hold_words(hold, days, say) for hold in book.of(clan)),
                *age_notes(core.cache, say),
            ]
            await core.commands.show(ctx, say("Reservations") + f" · {clan.clan_name} [{clan.clan_tag}]", lines)
            return
        lines = [_summary(book, say), *age_notes(core.cache, say)]
        await core.commands.show(ctx, say("Reservations"), lines, fields=_fields(book, days, say))


def _summary(book: Book, say: Say) -> str:
    if not book.holds:
        return say("No place is held for anybody. `reserve <clan> <member>` holds one.")
    return say("**{count}** held", count=len(book.holds))


def _fields(book: Book, days: Days, say: Say) -> list[CardField]:
    fields = [_field(book, clan, days, say) for clan in book.clans.rows if book.of(clan)]
    lost = [
        f"{hold.clan_tag}: {hold_words(hold, days, say)}"
        for hold in book.holds
        if book.clans.get(hold.clan_tag) is None
    ]
    return [*fields, CardField(say("In clans that are not in the list"), lost)] if lost else fields


def _field(book: Book, clan: Clan, days: Days, say: Say) -> CardField:
    free = say("{count} of {most} free", count=book.free(clan), most=clan.open_spots)
    heading = f"{clan.clan_name} [{clan.clan_tag}] · {free}"
    return CardField(heading, [hold_words(hold, days, say) for hold in book.of(clan)])

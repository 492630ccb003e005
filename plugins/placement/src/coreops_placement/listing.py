"""The command ``reservations``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import CardField, PluginContext
from coreops_placement.book import Book, Clan, age_notes, open_book
from coreops_placement.days import Days
from coreops_placement.reserving import recruiters, suggest_clan
from coreops_placement.wording import hold_words, room

__all__ = ["Reservations"]


@recruiters
class Reservations(lightbulb.SlashCommand, name="reservations", description="List which places are held for whom"):
    """Lists the holds of a clan, or of all that have any, with what is free."""

    clan = lightbulb.string("clan", "The clan's tag or name", default="", autocomplete=suggest_clan)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with the holds, those that end first before the others."""
        book, days = open_book(core), Days.of(core.config)
        if self.clan.strip():
            clan = book.wanted(self.clan)
            lines = [room(book, clan), *(hold_words(hold, days) for hold in book.of(clan)), *age_notes(core.cache)]
            await core.commands.show(ctx, f"Reservations · {clan.clan_name} [{clan.clan_tag}]", lines)
            return
        lines = [_summary(book), *age_notes(core.cache)]
        await core.commands.show(ctx, "Reservations", lines, fields=_fields(book, days))


def _summary(book: Book) -> str:
    if not book.holds:
        return "No place is held for anybody. `reserve <clan> <member>` holds one."
    return f"**{len(book.holds)}** held"


def _fields(book: Book, days: Days) -> list[CardField]:
    fields = [_field(book, clan, days) for clan in book.clans.rows if book.of(clan)]
    lost = [
        f"{hold.clan_tag}: {hold_words(hold, days)}" for hold in book.holds if book.clans.get(hold.clan_tag) is None
    ]
    return [*fields, CardField("In clans that are not in the list", lost)] if lost else fields


def _field(book: Book, clan: Clan, days: Days) -> CardField:
    heading = f"{clan.clan_name} [{clan.clan_tag}] · {book.free(clan)} of {clan.open_spots} free"
    return CardField(heading, [hold_words(hold, days) for hold in book.of(clan)])

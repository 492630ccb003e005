"""Holds and rooms in words."""

from __future__ import annotations

from collections.abc import Callable

from coreops_placement.book import Book, Clan
from coreops_placement.days import Days
from coreops_placement.records import ACTIVE, EXPIRED, Reservation

__all__ = ["Say", "hold_words", "room"]

Say = Callable[..., str]


def hold_words(hold: Reservation, days: Days, say: Say) -> str:
    """Return a hold as a line: for whom, how long, by whom, and its note."""
    parts = [f"{hold.member} {_end(hold, days, say)}"]
    if hold.by.isdecimal():
        parts.append(say("by {who}", who=f"<@{hold.by}>"))
    return " · ".join([*parts, *([hold.note] if hold.note else [])])


def room(book: Book, clan: Clan, say: Say) -> str:
    """Return how much room a clan has."""
    holds = len(book.of(clan))
    told = say(
        "**{free}** free: {open} open, {holds} reserved", free=book.free(clan), open=clan.open_spots, holds=holds
    )
    if holds <= clan.open_spots:
        return told
    return f"{told}; " + say("{count} more held than open", count=holds - clan.open_spots)


def _end(hold: Reservation, days: Days, say: Say) -> str:
    state = hold.status.casefold()
    if state != ACTIVE:
        return say("expired") if state == EXPIRED else say("released")
    return say("until {day} ({when})", day=hold.until, when=f"<t:{int(days.end(hold.last_day).timestamp())}:R>")

"""Holds and rooms in words."""

from __future__ import annotations

from coreops_placement.book import Book, Clan
from coreops_placement.days import Days
from coreops_placement.records import Reservation

__all__ = ["hold_words", "room"]


def hold_words(hold: Reservation, days: Days) -> str:
    """Return a hold as a line: for whom, how long, by whom, and its note."""
    end = f"until {hold.until} (<t:{int(days.end(hold.last_day).timestamp())}:R>)" if hold.active else hold.status
    by = f" · by <@{hold.by}>" if hold.by.isdecimal() else ""
    return f"{hold.member} {end}{by}" + (f" · {hold.note}" if hold.note else "")


def room(book: Book, clan: Clan) -> str:
    """Return how much room a clan has."""
    holds = len(book.of(clan))
    more = f"; {holds - clan.open_spots} more held than open" if holds > clan.open_spots else ""
    return f"**{book.free(clan)}** free: {clan.open_spots} open, {holds} reserved{more}"

"""Choosing clans by level, boss, mode and open spots. Pure: a filter, its text for a button, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

from coreops_recruitment.clans import Clan

__all__ = ["BRACKETS", "PAGE_SIZE", "Bracket", "Filter", "Page", "bracket_of", "choices", "digest", "search"]

PAGE_SIZE: Final = 5


@dataclass(frozen=True, slots=True)
class Bracket:
    """A range of clan levels, both ends included. ``last`` is ``None`` where it has no upper end."""

    key: str
    first: int
    last: int | None

    @property
    def label(self) -> str:
        """``10-14``, or ``25+``."""
        return f"{self.first}+" if self.last is None else f"{self.first}-{self.last}"

    def holds(self, level: int) -> bool:
        """Tell whether a level is in the range; the lowest range holds what is below it too."""
        return (level >= self.first or self.first == 1) and (self.last is None or level <= self.last)


BRACKETS: Final = (
    Bracket("a", 1, 9),
    Bracket("b", 10, 14),
    Bracket("c", 15, 19),
    Bracket("d", 20, 24),
    Bracket("e", 25, None),
)


def bracket_of(level: int) -> Bracket:
    """Return the range that a level is in."""
    return next(bracket for bracket in BRACKETS if bracket.holds(level))


def digest(value: str) -> str:
    """Return a text as eight characters: a custom id has little room (Discord docs, Component Reference)."""
    return f"{crc32(value.casefold().encode()):08x}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for.

    Args:
        bracket: Key of a level range; empty for all.
        boss: Digest of a boss; empty for all. A digest fits a button whatever the sheet calls it.
        mode: Digest of a mode; empty for all.
        spots: Least number of open spots.
        page: Counted from 0.
    """

    bracket: str = ""
    boss: str = ""
    mode: str = ""
    spots: int = 1
    page: int = 0

    def encode(self) -> str:
        """Return it as text of at most 30 characters."""
        return "|".join((self.bracket, self.boss, self.mode, str(self.spots), str(self.page)))

    @classmethod
    def decode(cls, text: str) -> Filter:
        """Return what :meth:`encode` made; the text is sealed, so nobody else made it."""
        bracket, boss, mode, spots, page = text.split("|")
        return cls(bracket, boss, mode, int(spots), int(page))

    def with_(self, **changes: str | int) -> Filter:
        """Return it with other criteria, at the first page unless one is given."""
        return replace(self, **{"page": 0, **changes})  # type: ignore[arg-type]

    def admits(self, clan: Clan) -> bool:
        """Tell whether a clan is what is looked for."""
        return (
            (not self.bracket or bracket_of(clan.level).key == self.bracket)
            and (not self.boss or digest(clan.boss) == self.boss)
            and (not self.mode or digest(clan.mode) == self.mode)
            and clan.open_spots >= self.spots
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found. ``number`` is counted from 0 and within ``pages``, whatever page was asked for."""

    clans: Sequence[Clan]
    number: int
    pages: int
    found: int


def search(rows: Iterable[Clan], wanted: Filter) -> Page:
    """Return the page of a filter: clans with most room first, then by level and tag."""
    found = sorted(
        (clan for clan in rows if wanted.admits(clan)), key=lambda clan: (-clan.open_spots, -clan.level, clan.clan_tag)
    )
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(wanted.page, 0), pages - 1)
    return Page(found[number * PAGE_SIZE :][:PAGE_SIZE], number, pages, len(found))


def choices(rows: Iterable[Clan], field: Callable[[Clan], str], limit: int = 24) -> list[str]:
    """Return the texts that stand in a column, once each whatever their case; a menu has room for 24 and "any"."""
    texts = {text.casefold(): text for clan in rows if (text := field(clan))}
    return sorted(texts.values(), key=str.casefold)[:limit]

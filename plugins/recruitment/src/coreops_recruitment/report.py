"""What the recruiters' report says. Pure: totals, open spots by level, and what changed since the day before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from coreops_recruitment.clans import Clan
from coreops_recruitment.search import BRACKETS, bracket_of

__all__ = ["Baseline", "Changes", "Totals", "changes", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The clan list in numbers; ``by_bracket`` has the open spots of every range of levels, by its label."""

    clans: int
    full: int
    open_spots: int
    by_bracket: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The open spots of a day by tag, with which the next day is compared."""

    day: date
    spots: Mapping[str, int]

    @classmethod
    def of(cls, day: date, rows: Iterable[Clan]) -> Baseline:
        """Return that of a clan list."""
        return cls(day, {clan.clan_tag: clan.open_spots for clan in rows})

    def encode(self) -> str:
        """Return it as JSON."""
        return json.dumps({"day": self.day.isoformat(), "spots": dict(self.spots)})

    @classmethod
    def decode(cls, text: str) -> Baseline | None:
        """Return what :meth:`encode` made, or ``None`` for what an older version left behind."""
        try:
            found = json.loads(text)
            return cls(date.fromisoformat(found["day"]), {str(tag): int(n) for tag, n in found["spots"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from a baseline; ``moved`` has old and new open spots by tag."""

    since: date
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: Mapping[str, tuple[int, int]]

    def title(self, today: date, say: Callable[..., str]) -> str:
        """Return since when they are told of, said to people with ``say``."""
        yesterday = today - self.since == timedelta(days=1)
        return say("Changes since yesterday") if yesterday else say("Changes since {day}", day=self.since)

    def lines(self, say: Callable[..., str]) -> list[str]:
        """Return one line a change, said to people with ``say``."""
        return [
            *(say("`{tag}` {old} → {new} open", tag=tag, old=o, new=n) for tag, (o, n) in sorted(self.moved.items())),
            *(say("`{tag}` is new", tag=tag) for tag in self.added),
            *(say("`{tag}` is gone", tag=tag) for tag in self.removed),
        ]


def totals(rows: Iterable[Clan]) -> Totals:
    """Return the clan list in numbers."""
    clans = list(rows)
    by_bracket = {bracket.label: 0 for bracket in BRACKETS}
    for clan in clans:
        by_bracket[bracket_of(clan.level).label] += clan.open_spots
    full = sum(not clan.open_spots for clan in clans)
    return Totals(len(clans), full, sum(by_bracket.values()), by_bracket)


def changes(before: Baseline, rows: Iterable[Clan]) -> Changes:
    """Return what differs from a baseline."""
    now = {clan.clan_tag: clan.open_spots for clan in rows}
    old = before.spots
    moved = {tag: (old[tag], spots) for tag, spots in now.items() if tag in old and old[tag] != spots}
    return Changes(before.day, tuple(sorted(now.keys() - old)), tuple(sorted(old.keys() - now)), moved)

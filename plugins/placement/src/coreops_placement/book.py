"""What is held and what is free: the two lists, with the writes that they cannot show yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from coreops_hookspecs import Cache, Commands, PluginContext, Snapshot, Write
from coreops_hookspecs.lookup import Lookup
from coreops_placement.records import BUCKET, Reservation

__all__ = ["Book", "Clan", "age_notes", "merged", "open_book"]

_FIELDS = frozenset(each.name for each in fields(Reservation))


class Clan(Protocol):
    """What this plugin reads of a row of the bucket ``clans``, which the plugin ``recruitment`` declares."""

    @property
    def clan_tag(self) -> str: ...
    @property
    def clan_name(self) -> str: ...
    @property
    def open_spots(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Book:
    """All clans, and every hold that is active, those that are on their way to the sheet among them."""

    known: Lookup[Clan]
    holds: Sequence[Reservation]

    @property
    def clans(self) -> Snapshot[Clan]:
        """All clans, as they stand in the sheet."""
        return self.known.rows

    def of(self, clan: Clan) -> list[Reservation]:
        """Return the holds of a clan, those that end first before the others."""
        return [hold for hold in self.holds if hold.clan_tag.casefold() == clan.clan_tag.casefold()]

    def free(self, clan: Clan) -> int:
        """Return how many places can be reserved: open spots less active holds, never below zero."""
        return max(clan.open_spots - len(self.of(clan)), 0)

    def held(self, clan: Clan, member_id: str) -> Reservation | None:
        """Return somebody's hold in a clan."""
        return next((hold for hold in self.of(clan) if hold.member_id == member_id), None)

    def overbooked(self) -> list[Clan]:
        """Return the clans with more holds than open spots, as when a sheet was edited by hand."""
        return [clan for clan in self.clans.rows if len(self.of(clan)) > clan.open_spots]

    def wanted(self, text: str, commands: Commands) -> Clan:
        """Return the clan that somebody means, by tag, name or other name, or by how only its name begins.

        Raises:
            UsageError: there is none; names the tags that are close.
        """
        none = commands.say("I know no clan of that tag or name.")
        return self.known.wanted(text, none, say=commands.say)

    def offered(self, typed: str, commands: Commands) -> list[tuple[str, str]]:
        """Return what is suggested while somebody types: label and tag."""
        found = self.known.holding(typed)[:25]
        free = [commands.say("{count} free", count=self.free(clan)) for clan in found]
        return [(f"{c.clan_tag} · {c.clan_name} · {n}"[:100], c.clan_tag) for c, n in zip(found, free, strict=True)]


def open_book(ctx: PluginContext) -> Book:
    """Return the book as it is now, with what was written and is not in a snapshot yet.

    Raises:
        BucketColdError: one of the two lists was never read.
    """
    clans: Lookup[Clan] = Lookup.of(ctx.cache, "clans", "clan_name", others=("clan_tags", "clan_tag"))
    kept: Snapshot[Reservation] = ctx.cache.get_snapshot(BUCKET)
    status = ctx.cache.status(BUCKET)
    writes = ctx.outbox.pending(status.spreadsheet, status.tab, since=kept.loaded_at)
    holds = [row for row in merged(kept.rows, writes) if row.active]
    return Book(clans, sorted(holds, key=lambda hold: (hold.last_day, hold.created_at)))


def age_notes(cache: Cache, say: Callable[..., str]) -> list[str]:
    """Return a line for each of the two lists that is older than it should be."""
    lists = {"clans": say("open spots"), BUCKET: say("reservations")}
    return [line for name, what in lists.items() for line in cache.status(name).age_note(what, say=say)]


def merged(rows: Iterable[Reservation], writes: Iterable[Write]) -> list[Reservation]:
    """Return the rows as the writes will leave them. Pure."""
    texts: dict[str, dict[str, str]] = {row.reservation_id.casefold(): row.texts() for row in rows}
    for write in writes:
        texts.setdefault(write.row.casefold(), {}).update(_known(write.values))
    return [row for each in texts.values() if (row := _row(each)) is not None]


def _known(values: Mapping[str, str]) -> dict[str, str]:
    return {folded: text for header, text in values.items() if (folded := header.strip().casefold()) in _FIELDS}


def _row(texts: Mapping[str, str]) -> Reservation | None:
    """Return the record, or ``None`` for a change to a row that the snapshot had to leave out."""
    try:
        return Reservation(**texts)
    except TypeError:
        return None

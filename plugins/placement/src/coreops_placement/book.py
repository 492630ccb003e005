"""What is held and what is free: the two lists, with the writes that they cannot show yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Protocol

from coreops_hookspecs import Cache, PluginContext, Snapshot, Write
from coreops_hookspecs.errors import BucketColdError, UsageError
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

    clans: Snapshot[Clan]
    holds: Sequence[Reservation]

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

    def wanted(self, text: str) -> Clan:
        """Return the clan that somebody means, by tag, by name, or by how only its name begins.

        Raises:
            UsageError: there is none; names the tags that are close.
        """
        folded = text.strip().casefold()
        begun = [clan for clan in self.clans.rows if folded and clan.clan_name.casefold().startswith(folded)]
        by_name = next((clan for clan in begun if clan.clan_name.casefold() == folded), None)
        found = self.clans.get(text) or by_name or (begun[0] if len(begun) == 1 else None)
        if found is None:
            raise _unknown(self.clans.rows, text)
        return found

    def offered(self, typed: str) -> list[tuple[str, str]]:
        """Return what is suggested while somebody types: label and tag, the clans with most room first."""
        folded = typed.strip().casefold()
        fit = [c for c in self.clans.rows if folded in c.clan_tag.casefold() or folded in c.clan_name.casefold()]
        fit.sort(key=lambda clan: (not clan.clan_tag.casefold().startswith(folded), -self.free(clan)))
        return [(f"{c.clan_tag} · {c.clan_name} · {self.free(c)} free"[:100], c.clan_tag) for c in fit[:25]]


def open_book(ctx: PluginContext) -> Book:
    """Return the book as it is now, with what was written and is not in a snapshot yet.

    Raises:
        BucketColdError: one of the two lists was never read; the message says what to do.
    """
    clans = _read(ctx.cache, "clans", "clan list")
    kept = _read(ctx.cache, BUCKET, "list of reservations")
    status = ctx.cache.status(BUCKET)
    writes = ctx.outbox.pending(status.spreadsheet, status.tab, since=kept.loaded_at)
    holds = [row for row in merged(kept.rows, writes) if row.active]
    return Book(clans, sorted(holds, key=lambda hold: (hold.last_day, hold.created_at)))


def age_notes(cache: Cache) -> list[str]:
    """Return a line for each of the two lists that is older than it should be."""
    return [*cache.status("clans").age_note("open spots"), *cache.status(BUCKET).age_note("reservations")]


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


def _read(cache: Cache, bucket: str, what: str) -> Snapshot[Any]:
    try:
        return cache.get_snapshot(bucket)
    except BucketColdError as error:
        text = f"The {what} could not be read yet. Try again in a minute; staff see the cause in `ops health`."
        raise BucketColdError(str(error), user_message=text) from error


def _unknown(clans: Iterable[Clan], wanted: str) -> UsageError:
    tags = {form.casefold(): clan.clan_tag for clan in clans for form in (clan.clan_name, clan.clan_tag)}
    near = get_close_matches(wanted.strip().casefold()[:100], tags, n=3, cutoff=0.5)
    names = " or ".join(dict.fromkeys(f"`{tags[each]}`" for each in near))
    hint = f" Did you mean {names}?" if names else ""
    return UsageError(f"no clan {wanted[:100]!r}", user_message=f"I know no clan of that tag or name.{hint}")

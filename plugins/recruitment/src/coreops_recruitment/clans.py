"""The ``clans`` bucket: its record, and how a clan is found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from coreops_hookspecs import BucketSpec, Snapshot

__all__ = ["CLANS", "Clan", "close", "find", "matching"]


@dataclass(frozen=True, slots=True)
class Clan:
    """One row of the tab ``clans``. Fields without a default must be filled in."""

    clan_tag: str
    clan_name: str
    level: int
    open_spots: int
    max_members: int
    entry_level: str = ""
    boss: str = ""
    mode: str = ""
    leader: str = ""
    crest_url: str = ""
    description: str = ""


CLANS: Final = BucketSpec(
    name="clans",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="clans",
    record=Clan,
    key="clan_tag",
    ttl=timedelta(hours=3),
)


def find(snapshot: Snapshot[Clan], wanted: str) -> Clan | None:
    """Return the clan of that tag or name, whatever the case, or the only one whose name begins like that."""
    folded = wanted.strip().casefold()
    begun = [clan for clan in snapshot.rows if folded and clan.clan_name.casefold().startswith(folded)]
    by_name = next((clan for clan in begun if clan.clan_name.casefold() == folded), None)
    return snapshot.get(wanted) or by_name or (begun[0] if len(begun) == 1 else None)


def matching(snapshot: Snapshot[Clan], typed: str, limit: int = 25) -> list[Clan]:
    """Return clans whose tag or name holds what was typed, those that begin with it first."""
    folded = typed.strip().casefold()
    held = [clan for clan in snapshot.rows if folded in clan.clan_tag.casefold() or folded in clan.clan_name.casefold()]
    return sorted(held, key=lambda clan: not clan.clan_tag.casefold().startswith(folded))[:limit]


def close(snapshot: Snapshot[Clan], wanted: str) -> list[str]:
    """Return up to three tags that are close to what was asked for, by tag or by name."""
    tags = {form.casefold(): clan.clan_tag for clan in snapshot.rows for form in (clan.clan_name, clan.clan_tag)}
    matches = get_close_matches(wanted.strip().casefold()[:100], tags, n=3, cutoff=0.5)
    return list(dict.fromkeys(tags[match] for match in matches))

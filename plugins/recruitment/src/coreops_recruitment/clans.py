"""The buckets ``clans`` and ``clan_tags``: their records, and how a clan is found in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from coreops_hookspecs import BucketSpec, Cache, Snapshot
from coreops_hookspecs.errors import BucketColdError, UsageError

__all__ = ["CLANS", "CLAN_TAGS", "Clan", "ClanTag", "close", "find", "matching", "other_names", "read", "wanted_clan"]


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
    requirements: str = ""
    languages: str = ""


@dataclass(frozen=True, slots=True)
class ClanTag:
    """One row of the tab ``clan_tags``: another name under which members look for a clan."""

    alias: str
    clan_tag: str


CLANS: Final = BucketSpec(
    name="clans",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="clans",
    record=Clan,
    key="clan_tag",
    ttl=timedelta(hours=3),
)

CLAN_TAGS: Final = BucketSpec(
    name="clan_tags",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="clan_tags",
    record=ClanTag,
    key="alias",
    ttl=timedelta(days=7),
)


def read(cache: Cache) -> Snapshot[Clan]:
    """Return the clan list.

    Raises:
        BucketColdError: it was never read; the message tells members what to do.
    """
    try:
        return cache.get_snapshot("clans")
    except BucketColdError as error:
        text = "The clan list could not be read yet. Try again in a minute; staff see the cause in `ops health`."
        raise BucketColdError(str(error), user_message=text) from error


def other_names(cache: Cache) -> dict[str, str]:
    """Return tags by other names, case-folded; none where the tab could not be read, for tags and names still work."""
    try:
        snapshot: Snapshot[ClanTag] = cache.get_snapshot("clan_tags")
    except BucketColdError:
        return {}
    return {row.alias.casefold(): row.clan_tag for row in snapshot.rows}


def wanted_clan(cache: Cache, wanted: str) -> Clan:
    """Return the clan that somebody means.

    Raises:
        BucketColdError: the list was never read.
        UsageError: there is none; names the tags that are close.
    """
    snapshot, aliases = read(cache), other_names(cache)
    clan = find(snapshot, wanted, aliases)
    if clan is None:
        raise _unknown(snapshot, wanted, aliases)
    return clan


def find(snapshot: Snapshot[Clan], wanted: str, aliases: dict[str, str] | None = None) -> Clan | None:
    """Return the clan of that tag, name or other name, whatever the case, or the only one whose name begins so."""
    folded = wanted.strip().casefold()
    begun = [clan for clan in snapshot.rows if folded and clan.clan_name.casefold().startswith(folded)]
    by_name = next((clan for clan in begun if clan.clan_name.casefold() == folded), None)
    by_alias = snapshot.get((aliases or {}).get(folded, ""))
    return snapshot.get(wanted) or by_name or by_alias or (begun[0] if len(begun) == 1 else None)


def matching(snapshot: Snapshot[Clan], typed: str, limit: int = 25) -> list[Clan]:
    """Return clans whose tag or name holds what was typed, those that begin with it first."""
    folded = typed.strip().casefold()
    held = [clan for clan in snapshot.rows if folded in clan.clan_tag.casefold() or folded in clan.clan_name.casefold()]
    return sorted(held, key=lambda clan: not clan.clan_tag.casefold().startswith(folded))[:limit]


def close(snapshot: Snapshot[Clan], wanted: str, aliases: dict[str, str] | None = None) -> list[str]:
    """Return up to three tags that are close to what was asked for, by tag, name or other name."""
    tags = {form.casefold(): clan.clan_tag for clan in snapshot.rows for form in (clan.clan_name, clan.clan_tag)}
    tags |= {alias: tag for alias, tag in (aliases or {}).items() if snapshot.get(tag)}
    matches = get_close_matches(wanted.strip().casefold()[:100], tags, n=3, cutoff=0.5)
    return list(dict.fromkeys(tags[match] for match in matches))


def _unknown(snapshot: Snapshot[Clan], wanted: str, aliases: dict[str, str]) -> UsageError:
    tags = " or ".join(f"`{tag}`" for tag in close(snapshot, wanted, aliases))
    hint = f" Did you mean {tags}?" if tags else ""
    return UsageError(f"no clan {wanted[:100]!r}", user_message=f"I know no clan of that tag or name.{hint}")

"""The buckets ``clans`` and ``clan_tags``: their records, and how a clan is found in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from coreops_hookspecs import BucketSpec, Cache, Snapshot
from coreops_hookspecs.lookup import Lookup

__all__ = ["CLANS", "CLAN_TAGS", "Clan", "ClanTag", "clans", "read"]


@dataclass(frozen=True, slots=True)
class Clan:
    """One row of the tab ``clans``. Fields without a default must be filled in.

    Args:
        clan_tag: The clan's short name; case does not matter.
        clan_name: Its name.
        level: Its level; searches and the report go by it.
        open_spots: How many may join now; 0 for a full clan.
        max_members: How many it has room for.
        entry_level: What a member must be able to do to join, for the card and the searches.
        boss: Which boss it plays; a choice of the searches.
        mode: How it plays; a choice of the searches.
        leader: Whom to ask.
        crest_url: Link to its picture, beginning with ``https://``.
        description: A sentence for members, on the card.
        requirements: A sentence on what is asked for, on the card's other side.
        languages: What is spoken there.
    """

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
    """One row of the tab ``clan_tags``: another name under which members look for a clan.

    Args:
        alias: The other name.
        clan_tag: The clan's tag.
    """

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
    """Return the clan list. Raises BucketColdError where it was never read."""
    return cache.get_snapshot("clans")


def clans(cache: Cache) -> Lookup[Clan]:
    """Return the clan list as members look in it: by tag, name and other names. Raises BucketColdError."""
    return Lookup.of(cache, "clans", "clan_name", others=("clan_tags", "clan_tag"))

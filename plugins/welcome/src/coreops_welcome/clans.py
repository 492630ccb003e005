"""Clans as the plugin ``recruitment`` reads them: the buckets ``clans`` and ``clan_tags``."""

from __future__ import annotations

from typing import Any, Protocol

from coreops_hookspecs import Cache, Commands, Snapshot
from coreops_hookspecs.errors import BucketColdError, UsageError
from coreops_hookspecs.lookup import Lookup

__all__ = ["Clan", "clans", "wanted_clan"]


class Clan(Protocol):
    """What a welcome needs of a row of the bucket ``clans``."""

    @property
    def clan_tag(self) -> str: ...
    @property
    def clan_name(self) -> str: ...
    @property
    def leader(self) -> str: ...
    @property
    def crest_url(self) -> str: ...


def clans(cache: Cache) -> Lookup[Clan]:
    """Return the clan list as recruiters look in it: by tag, name and other names. Raises BucketColdError."""
    rows: Snapshot[Clan] = cache.get_snapshot("clans")
    return Lookup(rows, "clan_name", _other_names(cache))


def wanted_clan(cache: Cache, commands: Commands, wanted: str) -> Clan:
    """Return the clan that somebody means.

    Raises:
        BucketColdError: the list was never read.
        UsageError: there is none; names the tags that are close.
    """
    known = clans(cache)
    found = known.find(wanted)
    if found is None:
        told = commands.say("I know no clan of that tag or name.")
        if near := known.near(wanted):
            told += " " + commands.say("Did you mean {names}?", names=", ".join(f"`{tag}`" for tag in near))
        raise UsageError(f"no clan {wanted[:100]!r}", user_message=told)
    return found


def _other_names(cache: Cache) -> dict[str, str]:
    """Return tags by other names; none where the tab could not be read, for tags and names still work."""
    try:
        snapshot: Snapshot[Any] = cache.get_snapshot("clan_tags")
    except BucketColdError:
        return {}
    return {row.alias: row.clan_tag for row in snapshot.rows}

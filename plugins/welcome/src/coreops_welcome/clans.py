"""Clans as the plugin ``recruitment`` reads them: the buckets ``clans`` and ``clan_tags``."""

from __future__ import annotations

from typing import Protocol

from coreops_hookspecs import Cache
from coreops_hookspecs.lookup import Lookup

__all__ = ["Clan", "clans"]


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
    return Lookup.of(cache, "clans", "clan_name", others=("clan_tags", "clan_tag"))

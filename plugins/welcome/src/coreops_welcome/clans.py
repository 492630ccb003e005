"""Clans as the plugin ``recruitment`` reads them: the bucket ``clans``."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Protocol

from coreops_hookspecs import Cache, Snapshot
from coreops_hookspecs.errors import BucketColdError, UsageError

__all__ = ["Clan", "matching", "wanted_clan"]


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


def wanted_clan(cache: Cache, wanted: str) -> Clan:
    """Return the clan of that tag or name, whatever the case, or the only one whose name begins so.

    Raises:
        BucketColdError: the list was never read.
        UsageError: there is none; names the tags that are close.
    """
    snapshot = _read(cache)
    folded = wanted.strip().casefold()
    begun = [clan for clan in snapshot.rows if folded and clan.clan_name.casefold().startswith(folded)]
    by_name = next((clan for clan in begun if clan.clan_name.casefold() == folded), None)
    found = snapshot.get(wanted) or by_name or (begun[0] if len(begun) == 1 else None)
    if found is None:
        raise _unknown(snapshot, wanted[:100])
    return found


def matching(cache: Cache, typed: str, limit: int = 25) -> list[Clan]:
    """Return clans whose tag or name holds what was typed, those whose tag begins with it first."""
    folded = typed.strip().casefold()
    rows = _read(cache).rows
    held = [clan for clan in rows if folded in clan.clan_tag.casefold() or folded in clan.clan_name.casefold()]
    return sorted(held, key=lambda clan: not clan.clan_tag.casefold().startswith(folded))[:limit]


def _read(cache: Cache) -> Snapshot[Clan]:
    try:
        return cache.get_snapshot("clans")
    except BucketColdError as error:
        text = "The clan list could not be read yet. Try again in a minute; staff see the cause in `ops health`."
        raise BucketColdError(str(error), user_message=text) from error


def _unknown(snapshot: Snapshot[Clan], wanted: str) -> UsageError:
    tags = {form.casefold(): clan.clan_tag for clan in snapshot.rows for form in (clan.clan_name, clan.clan_tag)}
    close = dict.fromkeys(tags[one] for one in get_close_matches(wanted.strip().casefold(), tags, n=3, cutoff=0.5))
    hint = f" Did you mean {' or '.join(f'`{tag}`' for tag in close)}?" if close else ""
    return UsageError(f"no clan {wanted!r}", user_message=f"I know no clan of that tag or name.{hint}")

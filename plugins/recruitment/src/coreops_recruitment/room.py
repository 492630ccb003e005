"""How much room clans have: what the list says, less the places that other plugins hold for somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from coreops_hookspecs import PluginContext, hookspec
from coreops_recruitment.clans import Clan, read

__all__ = ["coreops_recruitment_holds", "with_room"]


@hookspec
async def coreops_recruitment_holds(ctx: PluginContext) -> Mapping[str, int] | None:
    """Return how many places are held for somebody, by clan tag, or ``None``."""


async def with_room(ctx: PluginContext) -> Sequence[Clan]:
    """Return the clan list, each clan with the open spots that nobody is promised, never below zero.

    Raises:
        BucketColdError: the clan list was never read.
    """
    rows = read(ctx.cache).rows
    held: Counter[str] = Counter()
    for told in (await ctx.hooks.call("coreops_recruitment_holds")).values():
        held.update({tag.casefold(): count for tag, count in told.items()})
    return [replace(clan, open_spots=max(clan.open_spots - held[clan.clan_tag.casefold()], 0)) for clan in rows]

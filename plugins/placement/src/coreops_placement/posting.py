"""Messages of the jobs: into the recruiters' channel, or to single people where none is configured."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import hikari

from coreops_hookspecs import PluginContext
from coreops_hookspecs.errors import UpstreamError

__all__ = ["channel", "post", "tell"]


def channel(ctx: PluginContext) -> int | None:
    """Return the channel of the operator's choice."""
    return ctx.config.get("RESERVATIONS_CHANNEL_ID") or None


async def post(ctx: PluginContext, into: int, title: str, lines: Sequence[str], ping: Collection[str] = ()) -> None:
    """Post a card, and mention those to be pinged above it.

    Raises:
        UpstreamError: Discord did not take it.
    """
    ids = [int(each) for each in ping if each.isdecimal()]
    above = " ".join(f"<@{each}>" for each in ids) or hikari.UNDEFINED
    try:
        await ctx.discord.rest.create_message(
            into, above, embed=ctx.commands.card(title, lines), user_mentions=ids, mentions_everyone=False
        )
    except hikari.HikariError as error:
        msg = f"{title!r} could not be posted into channel {into}: {error}"
        raise UpstreamError(msg) from error


async def tell(ctx: PluginContext, user_id: str, title: str, lines: Sequence[str]) -> bool:
    """Send somebody a direct message; tell whether it arrived, for people may not want any."""
    if not user_id.isdecimal():
        return False
    try:
        place = await ctx.discord.rest.create_dm_channel(int(user_id))
        await ctx.discord.rest.create_message(place, embed=ctx.commands.card(title, lines))
    except hikari.HikariError as error:
        ctx.log.warning("a reminder did not arrive", user=user_id, error=str(error))
        return False
    return True

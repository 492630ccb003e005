"""The jobs ``placement.remind`` and ``placement.release``. Run twice on a day, each does nothing the second time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from coreops_hookspecs import PluginContext
from coreops_hookspecs.errors import CoreOpsError, UpstreamError
from coreops_placement.book import open_book
from coreops_placement.days import Days
from coreops_placement.desk import change, up_to_date
from coreops_placement.posting import channel, post, tell
from coreops_placement.records import ACTIVE, BUCKET, EXPIRED, Reservation
from coreops_placement.wording import hold_words

__all__ = ["release_ended", "remind"]

SOON: Final = timedelta(days=1)

REMINDED: Final = "reminded"
"""Key of the plugin's state: the last day by reservation, of those that were reminded of."""

ACTOR: Final = "plugin:placement"


async def remind(ctx: PluginContext) -> None:
    """Remind of holds that end within a day: once, and once more if their end was moved.

    Raises:
        BucketColdError: the reservations or the clans were never read.
        UpstreamError: Discord did not take the message.
    """
    if not _switched_on(ctx):
        return
    days, now = Days.of(ctx.config), ctx.now()
    holds = open_book(ctx).holds
    before = _decoded(await ctx.state.get(REMINDED))
    soon = [hold for hold in holds if now < days.end(hold.last_day) <= now + SOON]
    new = [hold for hold in soon if before.get(hold.reservation_id) != hold.until]
    if not new:
        return
    await _send(ctx, new, days)
    kept = {hold.reservation_id: hold.until for hold in soon}
    await ctx.state.set(REMINDED, json.dumps(kept))
    ctx.telemetry.note("placement.reminded", holds=len(new))


async def release_ended(ctx: PluginContext) -> None:
    """Release the holds that are over, through the outbox, and post which.

    Raises:
        BucketColdError: the reservations or the clans were never read.
        UpstreamError: a hold could not be released, or Discord did not take the summary.
    """
    if not _switched_on(ctx):
        return
    await ctx.cache.refresh_now(BUCKET, actor=ACTOR)  # somebody may have extended a hold by hand
    await up_to_date(ctx, ACTOR)
    days, now = Days.of(ctx.config), ctx.now()
    over = [hold for hold in open_book(ctx).holds if days.end(hold.last_day) <= now]
    released, problems = await _release(ctx, over)
    place = channel(ctx)
    if released and place is not None:
        say = ctx.commands.say
        lines = [
            say("`{tag}` {member}, held until {until}", tag=each.clan_tag, member=each.member, until=each.until)
            for each in released
        ]
        await post(ctx, place, say("Reservations that ended · {count} released", count=len(released)), lines)
    if problems:
        msg = f"{len(problems)} of {len(over)} reservations could not be released: {problems[0]}"
        raise UpstreamError(msg)


async def _release(ctx: PluginContext, over: Sequence[Reservation]) -> tuple[list[Reservation], list[str]]:
    """Release each, whatever becomes of the others; return those that were, and what went wrong."""
    released, problems = list[Reservation](), list[str]()
    for hold in over:
        try:
            await change(ctx, hold, status=EXPIRED)
        except CoreOpsError as error:
            problems.append(f"{hold.reservation_id}: {error}")
            continue
        released.append(hold)
        ctx.commands.changed(
            f"reservation {hold.clan_tag} user:{hold.member_id}", f"{ACTIVE} until {hold.until}", EXPIRED
        )
        ctx.telemetry.note("placement.expired", clan=hold.clan_tag, reservation=hold.reservation_id)
    return released, problems


async def _send(ctx: PluginContext, holds: Sequence[Reservation], days: Days) -> None:
    say = ctx.commands.say
    title = say("Reservations that end within a day")
    place = channel(ctx)
    by = {
        hold.by: [f"`{each.clan_tag}` {hold_words(each, days, say)}" for each in holds if each.by == hold.by]
        for hold in holds
    }
    hint = "-# " + say("`reserve extend <clan> <member> [until]` holds on, `reserve release <clan> <member>` lets go.")
    if place is not None:
        await post(ctx, place, title, [*(line for lines in by.values() for line in lines), hint], ping=by.keys())
        return
    for recruiter, lines in by.items():
        await tell(ctx, recruiter, title, [*lines, hint])


def _switched_on(ctx: PluginContext) -> bool:
    on = ctx.toggles.enabled("placement")
    if not on:
        ctx.log.info("reservations are switched off", toggle="placement")
    return on


def _decoded(text: str | None) -> Mapping[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

"""Reserving, extending and releasing. Each change is on disk in the outbox before anybody is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from coreops_hookspecs import PluginContext, Write, WriteState
from coreops_hookspecs.errors import CommandError, UpstreamError
from coreops_placement.book import Book, Clan, open_book
from coreops_placement.records import ACTIVE, BUCKET, KEY, Reservation

__all__ = ["change", "held", "reserve", "up_to_date"]


async def up_to_date(ctx: PluginContext, actor: str) -> None:
    """Read the reservations before anything is decided by them, where they were not read since the start.

    The copy on disk may be older than the writes that were made before the bot stopped.

    Raises:
        UpstreamError: they could not be read; nothing may be given away.
    """
    status = ctx.cache.status(BUCKET)
    if status.available and not status.restored:
        return
    result = await ctx.cache.refresh_now(BUCKET, actor=actor)
    if not result.ok:
        msg = f"the tab {status.tab} could not be read since the start, so no place is given away: {result.error}"
        told = ctx.commands.say(
            "The reservations could not be read yet, so nothing was changed. Staff see the cause in `ops health`."
        )
        raise UpstreamError(msg, user_message=told)


async def reserve(ctx: PluginContext, hold: Reservation) -> Book:
    """Hold a place, and return the book with it.

    Whether one is free is looked at when nothing else can be accepted, so of many who want the last one, one gets it.

    Raises:
        CommandError: no place is free, or one is held for the same member already.
        OutboxError: it could not be kept.
    """
    status = ctx.cache.status(BUCKET)

    def admit() -> None:
        book = open_book(ctx)
        _free_place(book, book.wanted(hold.clan_tag, ctx.commands), hold, ctx.commands.say)

    name = f"reserve {hold.reservation_id}"
    write = await ctx.outbox.append(status.spreadsheet, status.tab, hold.texts(), key=KEY, name=name, admit=admit)
    _refuse_dead(write, ctx.commands.say)
    return open_book(ctx)


async def change(
    ctx: PluginContext, hold: Reservation, *, status: str = ACTIVE, until: date | None = None
) -> Reservation:
    """Extend or end a hold, and return it as it is then.

    Raises:
        CommandError: it was changed meanwhile.
        OutboxError: it could not be kept.
    """
    new = replace(hold, status=hold.status if status == ACTIVE else status, until=(until or hold.last_day).isoformat())
    place = ctx.cache.status(BUCKET)

    def admit() -> None:
        if hold not in open_book(ctx).holds:
            raise CommandError(
                f"reservation {hold.reservation_id} was changed meanwhile",
                user_message=ctx.commands.say(
                    "Somebody else changed this reservation just now; look at `reservations` and try again."
                ),
            )

    write = await ctx.outbox.update(
        place.spreadsheet,
        place.tab,
        {KEY: hold.reservation_id, "status": new.status, "until": new.until},
        key=KEY,
        expected={"status": hold.status, "until": hold.until},
        admit=admit,
    )
    _refuse_dead(write, ctx.commands.say)
    return new


def held(book: Book, clan: Clan, member_id: str, say: Callable[..., str]) -> Reservation:
    """Return somebody's hold. Raises CommandError where there is none."""
    hold = book.held(clan, member_id)
    if hold is None:
        told = say(
            "No place in {tag} is held for <@{member}>; `reservations {tag}` lists who has one.",
            tag=clan.clan_tag,
            member=member_id,
        )
        raise CommandError(f"no active reservation in {clan.clan_tag} for {member_id}", user_message=told)
    return hold


def _free_place(book: Book, clan: Clan, hold: Reservation, say: Callable[..., str]) -> None:
    same = book.held(clan, hold.member_id)
    if same is not None:
        told = say(
            "A place in {tag} is held for {member} until {until} already; `reserve extend` moves its end.",
            tag=clan.clan_tag,
            member=same.member,
            until=same.until,
        )
        raise CommandError(f"{hold.member_id} has a place in {clan.clan_tag}", user_message=told)
    if not book.free(clan):
        told = say(
            "No place is free in {clan}: {open} open, {holds} reserved. Nothing was reserved.",
            clan=f"{clan.clan_name} [{clan.clan_tag}]",
            open=clan.open_spots,
            holds=len(book.of(clan)),
        )
        raise CommandError(f"no place is free in {clan.clan_tag}", user_message=told)


def _refuse_dead(write: Write, say: Callable[..., str]) -> None:
    if write.state is WriteState.DEAD:
        msg = f"write {write.number} cannot be made: {write.error}"
        raise UpstreamError(
            msg, user_message=say("The sheet did not take this change; an admin can see why with `ops outbox`.")
        )

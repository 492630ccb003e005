"""The bucket ``tickets``: one row a ticket thread, read from the sheet and written through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import hikari

from coreops_hookspecs import BucketSpec, Column, PluginContext, Snapshot
from coreops_hookspecs.errors import BucketColdError

__all__ = ["CLOSED", "OPEN", "TICKETS", "Ticket", "change", "is_ticket", "open_tickets", "opened", "ticket_of"]

OPEN: Final = "open"
CLOSED: Final = "closed"
KEY: Final = "thread_id"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One row of the tab ``tickets``. Times are ISO 8601 texts in UTC.

    Args:
        thread_id: Discord id of the thread, as text.
        opened_at: When it was opened.
        last_activity_at: When a person last wrote.
        title: Name of the thread.
        member: Discord id of whose ticket it is, as text.
        status: Whether it is open.
        reminded: The last reminder that was given; it counts until somebody writes after it.
        reminded_at: When that was.
    """

    thread_id: str
    opened_at: str
    last_activity_at: str
    title: str = ""
    member: str = ""
    status: str = OPEN
    reminded: str = ""
    reminded_at: str = ""

    @property
    def active_at(self) -> datetime:
        """When a person last wrote."""
        return datetime.fromisoformat(self.last_activity_at)

    @property
    def standing(self) -> str:
        """The reminder after which nobody wrote; empty if there is none."""
        answered = not self.reminded_at or datetime.fromisoformat(self.reminded_at) < self.active_at
        return "" if answered else self.reminded


def _instant(text: str) -> str:
    """Return a time as it stands. Raises ValueError for what is none, or has no offset from UTC."""
    expected = "a time such as 2026-01-31T12:00:00+00:00"
    try:
        aware = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        raise ValueError(expected) from None
    if not aware:
        raise ValueError(expected)
    return text


TICKETS: Final = BucketSpec(
    name="tickets",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="tickets",
    record=Ticket,
    key=KEY,
    columns=(
        Column("opened_at", parser=_instant),
        Column("last_activity_at", parser=_instant),
        Column("reminded_at", parser=_instant),
        Column("status", choices=(OPEN, CLOSED)),
    ),
    ttl=timedelta(hours=3),
    toggles=("welcome_tickets",),
)

_FIELDS: Final = frozenset(field.name for field in fields(Ticket))


def is_ticket(ctx: PluginContext, thread: hikari.GuildThreadChannel) -> bool:
    """Tell whether a thread lies in the tickets' channel and, where a ticket bot is named, is one of its own."""
    bot = ctx.config.get("TICKET_BOT_ID")
    return thread.parent_id == ctx.config.get("TICKETS_CHANNEL_ID") and bot in (None, 0, int(thread.owner_id))


def ticket_of(ctx: PluginContext, thread: int) -> Ticket | None:
    """Return a ticket as the sheet will have it, with what is not written yet; ``None`` for any other channel."""
    status, kept = ctx.cache.status("tickets"), _kept(ctx)
    since = kept.loaded_at if kept else None
    coming = ctx.outbox.latest(status.spreadsheet, status.tab, str(thread), key=KEY, since=since)
    return _with(kept.get(str(thread)) if kept else None, coming)


def open_tickets(ctx: PluginContext) -> list[Ticket]:
    """Return the tickets that are open, those that are not written yet too, oldest first."""
    status, kept = ctx.cache.status("tickets"), _kept(ctx)
    ids = {row.thread_id for row in kept.rows} if kept else set[str]()
    waiting = ctx.outbox.pending(status.spreadsheet, status.tab, since=kept.loaded_at if kept else None)
    found = (ticket_of(ctx, int(one)) for one in ids | {write.row for write in waiting} if one.isdecimal())
    return sorted((one for one in found if one and one.status == OPEN), key=lambda one: one.opened_at)


async def opened(ctx: PluginContext, thread: hikari.GuildThreadChannel) -> Ticket | None:
    """Take a thread down as a ticket and return it, once; ``None`` for one that is known. Raises OutboxError."""
    if ticket_of(ctx, thread.id) is not None:
        return None
    status, bot = ctx.cache.status("tickets"), ctx.config.get("TICKET_BOT_ID")
    at = thread.created_at.astimezone(UTC).isoformat()
    owner = "" if bot == thread.owner_id else str(thread.owner_id)
    row = Ticket(str(thread.id), opened_at=at, last_activity_at=at, title=thread.name or "", member=owner)
    values = {field.name: getattr(row, field.name) for field in fields(Ticket)}
    await ctx.outbox.append(status.spreadsheet, status.tab, values, key=KEY, name=f"ticket {thread.id}")
    ctx.telemetry.note("ticket.opened", thread=row.thread_id, member=owner)
    return row


async def change(ctx: PluginContext, ticket: Ticket, **values: str) -> Ticket:
    """Change cells of a ticket's row and return it as it is then; on disk when this returns. Raises OutboxError."""
    status = ctx.cache.status("tickets")
    cells = {KEY: ticket.thread_id, **values}
    await ctx.outbox.update(status.spreadsheet, status.tab, cells, key=KEY, expected=None)
    if values.get("status", ticket.status) != ticket.status:
        ctx.telemetry.note(f"ticket.{values['status']}", thread=ticket.thread_id, member=ticket.member)
    changes: dict[str, Any] = dict(values)
    return replace(ticket, **changes)


def _kept(ctx: PluginContext) -> Snapshot[Ticket] | None:
    try:
        return ctx.cache.get_snapshot("tickets")
    except BucketColdError:
        return None


def _with(row: Ticket | None, coming: Mapping[str, str]) -> Ticket | None:
    known: dict[str, Any] = {name: text for name, text in coming.items() if name in _FIELDS}
    if row is not None:
        return replace(row, **known)
    return Ticket(**known) if {"thread_id", "opened_at", "last_activity_at"} <= set(known) else None

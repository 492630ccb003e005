"""What happens to ticket threads, as Discord tells it: opened, written in, closed, reopened, deleted."""

from __future__ import annotations

from datetime import UTC, datetime

import hikari

from coreops_hookspecs import PluginContext
from coreops_welcome.greeting import greet_in_ticket
from coreops_welcome.idle import stages
from coreops_welcome.tickets import CLOSED, OPEN, Ticket, change, is_ticket, opened, ticket_of

__all__ = ["by_a_person", "thread_created", "thread_deleted", "thread_updated", "written"]


def by_a_person(ctx: PluginContext, author: hikari.User) -> bool:
    """Tell whether a message's author is a person: neither a bot nor the account that opens tickets."""
    return not author.is_bot and author.id != ctx.config.get("TICKET_BOT_ID")


async def thread_created(ctx: PluginContext, event: hikari.GuildThreadCreateEvent) -> None:
    """Take a new ticket down, and greet in it."""
    if not ctx.toggles.enabled("welcome_tickets") or not is_ticket(ctx, event.thread):
        return
    ticket = await opened(ctx, event.thread)
    if ticket is not None:
        guild = event.thread.get_guild()
        member = int(ticket.member) if ticket.member else None
        await greet_in_ticket(ctx, int(event.thread.id), member, guild.name if guild else "the server")


async def thread_updated(ctx: PluginContext, event: hikari.GuildThreadUpdateEvent) -> None:
    """Note that a ticket was closed or reopened."""
    if not ctx.toggles.enabled("welcome_tickets") or not is_ticket(ctx, event.thread):
        return
    ticket = ticket_of(ctx, event.thread.id)
    if ticket is None:
        return
    if event.thread.is_archived and ticket.status == OPEN:
        await change(ctx, ticket, status=CLOSED)
    elif not event.thread.is_archived and ticket.status == CLOSED:
        await change(ctx, ticket, status=OPEN, last_activity_at=ctx.now().isoformat())


async def thread_deleted(ctx: PluginContext, event: hikari.GuildThreadDeleteEvent) -> None:
    """Note that a ticket is gone."""
    ticket = ticket_of(ctx, event.thread_id) if ctx.toggles.enabled("welcome_tickets") else None
    if ticket is not None and ticket.status == OPEN:
        await change(ctx, ticket, status=CLOSED)


async def written(ctx: PluginContext, event: hikari.GuildMessageCreateEvent) -> None:
    """Note that somebody wrote in a ticket, and whose ticket it is where that was not known."""
    ticket = ticket_of(ctx, event.channel_id) if ctx.toggles.enabled("welcome_tickets") else None
    if ticket is None:
        return
    values: dict[str, str] = {}
    person, at = by_a_person(ctx, event.author), event.message.created_at.astimezone(UTC)
    if person and _worth_writing(ctx, ticket, at):
        values["last_activity_at"] = at.isoformat()
    if not ticket.member:
        mentioned = event.message.user_mentions_ids or ()
        values["member"] = str(event.author_id if person else next(iter(mentioned), ""))
    if any(values.values()):
        await change(ctx, ticket, **values)


def _worth_writing(ctx: PluginContext, ticket: Ticket, at: datetime) -> bool:
    """Tell whether a message says more than the row does; in a lively talk a row need not follow every message."""
    nudge, *_ = stages(ctx.config, ctx.commands.say)
    return bool(ticket.standing) or at - ticket.active_at > nudge.after / 20

"""The job that looks after tickets: finds what was missed, reminds in idle ones, and closes those nobody needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import hikari

from coreops_hookspecs import PluginContext
from coreops_hookspecs.errors import ConfigError, UpstreamError
from coreops_welcome.hearing import by_a_person
from coreops_welcome.idle import Stage, due, stages
from coreops_welcome.tickets import CLOSED, Ticket, change, is_ticket, open_tickets, opened

__all__ = ["look_after_tickets"]

ACTOR: Final = "job:welcome.tickets"


async def look_after_tickets(ctx: PluginContext) -> None:
    """Remind where that is due, after having looked at what happened while the bot was away.

    Raises:
        ConfigError: no channel of tickets is configured.
        UpstreamError: Discord did not answer for some of the tickets; the next run tries those again.
    """
    if not ctx.toggles.enabled("welcome_tickets"):
        return
    parent = ctx.config.get("TICKETS_CHANNEL_ID")
    if not parent:
        msg = "TICKETS_CHANNEL_ID names no channel of tickets: set it in the Config worksheet"
        raise ConfigError(msg)
    await ctx.cache.refresh_now("tickets", actor=ACTOR)  # somebody may have edited the tab
    problems: list[str] = []
    try:
        await _find_missed(ctx, parent)
    except hikari.HikariError as error:
        problems.append(f"the threads of channel {parent}: {error}")
    for ticket in open_tickets(ctx):
        try:
            await _attend(ctx, ticket)
        except hikari.HikariError as error:
            problems.append(f"thread {ticket.thread_id}: {error}")
    if problems:
        msg = f"tickets could not be looked after: {'; '.join(problems)}"
        raise UpstreamError(msg)


async def _find_missed(ctx: PluginContext, parent: int) -> None:
    """Take down the tickets that were opened while the bot was away."""
    channel = await ctx.discord.rest.fetch_channel(parent)
    if isinstance(channel, hikari.GuildChannel):
        for thread in await ctx.discord.rest.fetch_active_threads(channel.guild_id):
            if is_ticket(ctx, thread):
                await opened(ctx, thread)


async def _attend(ctx: PluginContext, ticket: Ticket) -> None:
    stage = due(ticket, ctx.now(), stages(ctx.config, ctx.commands.say))
    if stage is None:
        return
    if await _is_over(ctx, ticket):
        await change(ctx, ticket, status=CLOSED)
        return
    missed = await _last_word(ctx, ticket)
    if missed is not None:
        await change(ctx, ticket, last_activity_at=missed.isoformat())
        return
    if ticket.standing != stage.name:
        await _remind(ctx, ticket, stage)
    if stage.name == "close":
        await ctx.discord.rest.edit_channel(int(ticket.thread_id), archived=True)
        await change(ctx, ticket, status=CLOSED)


async def _remind(ctx: PluginContext, ticket: Ticket, stage: Stage) -> None:
    """Write down that it is given, then give it: cut off in between, it is never given twice."""
    await change(ctx, ticket, reminded=stage.name, reminded_at=ctx.now().isoformat())
    member = int(ticket.member) if ticket.member.isdecimal() else None
    text = f"<@{member}> {stage.text}" if member else stage.text
    pinged = [member] if member else False
    try:
        await ctx.discord.rest.create_message(int(ticket.thread_id), text, user_mentions=pinged)
    except hikari.HikariError:
        await change(ctx, ticket, reminded=ticket.reminded, reminded_at=ticket.reminded_at)
        raise
    ctx.telemetry.note("ticket.reminded", thread=ticket.thread_id, member=ticket.member, reminder=stage.name)


async def _is_over(ctx: PluginContext, ticket: Ticket) -> bool:
    """Tell whether the thread was closed or deleted while nobody listened; a message would open it again."""
    try:
        thread = await ctx.discord.rest.fetch_channel(int(ticket.thread_id))
    except hikari.NotFoundError:
        return True
    return isinstance(thread, hikari.GuildThreadChannel) and thread.is_archived


async def _last_word(ctx: PluginContext, ticket: Ticket) -> datetime | None:
    """Return when a person last wrote after what the row says, if somebody did."""
    since = ticket.active_at
    messages = ctx.discord.rest.fetch_messages(int(ticket.thread_id), after=since).limit(200)
    times = [one.created_at.astimezone(UTC) async for one in messages if by_a_person(ctx, one.author)]
    return max((at for at in times if at > since), default=None)

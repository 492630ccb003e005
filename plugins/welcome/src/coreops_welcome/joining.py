"""Greeting members who join the server."""

from __future__ import annotations

import hikari

from coreops_hookspecs import PluginContext
from coreops_hookspecs.errors import BucketColdError
from coreops_welcome.greeting import Words, compose, post
from coreops_welcome.templates import GENERAL, read

__all__ = ["greet"]


async def greet(ctx: PluginContext, event: hikari.MemberCreateEvent) -> None:
    """Post the general text into the general channel; without one of them, or switched off, say why in the log."""
    if event.user.is_bot or not ctx.toggles.enabled("welcome_join"):
        return
    channel = ctx.config.get("WELCOME_CHANNEL_ID")
    try:
        template = read(ctx.cache).get(GENERAL)
    except BucketColdError:
        template = None
    if not channel or template is None:
        why = "no row * in tab welcome_templates" if channel else "WELCOME_CHANNEL_ID names no channel"
        ctx.log.warning("a member who joined was not greeted", reason=why)
        return
    guild = event.get_guild()
    words = Words(member=int(event.user.id), clan=guild.name if guild else "the server", channel=int(channel))
    await post(ctx, channel, compose(template, words, ctx.commands))
    ctx.telemetry.note("welcome.joined", channel=str(channel), member=str(event.user.id))

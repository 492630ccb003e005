"""``ops ping``: is the bot there, and how fast."""

from __future__ import annotations

import math
import time

import hikari
import lightbulb

from coreops_hookspecs import Commands, Invocation, access
from coreops_ops.wording import millis

__all__ = ["Ping"]


@access.user
class Ping(lightbulb.SlashCommand, name="ping", description="Show whether the bot answers, and how fast"):
    """Answers anybody."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, running: Invocation, commands: Commands) -> None:
        """Answer with the heartbeat's round trip and the time since the command was seen."""
        app = ctx.client.app
        latency = app.heartbeat_latency if isinstance(app, hikari.ShardAware) else math.nan
        handled = time.monotonic() - running.received_at
        known = None if math.isnan(latency) else latency
        told = commands.say(
            "Pong · gateway {latency} · handled in {handled}", latency=millis(known), handled=millis(handled)
        )
        await ctx.respond(f"🏓 {told}")

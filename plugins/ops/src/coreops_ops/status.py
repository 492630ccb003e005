"""``ops status``: how the bot is, in one line."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Commands, HealthStatus, PluginState, Telemetry, access
from coreops_ops.wording import millis, span, tables

__all__ = ["Status"]

_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}


@access.staff
class Status(lightbulb.SlashCommand, name="status", description="Show in one line how the bot is"):
    """The short form of ``ops health``."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with a line of text, which works where embeds are not allowed."""
        report, say = await telemetry.health(), commands.say
        plugins, buckets = telemetry.plugins(), telemetry.buckets()
        serving = sum(plugin.state in {PluginState.ACTIVE, PluginState.DEGRADED} for plugin in plugins)
        stale = sum((bucket.stale or not bucket.available) and not bucket.idle for bucket in buckets)
        listed = tables(len(buckets), commands)
        gateway = millis(report.gateway_latency) if report.gateway_connected else say("not connected")
        known = commands.say_many("{count} plugin", "{count} plugins", len(plugins))
        parts = [
            f"{_SIGNS[report.status]} {report.bot} {say(report.phase)}",
            say("up {span}", span=span(report.uptime)),
            say("gateway {state}", state=gateway),
            say("{serving} of {plugins} serving", serving=serving, plugins=known),
            say("{tables}, {count} stale", tables=listed, count=stale) if stale else listed,
        ]
        await ctx.respond(" · ".join(parts))

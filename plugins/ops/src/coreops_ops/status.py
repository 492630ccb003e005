"""``ops status``: how the bot is, in one line."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import HealthStatus, PluginState, Telemetry, access
from coreops_ops.wording import count, millis, span

__all__ = ["Status"]

_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}


@access.staff
class Status(lightbulb.SlashCommand, name="status", description="Show in one line how the bot is"):
    """The short form of ``ops health``."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry) -> None:
        """Answer with a line of text, which works where embeds are not allowed."""
        report = await telemetry.health()
        plugins, buckets = telemetry.plugins(), telemetry.buckets()
        serving = sum(plugin.state in {PluginState.ACTIVE, PluginState.DEGRADED} for plugin in plugins)
        stale = sum((bucket.stale or not bucket.available) and not bucket.idle for bucket in buckets)
        tables = f"{count(len(buckets), 'table')}, {stale} stale" if stale else count(len(buckets), "table")
        parts = [
            f"{_SIGNS[report.status]} {report.bot} {report.phase}",
            f"up {span(report.uptime)}",
            f"gateway {millis(report.gateway_latency) if report.gateway_connected else 'not connected'}",
            f"{serving} of {count(len(plugins), 'plugin')} serving",
            tables,
        ]
        await ctx.respond(" · ".join(parts))

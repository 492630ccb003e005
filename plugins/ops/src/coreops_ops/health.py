"""``ops health``: the whole runtime on one card."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import (
    BucketStatus,
    CardField,
    Commands,
    HealthChange,
    HealthReport,
    HealthStatus,
    PluginReport,
    PluginState,
    Severity,
    SheetsQuota,
    Telemetry,
    access,
)
from coreops_ops.troubles import troubles
from coreops_ops.wording import ago, code, millis, span

__all__ = ["Health"]

_SEVERITY = {
    HealthStatus.OK: Severity.OK,
    HealthStatus.DEGRADED: Severity.WARNING,
    HealthStatus.DOWN: Severity.ERROR,
}
_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}
_HEADLINES = {
    HealthStatus.OK: "all is well",
    HealthStatus.DEGRADED: "serving, but not everything is well",
    HealthStatus.DOWN: "not serving",
}


@access.staff
class Health(lightbulb.SlashCommand, name="health", description="Show what works, what does not, and what to do"):
    """Tells an operator at night what is wrong first, and figures after that."""

    history = lightbulb.boolean("history", "Show when which part changed, instead", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the card."""
        report = await telemetry.health()
        if self.history:
            changes = [_change(change) for change in report.changes] or "No part has changed since the start."
            await ctx.respond(
                embed=commands.card(f"{report.bot} · what changed", changes, severity=_SEVERITY[report.status])
            )
            return
        buckets, plugins = telemetry.buckets(), telemetry.plugins()
        visible = frozenset(info.name for info in commands.visible())
        card = commands.card(
            f"{report.bot} · {_headline(report)}",
            troubles(report.concerns, visible, commands.prefix) or "Nothing needs attention.",
            severity=_SEVERITY[report.status],
            fields=[*_figures(report), _buckets(buckets, telemetry.quota()), _plugins(plugins)],
        )
        await ctx.respond(embed=card)


def _change(change: HealthChange) -> str:
    because = f"\nbecause: {code(change.detail, 200)}" if change.detail else ""
    arrow = f"{change.old.value} → {_SIGNS[change.new]} {change.new.value}"
    return f"{ago(change.at)} **{change.component}** {arrow}{because}"


def _headline(report: HealthReport) -> str:
    return _HEADLINES[report.status] if report.phase == "ready" else report.phase


def _figures(report: HealthReport) -> list[CardField]:
    event = "—" if report.last_event_age is None else f"{span(report.last_event_age)} ago"
    connected = "" if report.gateway_connected else " (not connected)"
    figures = {
        "Environment": report.env,
        "Version": f"{report.bot_version} · CoreOps {report.coreops_version}",
        "Up": f"{span(report.uptime)}, since {ago(report.started_at)}",
        "Latency": f"{millis(report.gateway_latency)}{connected}",
        "Last event": event,
        "Loop lag": millis(report.loop_lag),
    }
    return [CardField(name, text, inline=True) for name, text in figures.items()]


def _buckets(buckets: Sequence[BucketStatus], quota: SheetsQuota | None) -> CardField:
    budget = [] if quota is None else [quota.forecast]
    return CardField("Buckets", [*map(_bucket, buckets), *budget] or "none")


def _bucket(bucket: BucketStatus) -> str:
    sign = (
        "💤" if bucket.idle else "❌" if not bucket.available else "⚠️" if bucket.stale or bucket.problem_count else "✅"
    )
    age = "never read" if bucket.age is None else f"age {span(bucket.age)}"
    following = "" if bucket.next_refresh_at is None else f" · next {ago(bucket.next_refresh_at)}"
    rows = "1 row" if bucket.rows == 1 else f"{bucket.rows} rows"
    return f"{sign} **{bucket.name}** {rows} · {age} · ttl {span(bucket.ttl)}{following}"


def _plugins(plugins: Sequence[PluginReport]) -> CardField:
    failing = [f"❌ **{plugin.name}** {plugin.state.value}" for plugin in plugins if not _serving(plugin)]
    serving = sum(_serving(plugin) for plugin in plugins)
    return CardField("Plugins", [f"{serving} of {len(plugins)} serving", *failing])


def _serving(plugin: PluginReport) -> bool:
    return plugin.state in {PluginState.ACTIVE, PluginState.DEGRADED}

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
from coreops_ops.wording import ago, code, millis, rows, span

__all__ = ["Health"]

_SEVERITY = {
    HealthStatus.OK: Severity.OK,
    HealthStatus.DEGRADED: Severity.WARNING,
    HealthStatus.DOWN: Severity.ERROR,
}
_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}


@access.staff
class Health(lightbulb.SlashCommand, name="health", description="Show what works, what does not, and what to do"):
    """Tells an operator at night what is wrong first, and figures after that."""

    history = lightbulb.boolean("history", "Show when which part changed, instead", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the card."""
        report, say = await telemetry.health(), commands.say
        if self.history:
            title = say("{bot} · what changed", bot=report.bot)
            changes = [_change(change, commands) for change in report.changes]
            nothing = say("No part has changed since the start.")
            await commands.show(ctx, title, changes or nothing, severity=_SEVERITY[report.status])
            return
        await commands.show(
            ctx,
            f"{report.bot} · {_headline(report, commands)}",
            troubles(report.concerns, commands),
            severity=_SEVERITY[report.status],
            fields=[
                *_figures(report, commands),
                _buckets(telemetry.buckets(), telemetry.quota(), commands),
                _plugins(telemetry.plugins(), commands),
            ],
        )


def _change(change: HealthChange, commands: Commands) -> str:
    say, cause = commands.say, code(change.detail, 200)
    because = f"\n{say('because: {cause}', cause=cause)}" if change.detail else ""
    arrow = f"{say(change.old.value)} → {_SIGNS[change.new]} {say(change.new.value)}"
    return f"{ago(change.at)} **{change.component}** {arrow}{because}"


def _headline(report: HealthReport, commands: Commands) -> str:
    if report.phase != "ready":
        return commands.say(report.phase)
    return {
        HealthStatus.OK: commands.say("all is well"),
        HealthStatus.DEGRADED: commands.say("serving, but not everything is well"),
        HealthStatus.DOWN: commands.say("not serving"),
    }[report.status]


def _figures(report: HealthReport, commands: Commands) -> list[CardField]:
    say, silent = commands.say, report.last_event_age
    connected = "" if report.gateway_connected else f" ({say('not connected')})"
    figures = {
        say("Environment"): report.env,
        say("Version"): f"{report.bot_version} · CoreOps {report.coreops_version}",
        say("Up"): say("{span}, since {ago}", span=span(report.uptime), ago=ago(report.started_at)),
        say("Latency"): f"{millis(report.gateway_latency)}{connected}",
        say("Last event"): "—" if silent is None else say("{span} ago", span=span(silent)),
        say("Loop lag"): millis(report.loop_lag),
    }
    return [CardField(name, text, inline=True) for name, text in figures.items()]


def _buckets(buckets: Sequence[BucketStatus], quota: SheetsQuota | None, commands: Commands) -> CardField:
    budget = [] if quota is None else [quota.forecast]
    lines = [*(_bucket(bucket, commands) for bucket in buckets), *budget]
    return CardField(commands.say("Buckets"), lines or commands.say("none"))


def _bucket(bucket: BucketStatus, commands: Commands) -> str:
    sign = (
        "💤" if bucket.idle else "❌" if not bucket.available else "⚠️" if bucket.stale or bucket.problem_count else "✅"
    )
    say, next_at = commands.say, bucket.next_refresh_at
    age = say("never read") if bucket.age is None else say("age {span}", span=span(bucket.age))
    following = f" · {say('next {ago}', ago=ago(next_at))}" if next_at else ""
    return f"{sign} **{bucket.name}** {rows(bucket.rows, commands)} · {age} · ttl {span(bucket.ttl)}{following}"


def _plugins(plugins: Sequence[PluginReport], commands: Commands) -> CardField:
    say = commands.say
    failing = [f"❌ **{plugin.name}** {say(plugin.state.value)}" for plugin in plugins if not _serving(plugin)]
    head = say("{serving} of {plugins} serving", serving=len(plugins) - len(failing), plugins=len(plugins))
    return CardField(say("Plugins"), [head, *failing])


def _serving(plugin: PluginReport) -> bool:
    return plugin.state in {PluginState.ACTIVE, PluginState.DEGRADED}

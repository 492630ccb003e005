"""``ops digest``: each table, job and plugin, how the last day went, and what may still go wrong."""

from __future__ import annotations

import asyncio

import hikari
import lightbulb

from coreops_hookspecs import (
    BucketStatus,
    CardField,
    Commands,
    Digest,
    ErrorBudget,
    HealthStatus,
    JobStatus,
    PluginReport,
    Severity,
    Telemetry,
    access,
)
from coreops_ops.chart import draw
from coreops_ops.troubles import troubles
from coreops_ops.wording import ago, code, mention, span

__all__ = ["ShowDigest"]

_SEVERITY = {
    HealthStatus.OK: Severity.OK,
    HealthStatus.DEGRADED: Severity.WARNING,
    HealthStatus.DOWN: Severity.ERROR,
}


@access.staff
class ShowDigest(lightbulb.SlashCommand, name="digest", description="Show how everything is and how the last day went"):
    """One line for each table, job and plugin, with a picture of the last 24 hours."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the card and the picture."""
        digest = await telemetry.digest()
        picture = await asyncio.to_thread(draw, digest)
        card = commands.card(
            commands.say("{bot} · digest", bot=digest.report.bot),
            troubles(digest.report.concerns, commands),
            severity=_SEVERITY[digest.report.status],
            fields=_fields(digest, commands),
        )
        card.set_image(hikari.Bytes(picture, "digest.png"))
        await ctx.respond(embed=card)


def _fields(digest: Digest, commands: Commands) -> list[CardField]:
    say = commands.say
    faults = {each.name: each.failures for each in digest.day if each.kind == "plugin"}
    budget = [_budget(each, commands) for each in digest.budgets]
    plugins = [_plugin(plugin, faults.get(plugin.name, 0), commands) for plugin in digest.plugins]
    fields = [
        CardField(say("Tables"), [_bucket(bucket, commands) for bucket in digest.buckets] or say("none")),
        CardField(say("Jobs"), [_job(job, commands) for job in digest.jobs] or say("none")),
        CardField(say("Plugins"), plugins),
        CardField(say("Error budget"), budget or say("nothing measured yet")),
    ]
    if digest.quota is not None:
        fields.append(CardField(say("Quota"), digest.quota.forecast))
    if digest.lost:
        lost = say("{count} events, because who listens was too slow", count=digest.lost)
        fields.append(CardField(say("Lost"), lost))
    return fields


def _budget(budget: ErrorBudget, commands: Commands) -> str:
    return commands.say(
        "{what}: {failures} of {count} failed in {days} d, {left} left",
        what=commands.say(f"{budget.kind}s"),
        failures=budget.failures,
        count=budget.count,
        days=budget.days,
        left=f"{budget.left:.0%}",
    )


def _bucket(bucket: BucketStatus, commands: Commands) -> str:
    say, next_at = commands.say, bucket.next_refresh_at
    sign = "💤" if bucket.idle else "❌" if not bucket.available else "⚠️" if bucket.stale else "✅"
    facts = [say("never read") if bucket.age is None else say("age {span}", span=span(bucket.age))]
    if bucket.checked_at:
        facts.append(say("unchanged, {count} × not read again", count=bucket.spared))
    facts += [say("next {ago}", ago=ago(next_at))] if next_at else []
    facts += [commands.say_many("{count} retry", "{count} retries", bucket.retries)] if bucket.retries else []
    facts += [say("by {who}", who=mention(bucket.last_actor))] if bucket.last_actor else []
    facts += [code(bucket.last_error, 120)] if bucket.last_error else []
    return f"{sign} **{bucket.name}** {' · '.join(facts)}"


def _job(job: JobStatus, commands: Commands) -> str:
    say = commands.say
    following = say("next {ago}", ago=ago(job.next_at)) if job.next_at else say("not planned")
    if job.last is None:
        return f"💤 **{job.name}** {following}"
    sign = "✅" if job.last.outcome.value in {"ok", "skipped"} else "⚠️"
    error = f" · {code(job.last.error, 120)}" if job.last.error else ""
    by = say("by {who}", who=mention(job.last.actor))
    last = f"{say(job.last.outcome.value)} {ago(job.last.started_at)} {by}"
    return f"{sign} **{job.name}** {last} · {following}{error}"


def _plugin(plugin: PluginReport, failures: int, commands: Commands) -> str:
    failed = commands.say_many("{count} failure in 24 h", "{count} failures in 24 h", failures)
    state = commands.say("{state} since {ago}", state=commands.say(plugin.state.value), ago=ago(plugin.since))
    return f"**{plugin.name}** {state}{f' · {failed}' if failures else ''}"

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
        visible = frozenset(info.name for info in commands.visible())
        card = commands.card(
            f"{digest.report.bot} · digest",
            troubles(digest.report.concerns, visible, commands.prefix) or "Nothing needs attention.",
            severity=_SEVERITY[digest.report.status],
            fields=_fields(digest),
        )
        card.set_image(hikari.Bytes(picture, "digest.png"))
        await ctx.respond(embed=card)


def _fields(digest: Digest) -> list[CardField]:
    faults = {each.name: each.failures for each in digest.day if each.kind == "plugin"}
    budget = [
        f"{each.kind}s: {each.failures} of {each.count} failed in {each.days} d, {each.left:.0%} left"
        for each in digest.budgets
    ]
    fields = [
        CardField("Tables", [_bucket(bucket) for bucket in digest.buckets] or "none"),
        CardField("Jobs", [_job(job) for job in digest.jobs] or "none"),
        CardField("Plugins", [_plugin(plugin, faults.get(plugin.name, 0)) for plugin in digest.plugins]),
        CardField("Error budget", budget or "nothing measured yet"),
    ]
    if digest.quota is not None:
        fields.append(CardField("Quota", digest.quota.forecast))
    if digest.lost:
        fields.append(CardField("Lost", f"{digest.lost} events, because who listens was too slow"))
    return fields


def _bucket(bucket: BucketStatus) -> str:
    sign = "💤" if bucket.idle else "❌" if not bucket.available else "⚠️" if bucket.stale else "✅"
    age = "never read" if bucket.age is None else f"age {span(bucket.age)}"
    age += f" · unchanged, {bucket.spared} × not read again" if bucket.checked_at else ""
    following = f" · next {ago(bucket.next_refresh_at)}" if bucket.next_refresh_at else ""
    by = f" · by {mention(bucket.last_actor)}" if bucket.last_actor else ""
    retries = f" · {bucket.retries} retries" if bucket.retries else ""
    error = f" · {code(bucket.last_error, 120)}" if bucket.last_error else ""
    return f"{sign} **{bucket.name}** {age}{following}{retries}{by}{error}"


def _job(job: JobStatus) -> str:
    following = f"next {ago(job.next_at)}" if job.next_at else "not planned"
    if job.last is None:
        return f"💤 **{job.name}** {following}"
    sign = "✅" if job.last.outcome.value in {"ok", "skipped"} else "⚠️"
    error = f" · {code(job.last.error, 120)}" if job.last.error else ""
    last = f"{job.last.outcome.value} {ago(job.last.started_at)} by {mention(job.last.actor)}"
    return f"{sign} **{job.name}** {last} · {following}{error}"


def _plugin(plugin: PluginReport, failures: int) -> str:
    failed = f" · {failures} failures in 24 h" if failures else ""
    return f"**{plugin.name}** {plugin.state.value} since {ago(plugin.since)}{failed}"

"""What is not as it should be, for somebody woken at night: what, since when, why, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from coreops_hookspecs import BucketStatus, Component, HealthStatus, JobStatus, PluginReport, PluginState, RunOutcome
from coreops_ops.wording import ago

__all__ = ["Picture", "troubles"]

_TOLD_ONE_BY_ONE = frozenset({"buckets", "plugins", "jobs"})
"""Components that sum up what is listed by itself."""

_FINE = frozenset({PluginState.ACTIVE, PluginState.LOADING, PluginState.DISCOVERED, PluginState.BLOCKED})
_REMEDIES = {PluginState.QUARANTINED: "reinstate", PluginState.FAILED: "load"}
_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The public payloads that health is told from.

    Args:
        components: Parts of the runtime.
        buckets: Cached tables.
        plugins: Plugins.
        jobs: Scheduled jobs.
        commands: Names of the commands that the reader may run.
        prefix: Shown before them.
    """

    components: Sequence[Component]
    buckets: Sequence[BucketStatus]
    plugins: Sequence[PluginReport]
    jobs: Sequence[JobStatus]
    commands: Collection[str]
    prefix: str

    def hint(self, command: str, rest: str) -> str:
        """Return how to run a command, if the reader may."""
        return f"`{self.prefix}{command} {rest}`" if command in self.commands else ""


def troubles(picture: Picture) -> list[str]:
    """Return one entry per trouble, the gravest first."""
    found = [
        *(_component(part) for part in picture.components if _worth_telling(part)),
        *(_bucket(bucket, picture) for bucket in picture.buckets if _stale(bucket)),
        *(_rows(bucket) for bucket in picture.buckets if bucket.problem_count),
        *(_plugin(plugin, picture) for plugin in picture.plugins if plugin.state not in _FINE),
        *(_job(job) for job in picture.jobs if _failed(job)),
    ]
    return ["\n".join(lines) for lines in sorted(found, key=lambda lines: not lines[0].startswith("❌"))]


def _worth_telling(part: Component) -> bool:
    return part.status is not HealthStatus.OK and part.name not in _TOLD_ONE_BY_ONE


def _component(part: Component) -> list[str]:
    head = f"{_SIGNS[part.status]} **{part.name} is {part.status.value}** since {ago(part.since)}"
    return [head, *_because(part.detail)]


def _stale(bucket: BucketStatus) -> bool:
    return not bucket.available or bucket.stale or bucket.failing_since is not None


def _bucket(bucket: BucketStatus, picture: Picture) -> list[str]:
    if bucket.loaded_at is None:
        head = f"❌ **bucket {bucket.name} has no data**: it was never read"
    elif not bucket.available:
        head = f"❌ **bucket {bucket.name} is too old to be served**: read {ago(bucket.loaded_at)}"
    else:
        head = f"⚠️ **bucket {bucket.name} is stale**: read {ago(bucket.loaded_at)}"
    since = f", failing since {ago(bucket.failing_since)}" if bucket.failing_since else ""
    tries = f"read again {ago(bucket.next_refresh_at)}" if bucket.next_refresh_at else "read again at the next use"
    hint = picture.hint("ops refresh", bucket.name)
    return [head + since, *_because(bucket.last_error), f"→ {tries}{f'; {hint} tries now' if hint else ''}"]


def _rows(bucket: BucketStatus) -> list[str]:
    count = bucket.problem_count
    head = f"⚠️ **bucket {bucket.name} leaves out {count} row{'s' if count > 1 else ''}**"
    return [head, *_because("; ".join(map(str, bucket.problems[:3]))), f"→ correct the cells in tab {bucket.tab}"]


def _plugin(plugin: PluginReport, picture: Picture) -> list[str]:
    head = f"❌ **plugin {plugin.name} is {plugin.state.value}** since {ago(plugin.since)}"
    hint = picture.hint("ops plugins show", plugin.name).replace(" show ", " ")
    again = _REMEDIES.get(plugin.state, "")
    remedy = picture.hint(f"ops plugins {again}", plugin.name)
    if plugin.retry_at is not None:
        todo = f"tried again {ago(plugin.retry_at)}"
    else:
        todo = "correct the cause; everything else goes on without it"
    ways = [f"{remedy} tries now"] if remedy else []
    ways += [f"{hint} shows more"] if hint else []
    return [head, *_because(plugin.reason), f"→ {'; '.join([todo, *ways])}"]


def _failed(job: JobStatus) -> bool:
    return job.last is not None and job.last.outcome in {RunOutcome.ERROR, RunOutcome.TIMEOUT}


def _job(job: JobStatus) -> list[str]:
    assert job.last is not None
    head = f"⚠️ **job {job.name} ended with {job.last.outcome.value}** {ago(job.last.started_at)}"
    todo = [f"→ runs again {ago(job.next_at)}"] if job.next_at else []
    return [head, *_because(job.last.error), *todo]


def _because(cause: str) -> Iterator[str]:
    """Yield the cause as a line of its own; an error may be long."""
    text = " ".join(cause.split())
    if text:
        yield f"because: {text[:299]}{'…' if len(text) > 299 else ''}"

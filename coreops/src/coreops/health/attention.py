"""What an operator must know at a glance: one sentence for the whole, one for each thing that is not as it should be.

Pure. Written for somebody woken at night: what, since when, why, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from coreops.health.overview import Overview
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.health import Component, HealthReport, HealthStatus, PluginReport, PluginState
from coreops_hookspecs.jobs import JobStatus, RunOutcome

__all__ = ["Concern", "concerns", "headline", "when"]

_SUMMED_UP: Final = frozenset({"buckets", "plugins", "jobs"})
"""Components whose parts are told one by one."""

_STAYS_OFF: Final = frozenset({PluginState.FAILED, PluginState.INCOMPATIBLE})
_PLUGIN_IS: Final = {
    PluginState.FAILED: "failed",
    PluginState.QUARANTINED: "is in quarantine",
    PluginState.UNLOADED: "was unloaded",
}


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that is not as it should be.

    Args:
        status: Degraded, or down.
        what: Which thing, and how it is.
        why: Cause and since when; may be empty.
        remedy: What to do; may be empty.
    """

    status: HealthStatus
    what: str
    why: str = ""
    remedy: str = ""


def headline(report: HealthReport) -> str:
    """Return the whole in one sentence."""
    if report.phase == "starting":
        return "Starting. Commands are not answered yet."
    if report.phase in {"draining", "stopped"}:
        return "Stopping. No new commands are taken."
    if report.status is HealthStatus.DOWN:
        down = [part.name for part in report.components if part.status is HealthStatus.DOWN]
        return f"Not serving: {', '.join(down) or 'a part'} {'is' if len(down) < 2 else 'are'} down."
    if report.status is HealthStatus.DEGRADED:
        return "Serving, but not everything is well."
    return "Serving. All is well."


def concerns(overview: Overview) -> list[Concern]:
    """Return what is not as it should be, the gravest first."""
    found = [
        *_components(overview),
        *(concern for bucket in overview.buckets for concern in _bucket(bucket, overview)),
        *(concern for plugin in overview.plugins for concern in _plugin(plugin, overview)),
        *(concern for job in overview.jobs for concern in _job(job, overview.at)),
    ]
    return sorted(found, key=lambda concern: concern.status is not HealthStatus.DOWN)


def when(instant: datetime, now: datetime) -> str:
    """Return an instant for people: time of day in UTC, the date too on another day, and how long ago or ahead."""
    text = f"{instant:%H:%M} UTC" if instant.date() == now.date() else f"{instant:%d %b %H:%M} UTC"
    seconds = (now - instant).total_seconds()
    return f"{text} (in {duration(-seconds)})" if seconds < 0 else f"{text} ({duration(seconds)} ago)"


def _components(overview: Overview) -> Iterator[Concern]:
    for part in overview.report.components:
        if part.status is not HealthStatus.OK and part.name not in _SUMMED_UP:
            yield Concern(part.status, f"{part.name} is {part.status.value}", _cause(part, overview.at))


def _cause(part: Component, now: datetime) -> str:
    since = f"since {when(part.since, now)}"
    return f"{part.detail}; {since}" if part.detail else since


def _bucket(bucket: BucketStatus, overview: Overview) -> Iterator[Concern]:
    name, usage = bucket.name, overview.usage("ops refresh")
    press = f"{usage} {name}" if usage else ""
    if bucket.stale or not bucket.available or bucket.failing_since:
        yield Concern(
            HealthStatus.DEGRADED if bucket.available else HealthStatus.DOWN,
            _age_of(bucket),
            _failure(bucket, overview.at),
            _sentence(_next_try(bucket, overview.at), f"{press} tries now" if press else ""),
        )
    if bucket.problem_count:
        rows = "1 row" if bucket.problem_count == 1 else f"{bucket.problem_count} rows"
        yield Concern(
            HealthStatus.DEGRADED,
            f"bucket {name} leaves out {rows}",
            "; ".join(str(problem) for problem in bucket.problems[:3]),
            _sentence(f"correct the cells in tab {bucket.tab}", f"then {press}" if press else ""),
        )


def _age_of(bucket: BucketStatus) -> str:
    if bucket.age is None:
        return f"bucket {bucket.name} has no data"
    if not bucket.available:
        return f"bucket {bucket.name} is too old to be served: {duration(bucket.age)}"
    copy = ", a copy from before the start" if bucket.restored else ""
    return f"bucket {bucket.name} is {duration(bucket.age)} old{copy}"


def _failure(bucket: BucketStatus, now: datetime) -> str:
    error = bucket.last_error or ("not read yet" if bucket.loaded_at is None else "")
    since = f"since {when(bucket.failing_since, now)}" if bucket.failing_since else ""
    return "; ".join(filter(None, [error, since]))


def _next_try(bucket: BucketStatus, now: datetime) -> str:
    if bucket.next_refresh_at is None or bucket.next_refresh_at <= now:
        return "it is read again now"
    return f"it is read again in {duration(bucket.next_refresh_at - now)}"


def _plugin(plugin: PluginReport, overview: Overview) -> Iterator[Concern]:
    if plugin.state in {PluginState.ACTIVE, PluginState.BLOCKED, PluginState.LOADING, PluginState.DISCOVERED}:
        return
    retry = f"it is tried again {when(plugin.retry_at, overview.at)}" if plugin.retry_at else ""
    usage = overview.usage("ops plugins reinstate")
    reinstate = f"{usage} {plugin.name} tries now" if usage and plugin.state is PluginState.QUARANTINED else ""
    why = "; ".join(filter(None, [plugin.reason, f"since {when(plugin.since, overview.at)}"]))
    fix = "correct the cause and restart; everything else goes on without it" if plugin.state in _STAYS_OFF else ""
    yield Concern(
        HealthStatus.DEGRADED,
        f"plugin {plugin.name} {_PLUGIN_IS.get(plugin.state, f'is {plugin.state.value}')}",
        why,
        _sentence(retry, reinstate, fix),
    )


def _job(job: JobStatus, now: datetime) -> Iterator[Concern]:
    if job.last is None or job.last.outcome not in {RunOutcome.ERROR, RunOutcome.TIMEOUT}:
        return
    how = "failed" if job.last.outcome is RunOutcome.ERROR else "took too long"
    remedy = f"it runs again {when(job.next_at, now)}" if job.next_at else ""
    why = "; ".join(filter(None, [job.last.error, f"started {when(job.last.started_at, now)}"]))
    yield Concern(HealthStatus.DEGRADED, f"job {job.name} {how}", why, remedy)


def _sentence(*parts: str) -> str:
    return "; ".join(filter(None, parts))

"""What is not as it should be, found in the public payloads, once for every surface. Pure.

Written for somebody woken at night: what, since when, why, and what to do. How instants and commands are written is the
surface's own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.health import Component, Concern, HealthStatus, PluginReport, PluginState
from coreops_hookspecs.jobs import JobStatus, RunOutcome

__all__ = ["SAFE_MODE", "concerns"]

SAFE_MODE: Final = "safe mode"
"""Name of the component that is there while only ``ops`` runs; its detail begins so, and is the plugins' reason."""

_SUMMED_UP: Final = frozenset({"buckets", "plugins", "jobs"})
"""Components whose parts are told one by one."""

_FINE: Final = frozenset({PluginState.ACTIVE, PluginState.BLOCKED, PluginState.LOADING, PluginState.DISCOVERED})
_STAYS_OFF: Final = frozenset({PluginState.FAILED, PluginState.INCOMPATIBLE})
_PLUGIN_IS: Final = {
    PluginState.FAILED: "failed",
    PluginState.QUARANTINED: "is in quarantine",
    PluginState.UNLOADED: "was unloaded",
}
_PLUGIN_HELPS: Final = {PluginState.QUARANTINED: "reinstate", PluginState.FAILED: "load"}
_JOB_DID: Final = {
    RunOutcome.ERROR: "failed",
    RunOutcome.TIMEOUT: "took too long",
    RunOutcome.MISSED: "was missed",
    RunOutcome.ABANDONED: "was cut off",
}


def concerns(
    components: Sequence[Component],
    buckets: Sequence[BucketStatus],
    plugins: Sequence[PluginReport],
    jobs: Sequence[JobStatus],
) -> tuple[Concern, ...]:
    """Return what is not as it should be, the gravest first."""
    refreshes = {f"refresh.{bucket.name}" for bucket in buckets}  # what failed there is told of the bucket
    found = [
        *(_component(part, plugins) for part in components if part.status is not HealthStatus.OK),
        *(concern for bucket in buckets for concern in _bucket(bucket)),
        *(_plugin(plugin) for plugin in plugins if plugin.state not in _FINE),
        *(concern for job in jobs if job.name not in refreshes for concern in _job(job)),
    ]
    told = (concern for concern in found if concern is not None)
    return tuple(sorted(told, key=lambda concern: concern.status is not HealthStatus.DOWN))


def _component(part: Component, plugins: Sequence[PluginReport]) -> Concern | None:
    if part.name in _SUMMED_UP:
        return None
    if part.name == SAFE_MODE:
        return _safe_mode(part, plugins)
    return Concern(part.status, f"{part.name} is {part.status.value}", part.detail, part.since)


def _safe_mode(part: Component, plugins: Sequence[PluginReport]) -> Concern:
    kept = [each.name for each in plugins if each.state is PluginState.BLOCKED and each.reason == part.detail]
    verb = "is" if len(kept) == 1 else "are"
    return Concern(
        part.status,
        f"safe mode is on: {', '.join(kept)} {verb} not loaded" if kept else "safe mode is on",
        part.detail.removeprefix(f"{SAFE_MODE}: "),
        part.since,
        fix="coreops plugins bisect finds the plugin that is to blame",
        command="ops plugins load" if kept else "",
        argument=kept[0] if len(kept) == 1 else "NAME" if kept else "",
    )


def _bucket(bucket: BucketStatus) -> Iterator[Concern]:
    if bucket.idle:
        return
    if bucket.stale or not bucket.available or bucket.failing_since:
        yield Concern(
            HealthStatus.DEGRADED if bucket.available else HealthStatus.DOWN,
            _age_of(bucket),
            bucket.last_error or ("not read yet" if bucket.loaded_at is None else ""),
            bucket.failing_since,
            bucket.next_refresh_at,
            command="ops refresh",
            argument=bucket.name,
        )
    if bucket.problem_count:
        rows = "1 row" if bucket.problem_count == 1 else f"{bucket.problem_count} rows"
        yield Concern(
            HealthStatus.DEGRADED,
            f"bucket {bucket.name} leaves out {rows}",
            "; ".join(str(problem) for problem in bucket.problems[:3]),
            fix=f"correct the cells in tab {bucket.tab}",
            command="ops refresh",
            argument=bucket.name,
        )


def _age_of(bucket: BucketStatus) -> str:
    if bucket.age is None:
        return f"bucket {bucket.name} has no data"
    if not bucket.available:
        return f"bucket {bucket.name} is too old to be served: {duration(bucket.age)}"
    copy = ", a copy from before the start" if bucket.restored else ""
    return f"bucket {bucket.name} is {duration(bucket.age)} old{copy}"


def _plugin(plugin: PluginReport) -> Concern:
    stays_off = "correct the cause; everything else goes on without it"
    return Concern(
        HealthStatus.DEGRADED,
        f"plugin {plugin.name} {_PLUGIN_IS.get(plugin.state, f'is {plugin.state.value}')}",
        plugin.reason,
        plugin.since,
        plugin.retry_at,
        command=f"ops plugins {_PLUGIN_HELPS.get(plugin.state, 'show')}",
        argument=plugin.name,
        fix=stays_off if plugin.state in _STAYS_OFF else "",
    )


def _job(job: JobStatus) -> Iterator[Concern]:
    if job.last is not None and job.last.outcome in _JOB_DID:
        what = f"job {job.name} {_JOB_DID[job.last.outcome]}"
        yield Concern(HealthStatus.DEGRADED, what, job.last.error, job.last.started_at, job.next_at)

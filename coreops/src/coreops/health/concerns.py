"""What is not as it should be, found in the public payloads, once for every surface. Pure.

Written for somebody woken at night, in the language of whoever asks: what, since when, why, and what to do. How
instants and commands are written is the surface's own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.health import Component, Concern, HealthStatus, PluginReport, PluginState
from coreops_hookspecs.jobs import JobStatus, RunOutcome
from coreops_shared.texts import say, say_many

__all__ = ["SAFE_MODE", "concerns"]

SAFE_MODE: Final = "safe mode"
"""Name of the component that is there while only ``ops`` runs; its detail begins so, and is the plugins' reason."""

_SUMMED_UP: Final = frozenset({"buckets", "plugins", "jobs"})
"""Components whose parts are told one by one."""

_FINE: Final = frozenset({PluginState.ACTIVE, PluginState.BLOCKED, PluginState.LOADING, PluginState.DISCOVERED})
_STAYS_OFF: Final = frozenset({PluginState.FAILED, PluginState.INCOMPATIBLE})
_PLUGIN_IS: Final = {
    PluginState.FAILED: "plugin {name} failed",
    PluginState.QUARANTINED: "plugin {name} is in quarantine",
    PluginState.UNLOADED: "plugin {name} was unloaded",
}
_PLUGIN_HELPS: Final = {PluginState.QUARANTINED: "reinstate", PluginState.FAILED: "load"}
_JOB_DID: Final = {
    RunOutcome.ERROR: "job {name} failed",
    RunOutcome.TIMEOUT: "job {name} took too long",
    RunOutcome.MISSED: "job {name} was missed",
    RunOutcome.ABANDONED: "job {name} was cut off",
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
    what = say("{part} is {state}", part=part.name, state=say(part.status.value))
    return Concern(part.status, what, part.detail, part.since)


def _safe_mode(part: Component, plugins: Sequence[PluginReport]) -> Concern:
    kept = [each.name for each in plugins if each.state is PluginState.BLOCKED and each.reason == part.detail]
    names = ", ".join(kept)
    told = say_many(
        "safe mode is on: {names} is not loaded", "safe mode is on: {names} are not loaded", len(kept), names=names
    )
    return Concern(
        part.status,
        told if kept else say("safe mode is on"),
        part.detail.removeprefix(f"{SAFE_MODE}: "),
        part.since,
        fix=say("{command} finds the plugin that is to blame", command="coreops plugins bisect"),
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
            bucket.last_error or (say("not read yet") if bucket.loaded_at is None else ""),
            bucket.failing_since,
            bucket.next_refresh_at,
            command="ops refresh",
            argument=bucket.name,
        )
    if bucket.problem_count:
        yield Concern(
            HealthStatus.DEGRADED,
            say_many(
                "bucket {name} leaves out {count} row",
                "bucket {name} leaves out {count} rows",
                bucket.problem_count,
                name=bucket.name,
            ),
            "; ".join(str(problem) for problem in bucket.problems[:3]),
            fix=say("correct the cells in tab {tab}", tab=bucket.tab),
            command="ops refresh",
            argument=bucket.name,
        )


def _age_of(bucket: BucketStatus) -> str:
    if bucket.age is None:
        return say("bucket {name} has no data", name=bucket.name)
    if not bucket.available:
        return say("bucket {name} is too old to be served: {age}", name=bucket.name, age=duration(bucket.age))
    if bucket.restored:
        text = say(
            "bucket {name} is {age} old, a copy from before the start", name=bucket.name, age=duration(bucket.age)
        )
    else:
        text = say("bucket {name} is {age} old", name=bucket.name, age=duration(bucket.age))
    return text


def _plugin(plugin: PluginReport) -> Concern:
    stays_off = say("correct the cause; everything else goes on without it") if plugin.state in _STAYS_OFF else ""
    state = say(plugin.state.value)
    return Concern(
        HealthStatus.DEGRADED,
        say(_PLUGIN_IS.get(plugin.state, "plugin {name} is {state}"), name=plugin.name, state=state),
        plugin.reason,
        plugin.since,
        plugin.retry_at,
        command=f"ops plugins {_PLUGIN_HELPS.get(plugin.state, 'show')}",
        argument=plugin.name,
        fix=stays_off,
    )


def _job(job: JobStatus) -> Iterator[Concern]:
    if job.last is not None and job.last.outcome in _JOB_DID:
        what = say(_JOB_DID[job.last.outcome], name=job.name)
        yield Concern(HealthStatus.DEGRADED, what, job.last.error, job.last.started_at, job.next_at)

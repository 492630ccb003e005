"""The status page's tables: buckets, plugins, jobs, parts and recent events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from coreops.health.attention import when
from coreops.health.html import Html, element, joined
from coreops.telemetry.lines import pairs_of, words
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.health import Component, HealthChange, HealthStatus, PluginReport, PluginState
from coreops_hookspecs.jobs import JobStatus, RunOutcome
from coreops_hookspecs.plugins import held_the_loop
from coreops_hookspecs.telemetry import CommandCompleted, Event, HookFault, Noted

__all__ = ["badge", "buckets_table", "changes_table", "components_table", "events_table", "jobs_table", "plugins_table"]

_PLUGIN_STATUS = {
    PluginState.ACTIVE: HealthStatus.OK,
    PluginState.BLOCKED: HealthStatus.OK,
    PluginState.FAILED: HealthStatus.DOWN,
    PluginState.QUARANTINED: HealthStatus.DOWN,
}
_RUN_STATUS = {
    RunOutcome.OK: HealthStatus.OK,
    RunOutcome.SKIPPED: HealthStatus.OK,
}


def badge(status: HealthStatus, text: str) -> Html:
    """Return a word with the mark and colour of a status; the mark says it without colour too."""
    return element("span", text, class_=f"badge {status.value}")


def components_table(parts: Iterable[Component], now: datetime) -> Html:
    rows = [[part.name, badge(part.status, part.status.value), part.detail, _time(part.since, now)] for part in parts]
    return _table(["Part", "Status", "Detail", "Since"], rows, "No part has reported yet.")


def changes_table(changes: Iterable[HealthChange], now: datetime) -> Html:
    rows = [
        [
            _time(change.at, now),
            change.component,
            joined(badge(change.old, change.old.value), " → ", badge(change.new, change.new.value)),
            change.detail,
        ]
        for change in changes
    ]
    return _table(["When", "Part", "Change", "Detail"], rows, "No part has changed since the start.")


def buckets_table(buckets: Iterable[BucketStatus], now: datetime) -> Html:
    headings = ["Bucket", "Status", "Age", "Rows", "Next read", "Last result"]
    return _table(headings, [_bucket(bucket, now) for bucket in buckets], "No plugin has a bucket.")


def _held(plugin: PluginReport) -> str:
    held = held_the_loop(plugin)
    return f"held the loop {held}" if held else ""


def plugins_table(plugins: Iterable[PluginReport], now: datetime) -> Html:
    rows = [
        [
            joined(plugin.name, " ", element("small", plugin.version)),
            badge(_PLUGIN_STATUS.get(plugin.state, HealthStatus.DEGRADED), plugin.state.value),
            joined(plugin.reason, _small(_held(plugin))),
            _time(plugin.since, now),
            joined(str(plugin.calls), _small(f"{plugin.faults} faults" if plugin.faults else "")),
        ]
        for plugin in plugins
    ]
    return _table(["Plugin", "State", "Reason", "Since", "Calls"], rows, "No plugin is installed.")


def jobs_table(jobs: Iterable[JobStatus], now: datetime) -> Html:
    rows = [
        [
            joined(job.name, _small(job.help)),
            joined(job.schedule, _small(job.timezone if job.timezone != "UTC" else "")),
            badge(HealthStatus.OK, "running") if job.running else _time(job.next_at, now),
            _last_run(job, now),
        ]
        for job in jobs
    ]
    return _table(["Job", "Schedule", "Next run", "Last run"], rows, "No plugin has a job.")


def events_table(events: Iterable[Event], now: datetime) -> Html:
    rows = [[_time(event.at, now), _kind(event), element("code", _told(event)), event.actor] for event in events]
    return _table(["When", "Event", "What", "Actor"], rows, "Nothing has happened yet.")


def _bucket(bucket: BucketStatus, now: datetime) -> Sequence[object]:
    if bucket.idle:
        status = badge(HealthStatus.OK, "switched off")
    elif not bucket.available:
        status = badge(HealthStatus.DOWN, "no data" if bucket.age is None else "too old")
    elif bucket.stale:
        status = badge(HealthStatus.DEGRADED, "stale")
    else:
        status = badge(HealthStatus.OK, "fresh")
    left_out = f"{bucket.problem_count} left out" if bucket.problem_count else ""
    result = {"ok": "ok", "never": "never read"}.get(bucket.last_result, bucket.last_error)
    return [
        joined(bucket.name, _small(f"{bucket.plugin}, tab {bucket.tab}")),
        joined(status, _small("copy from before the start" if bucket.restored else "")),
        joined("—" if bucket.age is None else duration(bucket.age), _small(_spared(bucket, now))),
        joined(str(bucket.rows), _problems(left_out, bucket)),
        _time(bucket.next_refresh_at, now),
        joined(result, _small(_by(bucket))),
    ]


def _problems(summary: str, bucket: BucketStatus) -> Html | None:
    if not summary:
        return None
    items = [element("li", str(problem)) for problem in bucket.problems]
    return element("details", element("summary", summary), element("ul", *items), id_=f"problems-{bucket.name}")


def _spared(bucket: BucketStatus, now: datetime) -> str:
    if bucket.checked_at is None or bucket.loaded_at is None:
        return ""
    return f"read {when(bucket.loaded_at, now)}, unchanged since: {bucket.spared} × not read again"


def _by(bucket: BucketStatus) -> str:
    took = f"in {duration(bucket.duration)}" if bucket.duration is not None else ""
    retries = f"{bucket.retries} retries" if bucket.retries else ""
    return ", ".join(filter(None, [bucket.last_actor and f"by {bucket.last_actor}", took, retries]))


def _last_run(job: JobStatus, now: datetime) -> Html:
    if job.last is None:
        return joined("not yet")
    status = _RUN_STATUS.get(job.last.outcome, HealthStatus.DEGRADED)
    about = f"{job.last.error}; " if job.last.error else ""
    about += f"took {duration(job.last.duration)}"
    return joined(badge(status, job.last.outcome.value), " ", _time(job.last.started_at, now), _small(about))


def _told(event: Event) -> str:
    if isinstance(event, CommandCompleted):
        return f"{event.command} {event.outcome} in {duration(event.duration)} {event.error}".rstrip()
    if isinstance(event, HookFault):
        return f"{event.plugin} {event.kind} {event.what} {event.outcome}: {event.error}"
    if (known := pairs_of(event)) is None:
        return ""
    _, pairs = known
    return words({key: value for key, value in pairs.items() if key not in {"event", "actor"}})


def _kind(event: Event) -> str:
    """Return the event's type in words: ``RefreshCompleted`` is ``refresh completed``. A note has a name of its own."""
    if isinstance(event, Noted):
        return event.name
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower()


def _time(instant: datetime | None, now: datetime) -> Html:
    if instant is None:
        return Html("—")
    return element("time", when(instant, now), datetime=instant.isoformat(timespec="seconds"))


def _small(text: str) -> Html | None:
    return element("small", text) if text else None


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> Html:
    """Return a table; on a phone each row becomes a card, labelled by ``data-label``."""
    if not rows:
        return element("p", empty, class_="empty")
    head = element("tr", *(element("th", heading, scope="col") for heading in headings))
    body = [element("tr", *map(_cell, headings, row, [True] + [False] * len(row))) for row in rows]
    return element("table", element("thead", head), element("tbody", *body))


def _cell(heading: str, cell: object, first: bool) -> Html:
    if first:
        return element("th", cell, scope="row")
    return element("td", element("div", cell), data_label=heading, class_=None if cell != "" else "blank")

"""Buckets in words: one line for each, and what a refresh changed in its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from coreops_hookspecs import BucketStatus, Cache, CardField, RefreshResult, RowChange, Snapshot, SnapshotDiff
from coreops_hookspecs.errors import BucketColdError
from coreops_ops.wording import ago, code, count, mention, millis, pages, span

__all__ = ["differences", "result_lines", "snapshots", "status_lines"]

Snapshots = Mapping[str, Snapshot[object] | None]


def status_lines(bucket: BucketStatus) -> str:
    """Return how a bucket is: sign, rows, age, when it is read again, who read it last, and what went wrong."""
    sign = (
        "💤"
        if bucket.idle
        else "❌"
        if not bucket.available
        else "⚠️"
        if bucket.stale or bucket.problem_count or bucket.last_error
        else "✅"
    )
    age = "never read" if bucket.loaded_at is None else f"read {ago(bucket.loaded_at)}"
    age += (
        f" · unchanged, checked {ago(bucket.checked_at)}, {bucket.spared} × not read again" if bucket.checked_at else ""
    )
    last = f" · last by {mention(bucket.last_actor)}" if bucket.last_actor else ""
    lines = [f"{sign} **{bucket.name}** {count(bucket.rows, 'row')} · {age} · {_rhythm(bucket)}{last}"]
    if bucket.last_error:
        lines.append(f"because: {code(bucket.last_error, 300)}")
    return "\n".join([*lines, *_left_out(bucket)])


def result_lines(result: RefreshResult, bucket: BucketStatus) -> str:
    """Return how a refresh of a bucket ended."""
    figures = f"{millis(result.duration)} · {_retries(result.retries)} · {_rhythm(bucket)}"
    if result.ok:
        sign = "⚠️" if result.problem_count else "✅"
        head = f"{sign} **{result.bucket}** {count(result.rows, 'row')} · {figures}"
        return "\n".join([head, *(_left_out(bucket) if result.problem_count else [])])
    kept = "nothing is served"
    if bucket.available and bucket.loaded_at is not None:
        kept = f"{count(bucket.rows, 'row')} read {ago(bucket.loaded_at)} go on serving"
    return f"❌ **{result.bucket}** could not be read; {kept} · {figures}\nbecause: {code(result.error, 300)}"


def snapshots(cache: Cache, names: Sequence[str]) -> Snapshots:
    """Return what buckets serve now; ``None`` for one that has nothing to serve."""
    return {name: _snapshot(cache, name) for name in names}


async def differences(before: Snapshots, after: Snapshots) -> list[CardField]:
    """Return the rows that were added, removed and changed, by bucket; compared in a thread, for there may be many."""
    fields: list[CardField] = []
    for name, new in after.items():
        old = before.get(name)
        if new is None or old is None:
            fields.append(CardField(f"{name}: rows", "nothing to compare with yet"))
            continue
        diff = await asyncio.to_thread(new.since, old)
        fields += _difference(name, diff)
    return fields


def _difference(name: str, diff: SnapshotDiff) -> list[CardField]:
    if not diff:
        return [CardField(f"{name}: rows", "no row changed")]
    parts = {"added": diff.added, "removed": diff.removed, "changed": diff.changed}
    title = ", ".join(f"{len(rows)} {what}" for what, rows in parts.items() if rows)
    lines = [
        *(f"➕ {code(key)}" for key in diff.added),
        *(f"➖ {code(key)}" for key in diff.removed),
        *(_changed(row) for row in diff.changed),
    ]
    return pages(f"{name}: {title}", lines)[:3]


def _changed(row: RowChange) -> str:
    shown = ", ".join(f"{name} {code(old, 40)} → {code(new, 40)}" for name, old, new in row.fields[:4])
    more = f" and {len(row.fields) - 4} more" if len(row.fields) > 4 else ""
    return f"✏️ {code(row.key)} {shown}{more}"


def _snapshot(cache: Cache, name: str) -> Snapshot[object] | None:
    try:
        return cache.get_snapshot(name)
    except BucketColdError:
        return None


def _left_out(bucket: BucketStatus) -> list[str]:
    shown = "; ".join(map(str, bucket.problems[:3]))
    return [f"{count(bucket.problem_count, 'row')} left out: {code(shown, 300)}"] if bucket.problem_count else []


def _rhythm(bucket: BucketStatus) -> str:
    every = f"by cron {code(bucket.cron)}" if bucket.cron else f"ttl {span(bucket.ttl)}"
    if bucket.refreshing:
        return f"{every} · being read now"
    return f"{every} · next {ago(bucket.next_refresh_at)}" if bucket.next_refresh_at else every


def _retries(number: int) -> str:
    return "1 retry" if number == 1 else f"{number} retries"

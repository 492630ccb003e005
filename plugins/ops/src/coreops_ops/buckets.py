"""Buckets in words: one line for each, and what a refresh changed in its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from coreops_hookspecs import BucketStatus, Cache, CardField, Commands, RefreshResult, RowChange, Snapshot, SnapshotDiff
from coreops_hookspecs.errors import BucketColdError
from coreops_ops.wording import ago, code, mention, millis, rows, span

__all__ = ["differences", "result_lines", "snapshots", "status_lines"]

Snapshots = Mapping[str, Snapshot[object] | None]

_MOST = 1000
"""Rows told of one table; who replaced a whole table is not helped by more."""


def status_lines(bucket: BucketStatus, commands: Commands) -> str:
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
    say = commands.say
    facts = [rows(bucket.rows, commands)]
    facts += [say("never read") if bucket.loaded_at is None else say("read {ago}", ago=ago(bucket.loaded_at))]
    if bucket.checked_at:
        facts.append(
            say("unchanged, checked {ago}, {count} × not read again", ago=ago(bucket.checked_at), count=bucket.spared)
        )
    facts += [_rhythm(bucket, commands)]
    facts += [say("last by {who}", who=mention(bucket.last_actor))] if bucket.last_actor else []
    lines = [f"{sign} **{bucket.name}** {' · '.join(facts)}"]
    if bucket.last_error:
        lines.append(say("because: {cause}", cause=code(bucket.last_error, 300)))
    return "\n".join([*lines, *_left_out(bucket, commands)])


def result_lines(result: RefreshResult, bucket: BucketStatus, commands: Commands) -> str:
    """Return how a refresh of a bucket ended."""
    say, retries = commands.say, commands.say_many("{count} retry", "{count} retries", result.retries)
    figures = f"{millis(result.duration)} · {retries} · {_rhythm(bucket, commands)}"
    if result.ok:
        sign = "⚠️" if result.problem_count else "✅"
        head = f"{sign} **{result.bucket}** {rows(result.rows, commands)} · {figures}"
        return "\n".join([head, *(_left_out(bucket, commands) if result.problem_count else [])])
    kept = say("nothing is served")
    if bucket.available and bucket.loaded_at is not None:
        kept = say("{rows} read {ago} go on serving", rows=rows(bucket.rows, commands), ago=ago(bucket.loaded_at))
    head = f"❌ **{result.bucket}** {say('could not be read; {kept}', kept=kept)} · {figures}"
    return f"{head}\n{say('because: {cause}', cause=code(result.error, 300))}"


def snapshots(cache: Cache, names: Sequence[str]) -> Snapshots:
    """Return what buckets serve now; ``None`` for one that has nothing to serve."""
    return {name: _snapshot(cache, name) for name in names}


async def differences(before: Snapshots, after: Snapshots, commands: Commands) -> list[CardField]:
    """Return the rows that were added, removed and changed, by bucket; compared in a thread, for there may be many."""
    fields: list[CardField] = []
    for name, new in after.items():
        old = before.get(name)
        if new is None or old is None:
            fields.append(CardField(_title(name, commands), commands.say("nothing to compare with yet")))
            continue
        diff = await asyncio.to_thread(new.since, old)
        fields.append(_difference(name, diff, commands))
    return fields


def _difference(name: str, diff: SnapshotDiff, commands: Commands) -> CardField:
    say = commands.say
    if not diff:
        return CardField(_title(name, commands), say("no row changed"))
    parts = {say("added"): diff.added, say("removed"): diff.removed, say("changed"): diff.changed}
    title = ", ".join(f"{len(found)} {what}" for what, found in parts.items() if found)
    lines = [
        *(f"➕ {code(key)}" for key in diff.added),
        *(f"➖ {code(key)}" for key in diff.removed),
        *(_changed(row, commands) for row in diff.changed),
    ]
    more = [say("and {count} more", count=len(lines) - _MOST)] if len(lines) > _MOST else []
    return CardField(f"{name}: {title}", [*lines[:_MOST], *more])


def _title(name: str, commands: Commands) -> str:
    return commands.say("{table}: rows", table=name)


def _changed(row: RowChange, commands: Commands) -> str:
    shown = ", ".join(f"{name} {code(old, 40)} → {code(new, 40)}" for name, old, new in row.fields[:4])
    more = f" {commands.say('and {count} more', count=len(row.fields) - 4)}" if len(row.fields) > 4 else ""
    return f"✏️ {code(row.key)} {shown}{more}"


def _snapshot(cache: Cache, name: str) -> Snapshot[object] | None:
    try:
        return cache.get_snapshot(name)
    except BucketColdError:
        return None


def _left_out(bucket: BucketStatus, commands: Commands) -> list[str]:
    if not bucket.problem_count:
        return []
    told = commands.say_many("{count} row left out", "{count} rows left out", bucket.problem_count)
    return [f"{told}: {code('; '.join(map(str, bucket.problems[:3])), 300)}"]


def _rhythm(bucket: BucketStatus, commands: Commands) -> str:
    say = commands.say
    every = say("by cron {cron}", cron=code(bucket.cron)) if bucket.cron else f"ttl {span(bucket.ttl)}"
    if bucket.refreshing:
        return f"{every} · {say('being read now')}"
    return f"{every} · {say('next {ago}', ago=ago(bucket.next_refresh_at))}" if bucket.next_refresh_at else every

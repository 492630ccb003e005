"""Refreshing: each bucket is read by one flight at a time, flights of one spreadsheet are one call.

Whoever asks for a bucket that is on its way joins that flight. A flight belongs to nobody: a caller that gives up does
not stop it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from coreops.cache.bucket import Bucket
from coreops.cache.loader import Loader
from coreops.cache.planner import Batch, Want, batches
from coreops.cache.unchanged import Unchanged, weight
from coreops.telemetry.phrases import error_text
from coreops_hookspecs.cache import LastGood, RefreshResult, Snapshot
from coreops_hookspecs.context import Logger
from coreops_hookspecs.errors import CacheError, ConfigError, SheetsError
from coreops_hookspecs.sheets import JsonTable, Table
from coreops_hookspecs.telemetry import Event, RefreshCompleted
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.sheets.rows import Parsed
from coreops_shared.state.records import Provenance, StoredSnapshot, pack

__all__ = ["Refreshed", "Refresher", "SnapshotStore"]

T = TypeVar("T")
Refreshed = Callable[[RefreshResult], Awaitable[None]]
"""Called after each refresh, successful or not."""


class SnapshotStore(Protocol):
    """The part of the state store that keeps last good tables."""

    async def save_snapshot(self, bucket: str, payload: bytes, provenance: Provenance) -> None: ...
    async def load_snapshot(self, bucket: str) -> StoredSnapshot | None: ...


class Refresher:
    """Reads buckets.

    Args:
        loader: Gets tables and records.
        unchanged: Asks whether a spreadsheet changed.
        clock: Source of time.
        log: Logger.
        publish: Puts an event on the bus.
        spreadsheet_id: Looks up the id under a setting's key; ``None`` if the setting has no value.
        store: Keeps last good tables, if there is one.
        refreshed: See :data:`Refreshed`.
        spread: Returns which part of the jitter is a spreadsheet's; the same for all its buckets, so that they stay
            together in one read.
        changed: Told of every bucket whose state changed, before anybody is told of the refresh.
    """

    def __init__(
        self,
        loader: Loader,
        unchanged: Unchanged,
        *,
        clock: Clock,
        log: Logger,
        publish: Callable[[Event], None],
        spreadsheet_id: Callable[[str], str | None],
        store: SnapshotStore | None,
        refreshed: Refreshed | None,
        changed: Callable[[Bucket], None],
        spread: Callable[[str], float],
    ) -> None:
        self._loader = loader
        self._unchanged = unchanged
        self._clock = clock
        self._log = log
        self._publish = publish
        self._spreadsheet_id = spreadsheet_id
        self._store = store
        self._refreshed = refreshed
        self._changed = changed
        self._spread = spread
        self._flights: dict[Bucket, asyncio.Future[RefreshResult]] = {}
        self._to_be_read: set[Bucket] = set()
        """Buckets on their way that somebody wants to have read, whether they changed or not."""
        self._tasks: set[asyncio.Task[Any]] = set()

    def want(self, bucket: Bucket) -> Want:
        """Return what a bucket wants from which spreadsheet."""
        spec = bucket.spec
        return Want(spec.name, self._spreadsheet_id(spec.spreadsheet) or "", spec.tab, bucket.due_at)

    def launch(
        self, buckets: Sequence[Bucket], actor: str, *, spare: bool = False
    ) -> Sequence[asyncio.Future[RefreshResult]]:
        """Begin to read what is not being read already; return a future for each bucket, never to be cancelled.

        With ``spare`` a spreadsheet that has not changed need not be read.
        """
        loop = asyncio.get_running_loop()
        if not spare:
            self._to_be_read.update(buckets)
        grounded = {bucket.spec.name: bucket for bucket in buckets if bucket not in self._flights}
        for bucket in grounded.values():
            bucket.loading = True
            self._flights[bucket] = loop.create_future()
        futures = [self._flights[bucket] for bucket in buckets]
        trace_id = trace.current() or trace.new()
        for batch in batches(map(self.want, grounded.values())):
            aboard = {want.bucket: grounded[want.bucket] for want in batch.wants}
            self._spawn(self._fly(batch, aboard, actor, trace_id), f"refresh {', '.join(aboard)}")
        return futures

    async def stop(self, grace: float = 1.0) -> None:
        """Give what is on its way ``grace`` seconds, then end it; its callers get a failed result."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        while self._tasks:  # what is ended may still tell of it
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)

    async def _fly(self, batch: Batch, aboard: Mapping[str, Bucket], actor: str, trace_id: str) -> None:
        started = self._clock.monotonic()
        with trace.span(trace_id), trace.acting(actor):
            try:
                await asyncio.gather(*map(self._restore, aboard.values()))
                if not batch.spreadsheet:
                    for bucket in aboard.values():
                        self._settle(bucket, _without_id(bucket), None, started, 0)
                    return
                version = await self._version(batch, aboard.values())
                if version is not None and self._is_spared(batch.spreadsheet, version, aboard.values()):
                    for bucket in aboard.values():
                        self._confirm(bucket, started)
                    return
                read = await self._loader.read(batch)
                for want in batch.wants:
                    bucket, table = aboard[want.bucket], read.tables[want.tab]
                    bucket.spread = self._spread(batch.spreadsheet)
                    bucket.look = read.looks.get(want.tab)
                    bucket.version = bucket.version if version is None else (batch.spreadsheet, version)
                    if isinstance(table, BaseException):
                        self._settle(bucket, table, None, started, read.retries)
                    else:
                        parsed = await self._loader.parse(bucket, table)
                        self._settle(bucket, parsed, table, started, read.retries)
                    if want.tab != bucket.spec.tab:  # it was moved meanwhile
                        bucket.expire(self._clock.monotonic())
                        self._changed(bucket)
            finally:
                for bucket in aboard.values():
                    if bucket in self._flights:
                        self._settle(bucket, CacheError("the refresh was ended before it was done"), None, started, 0)

    def _settle(
        self,
        bucket: Bucket,
        found: Parsed[Any] | BaseException,
        table: Table | JsonTable | None,
        started: float,
        retries: int,
    ) -> None:
        """Bring a bucket's flight to its end: take over what was found, and tell everybody."""
        now, at = self._clock.monotonic(), self._clock.now()
        took, actor, reference = now - started, trace.actor(), trace.current()
        name = bucket.spec.name
        result = RefreshResult(
            bucket=name,
            ok=not isinstance(found, BaseException),
            duration=took,
            retries=retries,
            actor=actor,
            trace=reference,
            rows=0 if isinstance(found, BaseException) else len(found.rows),
            problem_count=0 if isinstance(found, BaseException) else found.problem_count,
            error=error_text(found) if isinstance(found, BaseException) else "",
        )
        if isinstance(found, BaseException):
            bucket.fail(result, at, now, found.retry_after if isinstance(found, SheetsError) else None)
        else:
            bucket.weight = 0 if table is None else weight(table)
            bucket.succeed(_snapshot(bucket, found, at, restored=False), result, at, now)
        self._land(bucket, result, at)
        if result.ok and table is not None and self._store is not None and not bucket.removed:
            save = self._save(self._store, bucket, table, at)
            self._spawn(self._tried(f"save bucket {name}", save), f"save {name}")

    async def _version(self, batch: Batch, buckets: Collection[Bucket]) -> datetime | None:
        """Return when the spreadsheet changed, where its read may be spared for that."""
        if not self._to_be_read.isdisjoint(buckets):
            return None
        return await self._unchanged.modified_at(batch.spreadsheet, buckets)

    def _is_spared(self, spreadsheet: str, version: datetime, buckets: Collection[Bucket]) -> bool:
        same = all(bucket.version == (spreadsheet, version) for bucket in buckets)
        return same and self._to_be_read.isdisjoint(buckets)  # somebody may have asked for it meanwhile

    def _confirm(self, bucket: Bucket, started: float) -> None:
        """Bring a bucket's flight to its end without a read."""
        now, at, snapshot = self._clock.monotonic(), self._clock.now(), bucket.snapshot
        assert snapshot is not None
        result = RefreshResult(
            bucket=bucket.spec.name,
            ok=True,
            duration=now - started,
            retries=0,
            actor=trace.actor(),
            trace=trace.current(),
            rows=len(snapshot.rows),
            problem_count=snapshot.problem_count,
            unchanged=True,
        )
        bucket.confirm(snapshot, result, at, now)
        self._land(bucket, result, at)

    def _land(self, bucket: Bucket, result: RefreshResult, at: datetime) -> None:
        """Tell everybody how a flight ended."""
        bucket.loading = False
        self._to_be_read.discard(bucket)
        self._changed(bucket)
        self._flights.pop(bucket).set_result(result)
        if bucket.removed:
            return
        self._publish(RefreshCompleted(at=at, trace=result.trace, actor=result.actor, result=result))
        if self._refreshed is not None:
            told = self._tried(f"tell of bucket {result.bucket}", self._refreshed(result))
            self._spawn(told, f"refreshed {result.bucket}")

    async def _save(self, store: SnapshotStore, bucket: Bucket, table: Table | JsonTable, at: datetime) -> None:
        packed = await asyncio.to_thread(pack, table, at)
        await store.save_snapshot(bucket.spec.name, packed.payload, packed.provenance)
        bucket.last_good = _last_good(packed.provenance)

    async def _restore(self, bucket: Bucket) -> None:
        """Take the last good table from disk for a bucket that has nothing yet, if it is of the same tab."""
        if self._store is None or bucket.snapshot is not None or bucket.last is not None:
            return
        name, want = bucket.spec.name, self.want(bucket)
        stored = await self._tried(f"restore bucket {name}", self._store.load_snapshot(name))
        if stored is None or (stored.provenance.spreadsheet, stored.provenance.tab) != (want.spreadsheet, want.tab):
            return
        table = await self._tried(f"restore bucket {name}", asyncio.to_thread(stored.table))
        parsed = None if table is None else await self._loader.parse(bucket, table)
        if isinstance(parsed, BaseException):
            self._log.warning("the last good copy does not fit", bucket=name, error=error_text(parsed))
        elif parsed is not None:
            copy = _snapshot(bucket, parsed, stored.provenance.loaded_at, restored=True)
            bucket.last_good = _last_good(stored.provenance)
            bucket.restore(copy, self._clock.now(), self._clock.monotonic())
            self._changed(bucket)

    async def _tried(self, what: str, work: Awaitable[T]) -> T | None:
        """Await work that the refresh does not depend on; log what it raises."""
        (found,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(found, BaseException):
            self._log.warning(f"could not {what}", error=error_text(found))
            return None
        return found

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _snapshot(bucket: Bucket, parsed: Parsed[Any], loaded_at: datetime, *, restored: bool) -> Snapshot[Any]:
    return Snapshot(
        bucket=bucket.spec.name,
        rows=parsed.rows,
        by_key=parsed.by_key,
        loaded_at=loaded_at,
        revision=0 if restored else bucket.next_revision,
        problem_count=parsed.problem_count,
        problems=parsed.problems,
        restored=restored,
        key=bucket.spec.key,
    )


def _last_good(kept: Provenance) -> LastGood:
    return LastGood(kept.spreadsheet, kept.tab, kept.loaded_at, kept.sha256)


def _without_id(bucket: Bucket) -> ConfigError:
    key = bucket.spec.spreadsheet
    return ConfigError(f"bucket {bucket.spec.name!r} reads the spreadsheet of {key}, which has no value; set {key}")

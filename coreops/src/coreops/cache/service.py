"""The cache: serves snapshots by one reference read and keeps them fresh in the background.

A stale snapshot is served while it is refreshed; a failed refresh keeps the last good one and says since when and why.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from coreops.cache.bucket import Bucket
from coreops.cache.loader import Loader, Tables
from coreops.cache.planner import Want, batches, due
from coreops.cache.refresher import Refreshed, Refresher, SnapshotStore
from coreops.cache.unchanged import Unchanged
from coreops.cache.watch import WATCH, Watch
from coreops.plugins.guard import Guard
from coreops.telemetry.lines import RUNTIME
from coreops.telemetry.notable import STARTUP
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketSpec, BucketStatus, RefreshResult, Snapshot
from coreops_hookspecs.context import Logger
from coreops_hookspecs.errors import BucketColdError, DeclarationError, UnknownBucketError
from coreops_hookspecs.health import CheckResult, HealthStatus
from coreops_hookspecs.telemetry import Event, Noted
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.locales import NEUTRAL, Locale
from coreops_shared.suggest import did_you_mean
from coreops_shared.texts import say

__all__ = ["CacheService"]

_HORIZON: Final = 5.0
"""Seconds: what is due this soon is read along when its spreadsheet is read anyway."""
_SHORTEST_TICK: Final = 0.25
_LONGEST_TICK: Final = 5.0
_CRON: Final = "cron"


class CacheService:
    """Buckets; implements :class:`coreops_hookspecs.Cache`.

    Args:
        sheets: Where tables come from.
        clock: Source of time.
        guard: Door to records' and columns' code.
        log: Logger.
        publish: Puts an event on the bus.
        spreadsheet_id: Looks up the id under a setting's key; ``None`` if the setting has no value.
        store: Keeps last good tables across restarts.
        refreshed: Called after each refresh, successful or not.
        locale: How cells are written.
        spread: Returns which part of the jitter is a spreadsheet's, from 0 to 1.
        watch: Whether to look for edits in a store that can be watched.
    """

    def __init__(
        self,
        *,
        sheets: Tables,
        clock: Clock,
        guard: Guard,
        log: Logger,
        publish: Callable[[Event], None],
        spreadsheet_id: Callable[[str], str | None],
        store: SnapshotStore | None = None,
        refreshed: Refreshed | None = None,
        locale: Locale = NEUTRAL,
        spread: Callable[[str], float] = lambda _: 0.0,
        enabled: Callable[[str], bool] = lambda _: True,
        watch: bool = False,
    ) -> None:
        self._clock = clock
        self._monotonic = clock.monotonic
        self._publish = publish
        self._spreadsheet_id = spreadsheet_id
        self._enabled = enabled
        self._buckets: dict[str, Bucket] = {}
        self._served: dict[str, Snapshot[Any]] = {}
        """Snapshots that need no second look, kept in step by the loop: reading one costs no look at the clock."""
        self.paused: set[str] = set()
        """Names of buckets that are read only when somebody asks for it."""
        self._loop: asyncio.Task[None] | None = None
        self._watch = Watch(sheets, clock, self._watched, self._edited) if watch else None
        self._watching: asyncio.Task[None] | None = None
        self._refresher = Refresher(
            Loader(sheets, guard, locale),
            Unchanged(sheets, clock),
            clock=clock,
            log=log,
            publish=publish,
            spreadsheet_id=spreadsheet_id,
            store=store,
            refreshed=refreshed,
            changed=self._serve,
            spread=spread,
        )

    def add(self, plugin: str, spec: BucketSpec[Any]) -> Callable[[], None]:
        """Take up a bucket; it is read soon. Returns what removes it.

        Raises:
            DeclarationError: the name is taken, or the declaration cannot be used.
        """
        taken = self._buckets.get(spec.name)
        if taken is not None:
            msg = (
                f"bucket {spec.name!r} of plugin {plugin!r} is already there, from plugin {taken.plugin!r}; rename one"
            )
            raise DeclarationError(msg)
        compile_spec(spec)
        bucket = Bucket(plugin, spec, self._monotonic())
        self._buckets[spec.name] = bucket
        return partial(self._remove, bucket)

    def retune(self, spec: BucketSpec[Any]) -> BucketSpec[Any]:
        """Give a bucket other times or another tab, which is read at once; return what it was.

        What is served stays until there is something newer.

        Raises:
            UnknownBucketError: no such bucket.
            DeclarationError: the times cannot be used.
        """
        bucket = self._bucket(spec.name)
        before = bucket.spec
        if before != spec:
            bucket.retune(spec, self._clock.now(), self._monotonic())
            self._serve(bucket)
        if before.tab != spec.tab and self._loop is not None and not bucket.loading:
            self._refresher.launch([bucket], trace.actor() or _CRON)
        return before

    def get_snapshot(self, name: str) -> Snapshot[Any]:
        """Return a bucket's snapshot; see :meth:`coreops_hookspecs.Cache.get_snapshot`."""
        try:
            return self._served[name]
        except KeyError:
            pass
        return self._look(self._bucket(name))

    def status(self, name: str) -> BucketStatus:
        """Return what is known of one bucket. Raises UnknownBucketError."""
        bucket = self._bucket(name)
        spreadsheet = self._spreadsheet_id(bucket.spec.spreadsheet) or ""
        return bucket.status(self._clock.now(), self._monotonic(), spreadsheet, idle=self._idle(bucket))

    def list_buckets(self) -> Sequence[BucketStatus]:
        """Return what is known of every bucket, by name."""
        return [self.status(name) for name in sorted(self._buckets)]

    def buckets(self) -> Sequence[Bucket]:
        """Return the state of every bucket, by name; for this room only."""
        return [bucket for _, bucket in sorted(self._buckets.items())]

    def full_refresh_reads(self) -> int:
        """Return how many requests it takes to read every bucket again: one for each spreadsheet."""
        return sum(bool(batch.spreadsheet) for batch in batches(map(self._refresher.want, self.buckets())))

    async def refresh_now(self, name: str, *, actor: str) -> RefreshResult:
        """Refresh one bucket and wait; a bucket that is being read is not read twice. Raises UnknownBucketError."""
        return (await self.refresh_now_many([name], actor=actor))[0]

    async def refresh_now_many(self, names: Sequence[str], *, actor: str) -> Sequence[RefreshResult]:
        """Refresh buckets in as few reads as possible and wait. Raises UnknownBucketError before any read."""
        futures = self._refresher.launch([self._bucket(name) for name in names], actor)
        return await asyncio.gather(*map(asyncio.shield, futures))

    async def preload(self, deadline: float) -> None:
        """Fill every bucket and begin to keep them fresh.

        Returns when all are read, or after ``deadline`` seconds; what is not done then goes on in the background.
        """
        started = self._monotonic()
        buckets = self.buckets()
        futures = self._refresher.launch(buckets, STARTUP)
        if futures:
            await asyncio.wait(futures, timeout=deadline)
            self._tell_of_preload(buckets, futures, self._monotonic() - started)
        if self._loop is None:
            self._loop = asyncio.create_task(self._refresh_for_ever(), name="cache")
            if self._watch is not None:
                self._watching = asyncio.create_task(self._watch.run(), name="cache watch")

    async def stop(self) -> None:
        """Begin no more refreshes, and end those that are on their way."""
        for task in filter(None, (self._watching, self._loop)):
            task.cancel()
            await asyncio.wait([task])
        self._watching = self._loop = None
        self._served.clear()
        await self._refresher.stop()

    def health(self) -> CheckResult:
        """Return whether buckets are fresh; the component ``buckets`` of the health report."""
        now = self._monotonic()
        needed = [bucket for bucket in self.buckets() if not self._idle(bucket)]
        cold = [bucket.spec.name for bucket in needed if not bucket.is_available(now)]
        stale = [bucket.spec.name for bucket in needed if bucket.is_available(now) and bucket.is_stale(now)]
        if not cold and not stale:
            return CheckResult(HealthStatus.OK, f"{len(self._buckets)} fresh")
        told = [f"{len(cold)} without data: {', '.join(cold)}"] if cold else []
        told += [f"{len(stale)} stale: {', '.join(stale)}"] if stale else []
        return CheckResult(HealthStatus.DEGRADED, "; ".join(told))

    def _idle(self, bucket: Bucket) -> bool:
        """Tell whether all features that need a bucket are switched off."""
        toggles = bucket.spec.toggles
        return bool(toggles) and not any(map(self._enabled, toggles))

    def _look(self, bucket: Bucket) -> Snapshot[Any]:
        """Serve a bucket that may need more than a glance: it may be due, too old, or have no data."""
        now = self._monotonic()
        if now < bucket.look_at:
            return bucket.snapshot  # type: ignore[return-value] # look_at is in the past while there is none
        if now >= bucket.due_at and not bucket.loading and bucket.spec.name not in self.paused:
            self._refresher.launch([bucket], trace.actor() or _CRON, spare=True)
        if bucket.snapshot is not None and bucket.is_available(now):
            return bucket.snapshot
        raise self._cold(bucket)

    def _cold(self, bucket: Bucket) -> BucketColdError:
        name, max_age = bucket.spec.name, bucket.spec.max_age
        if bucket.snapshot is not None and max_age is not None:
            how = f"is older than its maximum age of {duration(max_age)}"
            told = say("The table `{name}` is too old to be shown, and could not be read again yet.", name=name)
        else:
            how = "has not been read yet"
            told = say("The table `{name}` could not be read yet.", name=name)
        why = bucket.last.error if bucket.last is not None else ""
        hint = say("Try again in a minute; staff see the cause in `ops health`.")
        return BucketColdError(f"bucket {name!r} {how}" + (f": {why}" if why else ""), user_message=f"{told} {hint}")

    def _bucket(self, name: str) -> Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            raise self._unknown(name)
        return bucket

    def _unknown(self, name: str) -> UnknownBucketError:
        known = ", ".join(sorted(self._buckets)) or "none"
        msg = f"no bucket {name!r}{did_you_mean(name, self._buckets)}"
        return UnknownBucketError(msg, user_message=f"There is no bucket {name}. Known: {known}.")

    def _serve(self, bucket: Bucket) -> None:
        """Serve a bucket without a second look from now on, or not any more."""
        name = bucket.spec.name
        if self._buckets.get(name) is not bucket:
            return
        endless = bucket.spec.max_age is None  # the others are looked at each time: to the tick is too late for them
        if endless and self._loop is not None and bucket.snapshot is not None and self._monotonic() < bucket.look_at:
            self._served[name] = bucket.snapshot
        else:
            self._served.pop(name, None)

    def _remove(self, bucket: Bucket) -> None:
        bucket.removed = True
        if self._buckets.get(bucket.spec.name) is bucket:
            del self._buckets[bucket.spec.name]
            self._served.pop(bucket.spec.name, None)

    async def _refresh_for_ever(self) -> None:
        while True:
            now = self._monotonic()
            for bucket in self._buckets.values():
                self._serve(bucket)
            kept = [bucket for name, bucket in self._buckets.items() if name not in self.paused]
            waiting = {bucket.spec.name: bucket for bucket in kept if not bucket.loading}
            wants = due(map(self._refresher.want, waiting.values()), now, _HORIZON)
            if wants:
                with trace.span():
                    self._refresher.launch([waiting[want.bucket] for want in wants], _CRON, spare=True)
            soonest = min((_turn(bucket, now) for bucket in kept), default=math.inf)
            await self._clock.sleep(min(max(soonest - now, _SHORTEST_TICK), _LONGEST_TICK))

    def _watched(self) -> Sequence[tuple[Bucket, Want]]:
        """Return what the watch looks at; an edit of what is switched off is noticed when that is switched on."""
        kept = [bucket for name, bucket in self._buckets.items() if name not in self.paused and not self._idle(bucket)]
        return [(bucket, self._refresher.want(bucket)) for bucket in kept]

    def _edited(self, buckets: Sequence[Bucket]) -> None:
        with trace.span():
            self._refresher.launch(buckets, WATCH)

    def _tell_of_preload(
        self, buckets: Sequence[Bucket], futures: Sequence[asyncio.Future[RefreshResult]], took: float
    ) -> None:
        done = {
            bucket.spec.name: future.result() for bucket, future in zip(buckets, futures, strict=True) if future.done()
        }
        failed = [name for name, result in done.items() if not result.ok]
        late = [bucket.spec.name for bucket in buckets if bucket.spec.name not in done]
        values: list[tuple[str, str | int | float]] = [
            ("buckets", len(buckets)),
            ("rows", sum(result.rows for result in done.values())),
            ("seconds", round(took, 3)),
        ]
        values += [("failed", ", ".join(failed))] if failed else []
        values += [("still_loading", ", ".join(late))] if late else []
        values += [("severity", "warning")] if failed or late else []
        at = self._clock.now()
        self._publish(
            Noted(at=at, trace=trace.current(), actor=STARTUP, plugin=RUNTIME, name="preload", values=tuple(values))
        )


def _turn(bucket: Bucket, now: float) -> float:
    """Return when a bucket wants the loop's attention again; one that is being read may end at any moment."""
    if bucket.loading:
        return now
    return bucket.look_at if bucket.look_at > now else bucket.due_at

"""One bucket's state: its snapshot, when to read it again, and how the last attempts went. Pure.

Instants that decide something are monotonic seconds and come in as arguments; instants that are shown are UTC.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any, Final

from coreops.scheduler.cron import Cron
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketSpec, BucketStatus, LastGood, RefreshResult, Snapshot
from coreops_hookspecs.errors import DeclarationError
from coreops_shared.sheets.headers import RecordPlan

__all__ = ["Bucket", "check_times"]

_JITTER: Final = 0.05
_LONGEST_JITTER: Final = 60.0
_FIRST_RETRY: Final = 30.0
_LONGEST_RETRY: Final = 900.0
"""Seconds until a bucket that could not be read is tried again; doubled from one failure to the next."""


class Bucket:
    """The state of one bucket. ``snapshot`` is replaced, never changed.

    Args:
        plugin: Its owner.
        spec: Its declaration.
        now: Monotonic seconds; a new bucket is due at once.

    Raises:
        DeclarationError: ``ttl``, ``max_age`` or ``cron`` cannot be used.
    """

    __slots__ = (
        "_expires_at",
        "_failures",
        "_fresh_until",
        "_revision",
        "checked_at",
        "cron",
        "due_at",
        "failing_since",
        "last",
        "last_at",
        "last_good",
        "loading",
        "look",
        "look_at",
        "plan",
        "plugin",
        "removed",
        "snapshot",
        "spared",
        "spec",
        "spread",
        "version",
        "weight",
    )

    def __init__(self, plugin: str, spec: BucketSpec[Any], now: float) -> None:
        self.plugin = plugin
        self.spec = spec
        self.cron = check_times(spec)
        self.snapshot: Snapshot[Any] | None = None
        self.loading = False
        self.removed = False
        self.last: RefreshResult | None = None
        self.last_at: datetime | None = None
        self.spread = 0.0
        """Which part of the jitter is its spreadsheet's, from 0 to 1."""
        self.look: str | None = None
        """What its tab looked like from outside just before its rows were read; ``None`` if the store cannot tell."""
        self.plan: RecordPlan[Any] | None = None
        """By which its rows are read; made at the first read, and anew for another declaration."""
        self.last_good: LastGood | None = None
        """The copy on disk, once it is known."""
        self.version: tuple[str, datetime] | None = None
        """Spreadsheet, and when it had last changed before its rows were read."""
        self.weight = 0
        """About how many bytes its tab had."""
        self.spared = 0
        """How many refreshes since the last read needed none, because nothing had changed."""
        self.checked_at: datetime | None = None
        """When the rows were last known to be those of the store without being read."""
        self.failing_since: datetime | None = None
        self.due_at = now
        """When it is to be read in the background."""
        self.look_at = -math.inf
        """Until then a read needs no second look: there is a snapshot, and it is neither due nor too old."""
        self._fresh_until = -math.inf
        self._expires_at = -math.inf
        self._failures = 0
        self._revision = 0

    def is_stale(self, now: float) -> bool:
        """Tell whether newer data should have been read by now."""
        return now >= self._fresh_until

    def is_available(self, now: float) -> bool:
        """Tell whether there is a snapshot that is not older than ``max_age``."""
        return self.snapshot is not None and now < self._expires_at

    @property
    def was_read(self) -> bool:
        """Whether the snapshot was read in this process and the last refresh did not fail."""
        return self.snapshot is not None and not self.snapshot.restored and self.last is not None and self.last.ok

    @property
    def next_revision(self) -> int:
        """Revision of the snapshot that the next successful refresh makes."""
        return self._revision + 1

    def succeed(self, snapshot: Snapshot[Any], result: RefreshResult, at: datetime, now: float) -> None:
        """Take a snapshot that was read just now."""
        self._revision = snapshot.revision
        self.spared, self.checked_at = 0, None
        self._well(snapshot, result, at, now)

    def confirm(self, snapshot: Snapshot[Any], result: RefreshResult, at: datetime, now: float) -> None:
        """Serve what is served for another while, because the spreadsheet has not changed since it was read."""
        self.spared += 1
        self.checked_at = at
        self._well(snapshot, result, at, now)

    def restore(self, snapshot: Snapshot[Any], at: datetime, now: float) -> None:
        """Take the last good copy from disk, unless something newer is there; it is due at once."""
        if self.snapshot is None:
            self._take(snapshot, at, now)
            self.due_at = now
            self.look_at = min(self.look_at, now)

    def retune(self, spec: BucketSpec[Any], at: datetime, now: float) -> None:
        """Take other times or another tab; what is served stays until that was read. Raises DeclarationError."""
        moved = spec.tab != self.spec.tab
        self.cron, self.spec = check_times(spec), spec
        if self.snapshot is not None:
            self._take(self.snapshot, at, now)
        if moved:
            self.expire(now)

    def expire(self, now: float) -> None:
        """Let the bucket be due at once, because what it holds is not what it should."""
        self.version = None
        self.due_at = self._fresh_until = now
        self.look_at = min(self.look_at, now)

    def fail(self, result: RefreshResult, at: datetime, now: float, retry_after: float | None = None) -> None:
        """Note that a refresh failed; the snapshot stays. ``retry_after`` is in seconds, if the store gave one."""
        pause = min(_FIRST_RETRY * 2.0**self._failures, _LONGEST_RETRY, self.spec.ttl.total_seconds())
        self._failures += 1
        self.failing_since = self.failing_since or at
        self.due_at = now + max(pause, retry_after or 0.0)
        self.look_at = min(self.due_at, self._expires_at) if self.snapshot is not None else -math.inf
        self._note(result, at)

    def status(self, at: datetime, now: float, spreadsheet: str, *, idle: bool = False) -> BucketStatus:
        """Return what is publicly known of the bucket."""
        snapshot, last = self.snapshot, self.last
        known_at = None if snapshot is None else self.checked_at or snapshot.loaded_at
        return BucketStatus(
            name=self.spec.name,
            plugin=self.plugin,
            spreadsheet=spreadsheet,
            tab=self.spec.tab,
            available=self.is_available(now),
            stale=self.is_stale(now),
            restored=snapshot is not None and snapshot.restored,
            age=None if known_at is None else max((at - known_at).total_seconds(), 0.0),
            ttl=self.spec.ttl.total_seconds(),
            next_refresh_at=at + timedelta(seconds=max(self.due_at - now, 0.0)),
            loaded_at=None if snapshot is None else snapshot.loaded_at,
            rows=0 if snapshot is None else len(snapshot.rows),
            problem_count=0 if snapshot is None else snapshot.problem_count,
            problems=() if snapshot is None else snapshot.problems,
            revision=self._revision,
            duration=None if last is None else last.duration,
            retries=0 if last is None else last.retries,
            last_actor="" if last is None else last.actor,
            last_result="never" if last is None else "ok" if last.ok else "error",
            last_error="" if last is None else last.error,
            failing_since=self.failing_since,
            setting=self.spec.spreadsheet,
            max_age=None if self.spec.max_age is None else self.spec.max_age.total_seconds(),
            cron="" if self.cron is None else self.cron.expression,
            refreshing=self.loading,
            last_good=self.last_good,
            checked_at=self.checked_at,
            spared=self.spared,
            idle=idle,
        )

    def _well(self, snapshot: Snapshot[Any], result: RefreshResult, at: datetime, now: float) -> None:
        self._failures = 0
        self.failing_since = None
        self._take(snapshot, at, now)
        self._note(result, at)

    def _take(self, snapshot: Snapshot[Any], at: datetime, now: float) -> None:
        known_at = self.checked_at or snapshot.loaded_at
        age = max((at - known_at).total_seconds(), 0.0)
        self.snapshot = snapshot
        self.due_at = self._fresh_until = now + self._lifetime(known_at) - age
        max_age = self.spec.max_age
        self._expires_at = math.inf if max_age is None else now + max_age.total_seconds() - age
        self.look_at = min(self.due_at, self._expires_at)

    def _lifetime(self, known_at: datetime) -> float:
        """Return how long data known at that instant is fresh, in seconds.

        Jitter, so that bots and spreadsheets do not all ask at the same instant, is up to a twentieth of that and a
        minute: a time to live ends earlier by it, a cron comes later.
        """
        if self.cron is None:
            ttl = self.spec.ttl.total_seconds()
            return ttl - self.spread * min(ttl * _JITTER, _LONGEST_JITTER)
        until = (self.cron.next_after(known_at) - known_at).total_seconds()
        return until + self.spread * min(until * _JITTER, _LONGEST_JITTER)

    def _note(self, result: RefreshResult, at: datetime) -> None:
        self.last, self.last_at = result, at


def check_times(spec: BucketSpec[Any]) -> Cron | None:
    """Return when a bucket is to be read, if that is said by the clock.

    Raises:
        DeclarationError: ``ttl``, ``max_age`` or ``cron`` cannot be used.
    """
    if spec.ttl <= timedelta(0):
        msg = f"bucket {spec.name!r}: ttl is {duration(spec.ttl)}; give more than nothing"
        raise DeclarationError(msg)
    if spec.max_age is not None and spec.max_age < spec.ttl:
        msg = f"bucket {spec.name!r}: max_age {duration(spec.max_age)} is shorter than its ttl {duration(spec.ttl)}"
        raise DeclarationError(msg)
    if spec.cron is None:
        return None
    try:
        return Cron(spec.cron)
    except DeclarationError as problem:
        msg = f"bucket {spec.name!r}: {problem}"
        raise DeclarationError(msg) from None

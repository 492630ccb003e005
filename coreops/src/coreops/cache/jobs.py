"""The buckets' refreshes as jobs: listed beside the plugins' jobs and run under the same names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Protocol

from coreops.cache.bucket import Bucket
from coreops.cache.service import CacheService
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.errors import CoreOpsError, UnknownJobError
from coreops_hookspecs.jobs import JobRun, JobStatus, Pause, RunOutcome
from coreops_shared.clock import Clock
from coreops_shared.state.runs import JobMemory

__all__ = ["RefreshJobs"]

_PREFIX: Final = "refresh."


class PauseStore(Protocol):
    """The part of the state store that keeps pauses and runs."""

    async def latest(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]: ...
    async def memory(self) -> JobMemory: ...
    async def pause(self, job: str, pause: Pause | None) -> None: ...


class RefreshJobs:
    """Implements :class:`coreops_hookspecs.Scheduler` over the cache: the job ``refresh.<bucket>`` reads a bucket.

    Args:
        cache: Where the buckets are.
        clock: Source of time.
        store: Keeps pauses and runs.
    """

    def __init__(self, cache: CacheService, clock: Clock, store: PauseStore) -> None:
        self._cache = cache
        self._clock = clock
        self._store = store
        self._pauses: dict[str, Pause] = {}
        self._last: Mapping[str, JobRun] = {}

    async def remember(self) -> None:
        """Keep paused what was paused before this start, and how each last refresh went, if that can be read."""
        with suppress(CoreOpsError):  # the store's health tells
            memory = await self._store.memory()
            self._pauses = {job: pause for job, pause in memory.pauses.items() if job.startswith(_PREFIX)}
            self._last = memory.last
            self._cache.paused |= {job.removeprefix(_PREFIX) for job in self._pauses}

    def list_jobs(self) -> Sequence[JobStatus]:
        """Return one job for each bucket, by name."""
        return [self._status(bucket) for bucket in self._cache.buckets()]

    def upcoming(self, name: str, count: int = 5) -> Sequence[datetime]:
        """Return when a bucket is read next. Raises UnknownJobError."""
        bucket = self._bucket(name)
        found = [self._due(bucket)]
        while len(found) < count:
            after = found[-1]
            found.append(after + bucket.spec.ttl if bucket.cron is None else bucket.cron.next_after(after))
        return found

    async def run_now(self, name: str, *, actor: str) -> JobRun:
        """Refresh the job's bucket and wait. Raises UnknownJobError."""
        bucket = self._bucket(name)
        result = await self._cache.refresh_now(bucket.spec.name, actor=actor)
        return _run(bucket, result, self._clock.now())

    async def pause(self, name: str, *, actor: str) -> JobStatus:
        """Read a bucket only when somebody asks for it. Raises UnknownJobError, or CoreOpsError."""
        bucket = self._bucket(name)
        self._cache.paused.add(bucket.spec.name)
        pause = self._pauses.setdefault(name, Pause(actor, self._clock.now()))
        await self._store.pause(name, pause)
        return self._status(bucket)

    async def resume(self, name: str, *, actor: str) -> JobStatus:  # noqa: ARG002 - the protocol's signature
        """Keep a bucket fresh again; one that is due is read at once. Raises as :meth:`pause` does."""
        bucket = self._bucket(name)
        self._cache.paused.discard(bucket.spec.name)
        self._pauses.pop(name, None)
        await self._store.pause(name, None)
        return self._status(bucket)

    async def history(self, name: str, limit: int = 20) -> Sequence[JobRun]:
        """Return the latest refreshes of a bucket, newest first. Raises CoreOpsError."""
        return await self._store.latest(name, limit)

    def run_of(self, result: RefreshResult) -> JobRun | None:
        """Return the record of a refresh, if its bucket is still there."""
        bucket = next((each for each in self._cache.buckets() if each.spec.name == result.bucket), None)
        return None if bucket is None else _run(bucket, result, self._clock.now())

    def _bucket(self, name: str) -> Bucket:
        for bucket in self._cache.buckets():
            if _PREFIX + bucket.spec.name == name:
                return bucket
        msg = f"no job {name!r}"
        raise UnknownJobError(msg)

    def _due(self, bucket: Bucket) -> datetime:
        return self._clock.now() + timedelta(seconds=max(bucket.due_at - self._clock.monotonic(), 0))

    def _status(self, bucket: Bucket) -> JobStatus:
        spec, last = bucket.spec, bucket.last
        name = _PREFIX + spec.name
        return JobStatus(
            name=name,
            plugin=bucket.plugin,
            schedule=f"every {duration(spec.ttl)}" if bucket.cron is None else bucket.cron.expression,
            timezone="UTC",
            next_at=None if name in self._pauses else self._due(bucket),
            running=bucket.loading,
            last=self._last.get(name) if last is None or bucket.last_at is None else _run(bucket, last, bucket.last_at),
            help=f"Read tab {spec.tab} of {spec.spreadsheet}",
            pause=self._pauses.get(name),
            policy="missed: run once, overlap: joins the refresh that goes on",
        )


def _run(bucket: Bucket, result: RefreshResult, ended_at: datetime) -> JobRun:
    started_at = ended_at - timedelta(seconds=result.duration)
    return JobRun(
        job=_PREFIX + result.bucket,
        plugin=bucket.plugin,
        scheduled_for=started_at,
        started_at=started_at,
        duration=result.duration,
        outcome=RunOutcome.OK if result.ok else RunOutcome.ERROR,
        actor=result.actor,
        trace=result.trace,
        error=result.error,
    )

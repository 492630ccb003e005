"""The buckets' refreshes as jobs: listed beside the plugins' jobs and run under the same names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from coreops.cache.bucket import Bucket
from coreops.cache.service import CacheService
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun, JobStatus, RunOutcome
from coreops_shared.clock import Clock

__all__ = ["RefreshJobs"]

_PREFIX: Final = "refresh."


class RefreshJobs:
    """Implements :class:`coreops_hookspecs.Scheduler` over the cache: the job ``refresh.<bucket>`` reads a bucket.

    Args:
        cache: Where the buckets are.
        clock: Source of time.
    """

    def __init__(self, cache: CacheService, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock

    def list_jobs(self) -> Sequence[JobStatus]:
        """Return one job for each bucket, by name."""
        at, now = self._clock.now(), self._clock.monotonic()
        return [
            self._status(bucket, at + timedelta(seconds=max(bucket.due_at - now, 0)))
            for bucket in self._cache.buckets()
        ]

    async def run_now(self, name: str, *, actor: str) -> JobRun:
        """Refresh the job's bucket and wait. Raises KeyError for an unknown job."""
        for bucket in self._cache.buckets():
            if _PREFIX + bucket.spec.name == name:
                result = await self._cache.refresh_now(bucket.spec.name, actor=actor)
                return _run(bucket, result, self._clock.now())
        msg = f"no job {name!r}"
        raise KeyError(msg)

    def _status(self, bucket: Bucket, next_at: datetime) -> JobStatus:
        spec, last = bucket.spec, bucket.last
        return JobStatus(
            name=_PREFIX + spec.name,
            plugin=bucket.plugin,
            schedule=f"every {duration(spec.ttl)}" if bucket.cron is None else bucket.cron.expression,
            timezone="UTC",
            next_at=next_at,
            running=bucket.loading,
            last=None if last is None or bucket.last_at is None else _run(bucket, last, bucket.last_at),
            help=f"Read tab {spec.tab} of {spec.spreadsheet}",
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

"""``ctx.telemetry``: the bus and the public payloads behind every operational page, as one service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from coreops.telemetry.bus import Bus
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.digest import Digest
from coreops_hookspecs.health import HealthReport, PluginReport
from coreops_hookspecs.jobs import JobStatus
from coreops_hookspecs.sheets import SheetsQuota
from coreops_hookspecs.telemetry import Event

__all__ = ["TelemetryService"]


class TelemetryService:
    """What all plugins share of :class:`coreops_hookspecs.Telemetry`; notes are added per plugin.

    Args:
        bus: Takes events.
        health: Reports the runtime's health.
        digest: Reports how everything is and how the last day went.
        plugins: Reports every plugin.
        buckets: Reports every bucket.
        jobs: Reports every job.
        quota: Reports the spreadsheets' budget of requests.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        health: Callable[[], Awaitable[HealthReport]],
        digest: Callable[[], Awaitable[Digest]],
        plugins: Callable[[], Sequence[PluginReport]],
        buckets: Callable[[], Sequence[BucketStatus]],
        jobs: Callable[[], Sequence[JobStatus]],
        quota: Callable[[], SheetsQuota | None],
    ) -> None:
        self._bus = bus
        self._health = health
        self._digest = digest
        self.plugins = plugins
        self.buckets = buckets
        self.jobs = jobs
        self.quota = quota

    def publish(self, event: Event) -> None:
        """Put an event on the bus."""
        self._bus.publish(event)

    async def health(self) -> HealthReport:
        """Return the runtime's health now."""
        return await self._health()

    async def digest(self) -> Digest:
        """Return how everything is and how the last day went."""
        return await self._digest()

    def recent(self, limit: int = 50) -> Sequence[Event]:
        """Return the latest events, newest first."""
        return self._bus.recent(limit)

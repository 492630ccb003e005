"""Everything the status page and ``/health`` show, gathered at one instant from public payloads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from coreops.health.concerns import concerns
from coreops.health.service import HealthService
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.config import SettingValue, ToggleState
from coreops_hookspecs.digest import Digest
from coreops_hookspecs.health import HealthReport, PluginReport
from coreops_hookspecs.jobs import JobStatus
from coreops_hookspecs.sheets import SheetsQuota
from coreops_hookspecs.telemetry import Event
from coreops_shared.clock import Clock

__all__ = ["Overview", "Payloads", "gather"]

_EVENTS = 25


@dataclass(slots=True)
class Payloads:
    """Where the figures come from. A room that is not there yet has nothing to show.

    Args:
        plugins: Every plugin.
        buckets: Every bucket.
        jobs: Every job.
        settings: Every setting, secrets withheld.
        toggles: Every feature toggle.
        quota: The spreadsheets' budget of requests; ``None`` without one.
        recent: The latest events, newest first, at most so many.
        usage: How a command is typed, given its path, for example ``!ops refresh``; empty if there is none.
        digest: How everything is and how the last day went.
    """

    plugins: Callable[[], Sequence[PluginReport]] = tuple
    buckets: Callable[[], Sequence[BucketStatus]] = tuple
    jobs: Callable[[], Sequence[JobStatus]] = tuple
    settings: Callable[[], Sequence[SettingValue]] = tuple
    toggles: Callable[[], Sequence[ToggleState]] = tuple
    quota: Callable[[], SheetsQuota | None] = lambda: None
    recent: Callable[[int], Sequence[Event]] = lambda _limit: ()
    usage: Callable[[str], str] = lambda _path: ""
    digest: Callable[[], Awaitable[Digest]] | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The runtime at one instant."""

    at: datetime
    report: HealthReport
    plugins: Sequence[PluginReport] = ()
    buckets: Sequence[BucketStatus] = ()
    jobs: Sequence[JobStatus] = ()
    quota: SheetsQuota | None = None
    events: Sequence[Event] = ()
    usage: Callable[[str], str] = lambda _path: ""


async def gather(service: HealthService, payloads: Payloads, clock: Clock) -> Overview:
    """Return how everything is now; asks the plugins' checks."""
    report = await service.report()
    plugins, buckets, jobs = payloads.plugins(), payloads.buckets(), payloads.jobs()
    return Overview(
        at=clock.now(),
        report=replace(report, concerns=concerns(report.components, buckets, plugins, jobs)),
        plugins=plugins,
        buckets=buckets,
        jobs=jobs,
        quota=payloads.quota(),
        events=payloads.recent(_EVENTS),
        usage=payloads.usage,
    )

"""Everything that comes from spreadsheets: façade, buckets, worksheets, and the clock that refreshes them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from coreops.app.ground import Ground
from coreops.cache.jobs import RefreshJobs
from coreops.cache.service import CacheService
from coreops.operations.timing import Timing
from coreops.operations.tuning import Tuning
from coreops.operations.watching import WorksheetWatch
from coreops.operations.worksheets import KeptWorksheets
from coreops.scheduler.runner import SchedulerService
from coreops.telemetry.lines import RUNTIME
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.declarations import Capability
from coreops_hookspecs.errors import SheetsError
from coreops_hookspecs.jobs import JobSpec
from coreops_hookspecs.sheets import SheetsQuota, Table, WatchableBackend
from coreops_shared import trace
from coreops_shared.config.worksheets import Worksheets
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of, governor_of
from coreops_shared.sheets.locales import locale_of
from coreops_shared.sheets.outbox import OutboxService

__all__ = ["Tables"]

PRELOAD: Final = 10.0
"""Seconds that a start waits for fresh buckets; what is not there by then comes from its last good copy."""


async def _nothing(_: object) -> None:
    """Stand in for a plugin's function: what belongs to the runtime is bound when the job is taken up."""


BACKUP: Final = JobSpec(
    "state.backup",
    _nothing,
    cron="30 4 * * *",
    jitter=timedelta(minutes=10),
    help="Copy the state store into the folder backups beside it; the latest seven are kept",
)
RETENTION: Final = JobSpec(
    "telemetry.retention",
    _nothing,
    cron="10 * * * *",
    jitter=timedelta(minutes=5),
    help="Forget figures of the telemetry history that are too old, and the oldest beyond its size",
)
RUNS_GRACE: Final = 2.0
"""Seconds that running jobs get to end when the runtime stops."""
WRITES_GRACE: Final = 2.0
"""Seconds in which accepted writes may still be applied when the runtime stops."""


class Tables:
    """Spreadsheets, buckets and jobs. Made once the plugins are declared, because one may bring its own table store.

    Raises:
        ConfigError: no store is configured.
        DeclarationError: a plugin's own store cannot be used.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        plugins, clock = ground.plugins, ground.clock
        backend = plugins.decisions.sheets_backend(ground.first_settings()) or backend_of(
            ground.settings, writable=Capability.SHEETS_WRITE in plugins.manager.capabilities()
        )
        self.sheets = SheetsFacade(
            backend,
            clock=clock,
            governor=governor_of(ground.settings, backend, clock),
            on_call=ground.reporter.sheets_called,
        )
        self.outbox = OutboxService(
            sheets=self.sheets,
            store=ground.store.outbox,
            clock=clock,
            log=get_logger("coreops.outbox"),
            ended=ground.reporter.write_ended,
        )
        ground.health.watch("outbox", self.outbox.health)
        watch = ground.settings.workbook_watch and isinstance(backend, WatchableBackend)
        self._spreads: dict[str, float] = {}
        self.cache = CacheService(
            sheets=self.sheets,
            clock=clock,
            guard=plugins.guard,
            log=get_logger("coreops.cache"),
            publish=ground.bus.publish,
            spreadsheet_id=self.spreadsheet_id,
            store=ground.store,
            refreshed=self._refreshed,
            spread=lambda spreadsheet: self._spreads.setdefault(spreadsheet, random.random()),  # noqa: S311 - no secret
            watch=watch,
            locale=locale_of(ground.settings.sheets_locale),
            enabled=ground.flags.enabled,
        )
        self.refreshes = RefreshJobs(self.cache, clock, ground.store.runs)
        self.scheduler = SchedulerService(
            clock=clock,
            guard=plugins.guard,
            log=get_logger("coreops.scheduler"),
            publish=ground.bus.publish,
            store=ground.store.runs,
            others=(self.refreshes,),
        )
        plugins.guard.gate(RUNTIME).seat.open = True  # the runtime is no plugin, and never unavailable to itself
        self.scheduler.add(RUNTIME, BACKUP, self._back_up)
        self.scheduler.add(RUNTIME, RETENTION, ground.history.prune)
        report = partial(ground.reporter.problem, "configuration problem")
        self.tuning = Tuning(ground.registry, self.cache, report)
        self.timing = Timing(ground.registry, self.scheduler, report)
        home = ground.settings.config_sheet_id
        looks = self.sheets.fingerprints if watch else None
        self.worksheets = KeptWorksheets(Worksheets(self.sheets.read, home), home, ground.store, clock, looks)
        self.worksheets_watch = WorksheetWatch(self.worksheets, clock, ground.reporter.worksheet_edited)
        ground.payloads.buckets, ground.payloads.jobs = self.cache.list_buckets, self.scheduler.list_jobs
        ground.payloads.quota = self.quota
        ground.history.buckets = self.cache.list_buckets
        ground.health.watch("buckets", self.cache.health)

    async def read_worksheets(self) -> bool:
        """Read configuration and toggles, or take the copies of a start before when they cannot be reached.

        What is wrong is told; where there is neither worksheet nor copy, defaults and closed toggles serve.

        Returns:
            Whether the worksheets could be reached.
        """
        ground, worksheets = self._ground, self.worksheets
        toggles = worksheets.toggles
        try:
            problems = await ground.registry.load(worksheets.config)
        except SheetsError as error:
            toggles = partial(_unreachable, error)  # in the same spreadsheet: asking again would only take time
            problems = (str(error), *await ground.registry.load(worksheets.last_config))
        for problem in problems:
            ground.reporter.problem("configuration problem", problem)
        self.tuning.apply()
        self.timing.apply()
        switched = await ground.flags.reload(toggles)
        if ground.flags.behind and (copy := await worksheets.last_toggles()):
            switched = ground.flags.restore(copy.table, copy.read_at)
        await ground.plugins.events.switched(switched)
        return not ground.flags.behind

    async def fill(self) -> None:
        """Fill the buckets and begin to keep them fresh."""
        await self.refreshes.remember()
        await self.cache.preload(PRELOAD)

    async def refill(self, buckets: Sequence[str]) -> None:
        """Fill buckets that came while the bot runs; what takes longer than :data:`PRELOAD` goes on by itself."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PRELOAD):
                await self.cache.refresh_now_many(buckets, actor=trace.actor() or "runtime")

    async def stop_writes(self) -> None:
        """Apply what can be applied at once; every other accepted write is on disk for the next start."""
        await self.outbox.stop(WRITES_GRACE)

    async def _refreshed(self, result: RefreshResult) -> None:
        if (run := self.refreshes.run_of(result)) is not None:
            self.scheduler.record(run)
        await self._ground.plugins.events.refreshed(result)

    async def _back_up(self) -> None:
        made = await self._ground.store.backup(self._ground.clock.now())
        get_logger("coreops.state").info("[cron] state backed up", file=str(made))

    def quota(self) -> SheetsQuota | None:
        """Return how much of the store's budget is used and what the next full refresh needs, if it has a budget."""
        used = self.sheets.quota
        return None if used is None else replace(used, needed=self.cache.full_refresh_reads())

    async def stop_runs(self) -> None:
        """Start no more jobs and let those that run end."""
        await self.scheduler.stop(RUNS_GRACE)

    def spreadsheet_id(self, key: str) -> str | None:
        """Return the id under a setting's key, or ``None`` if the setting has no value."""
        try:
            return str(self._ground.registry.get(key) or "") or None
        except KeyError:
            return None


async def _unreachable(error: SheetsError) -> Table:
    raise error

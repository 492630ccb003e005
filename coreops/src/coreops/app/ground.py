"""The rooms that stand first: telemetry, plugins, configuration, state, health and HTTP. Imports nothing heavy."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from coreops.health.admin import Admin
from coreops.health.callers import Callers
from coreops.health.descriptors import check_descriptors
from coreops.health.digest import digest
from coreops.health.overview import Payloads, gather
from coreops.health.probes import Probes
from coreops.health.service import HealthService, Identity, Vitals
from coreops.health.web import HttpServer
from coreops.plugins.context import Services
from coreops.plugins.host import PluginHost
from coreops.plugins.lock import find_installed
from coreops.plugins.parts import Outside
from coreops.plugins.selection import Selection
from coreops.telemetry.bus import Bus
from coreops.telemetry.history import History, Keeping
from coreops.telemetry.notices import Notices
from coreops.telemetry.reporter import Reporter
from coreops_hookspecs.digest import Digest
from coreops_hookspecs.errors import CoreOpsError, DeclarationError
from coreops_hookspecs.health import HealthReport
from coreops_hookspecs.ports import Coordinator
from coreops_shared.clock import Clock
from coreops_shared.config.registry import Registry
from coreops_shared.config.settings import Settings
from coreops_shared.feature_flags import Flags
from coreops_shared.logging import get_logger
from coreops_shared.sheets.locales import locale_of
from coreops_shared.state import admin_key
from coreops_shared.state.lock import FileLock
from coreops_shared.state.store import Store

if TYPE_CHECKING:
    from coreops.telemetry.otel import SpanSink

__all__ = ["Ground"]


class Ground:
    """Rooms that need neither Discord nor a spreadsheet.

    Args:
        settings: Settings of the process.
        clock: Source of time.
        services: Returns what plugins are handed.
        vitals: Reads the gateway's and the loop's figures.
        fill: Fills the buckets of a plugin that comes while the bot runs.
        changed: Brings the commands in step with the plugins that came, went or changed.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        services: Callable[[], Services],
        vitals: Callable[[], Vitals],
        fill: Callable[[Sequence[str]], Awaitable[None]],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.versions = _versions(settings)
        self.bus = Bus(get_logger("coreops.telemetry"))
        self.notices = Notices(clock, get_logger("coreops.lifecycle"))
        self.reporter = Reporter(self.bus, clock, get_logger("coreops.plugins"))
        self.registry = Registry(settings)
        self.flags = self._flags()
        self.store = Store(
            settings.state_dir / "state.sqlite3", tell=lambda text: self.reporter.problem("state problem", text)
        )
        self.lock: Coordinator = FileLock(settings.state_dir / "runtime.lock")
        self.selection = Selection(settings.plugins or frozenset(), settings.plugins_blocked, settings.safe)
        self.history = History(clock, self.store.telemetry, _keeping(settings))
        self.plugins = PluginHost(
            clock=clock,
            log=get_logger("coreops.plugins"),
            selection=self.selection,
            services=services,
            outside=Outside(
                require=self.registry.require,
                find=lambda: find_installed(settings.plugins_lock),
                fill=fill,
                changed=changed,
                ready=lambda: self.plugins.events.told_ready,
            ),
            on_moved=self.reporter.plugin_moved,
            on_fault=self.reporter.plugin_failed,
        )
        self.health = HealthService(self._identity(), clock=clock, guard=self.plugins.guard, vitals=vitals)
        self.health.watch("plugins", self.plugins.manager.health)
        self.health.watch("descriptors", check_descriptors)
        self.payloads = Payloads(
            plugins=self.plugins.manager.reports,
            settings=self.registry.describe,
            toggles=self.flags.describe,
            recent=self.bus.recent,
            digest=self.digest,
        )
        self._callers = Callers(settings.http_token)
        self.admin = Admin(self._callers)
        self.http = self._http()

        self._spans: SpanSink | None = None
        self._subscribe()

    async def start_telemetry(self) -> None:
        """Begin to hand events on to the log, the operator and the plugins."""
        await self.bus.start()
        await self.notices.start()
        if self.settings.otel_endpoint is not None:
            await self._export_spans(self.settings.otel_endpoint)

    async def stop_telemetry(self) -> None:
        """Hand on what waits, and stop."""
        await self.bus.stop()
        if self._spans is not None:
            spans, self._spans = self._spans, None
            if not await spans.close():
                log = get_logger("coreops.telemetry")
                log.warning("the opentelemetry collector is slow or away; the last spans were not sent")

    async def _export_spans(self, endpoint: str) -> None:
        try:  # an extra, and slow to import
            otel = await asyncio.to_thread(import_module, "coreops.telemetry.otel")
        except ImportError as error:
            self.reporter.problem(
                "no opentelemetry",
                f"OTEL_EXPORTER_OTLP_ENDPOINT is set and {error.name} is not installed; pip install coreops[otel]",
            )
            return
        settings = self.settings
        self._spans = otel.SpanSink(
            otel.collector(endpoint),
            {
                "service.name": settings.bot_name,
                "service.version": settings.bot_version,
                "deployment.environment.name": settings.env_name,
            },
        )
        self.bus.subscribe(self._spans.observe, name="opentelemetry")

    def _subscribe(self) -> None:
        """Let each hear of events before the first happens; they are delivered once the bus has started."""
        self.bus.subscribe(self.notices.observe, name="notices")
        self.bus.subscribe(self.health.observe, name="health")
        self.bus.subscribe(self.history.observe, name="history")
        self.bus.subscribe(self.plugins.events.observed, name="plugins")

    def first_settings(self) -> Registry:
        """Return settings as they stand before the Config worksheet is read, those of plugins too.

        Plugins that bring the coordinator or the table store decide by them; what is wrong with one is told later.
        """
        first = Registry(self.settings, clock=self.clock)
        for plugin, setting in self.plugins.manager.declared("setting"):
            with suppress(DeclarationError):
                first.add(plugin, setting)
        return first

    async def open_state(self) -> None:
        """Take the lease and open the store. Raises CoreOpsError when another runtime has the lease."""
        self.lock = self.plugins.decisions.coordinator(self.first_settings()) or self.lock
        await self.lock.acquire()
        await self.store.open()
        await self.history.start()
        self.health.watch("state", self.store.health)
        try:
            self._callers.key = await asyncio.to_thread(admin_key.make, self.settings.state_dir)
        except CoreOpsError as error:  # a disk that cannot be written; the bot serves all the same
            self.reporter.problem("no admin key", str(error))

    async def say_farewell(self) -> None:
        """Tell the operator what waits and write what was measured, before the watchdog ends the process."""
        await asyncio.gather(self.notices.stop(), self.history.write(), return_exceptions=True)

    async def close_state(self) -> None:
        """Close the store and give the lease back."""
        if self._callers.key is not None:
            await asyncio.to_thread(admin_key.remove, self.settings.state_dir)
        await self.history.stop()
        await self.store.close()
        await self.lock.release()

    async def report(self) -> HealthReport:
        """Return the runtime's health with what is not as it should be; asks the plugins' checks."""
        return (await gather(self.health, self.payloads, self.clock)).report

    async def digest(self) -> Digest:
        """Return how everything is and how the last day went; asks the plugins' checks."""
        overview = await gather(self.health, self.payloads, self.clock)
        return await digest(overview, self.history, self.bus.dropped)

    def phase(self, phase: str, detail: str) -> None:
        """Take note of a new phase of the runtime."""
        self.health.phase = phase
        self.reporter.phase(phase, detail)

    def _flags(self) -> Flags:
        def report(text: str) -> None:
            self.reporter.problem("toggle problem", text)

        return Flags(report=report, clock=self.clock, locale=locale_of(self.settings.sheets_locale))

    def _http(self) -> HttpServer:
        return HttpServer(
            self.settings.http_host,
            self.settings.http_port,
            probes=Probes(self.health, self._callers, self.clock, self.payloads),
            admin=self.admin,
            guard=self.plugins.guard,
            clock=self.clock,
            log=get_logger("coreops.http"),
        )

    def _identity(self) -> Identity:
        settings, versions = self.settings, self.versions
        started_at = self.clock.now()
        return Identity(
            settings.bot_name, settings.env_name, versions["bot"], versions["coreops"], os.getpid(), started_at
        )


def _versions(settings: Settings) -> dict[str, str]:
    return {
        "bot": settings.bot_version,
        "coreops": version("coreops"),
        "python": platform.python_version(),
        "hikari": version("hikari"),
        "lightbulb": version("hikari-lightbulb"),
    }


def _keeping(settings: Settings) -> Keeping:
    return Keeping(settings.telemetry_days, settings.telemetry_mb << 20)

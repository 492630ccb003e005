"""The composition root: the one file that knows all rooms, and the order in which they come up.

Nothing heavy is imported before the HTTP server answers: Discord's libraries come in a later stage, in a thread.
"""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from coreops.cache.jobs import RefreshJobs
from coreops.cache.service import CacheService
from coreops.health.callers import Callers
from coreops.health.overview import Payloads
from coreops.health.probes import Probes
from coreops.health.service import HealthService, Identity, Vitals
from coreops.health.web import HttpServer
from coreops.plugins.context import Services
from coreops.plugins.discovery import discover
from coreops.plugins.host import PluginHost
from coreops.plugins.manager import Adder, Selection
from coreops.runtime import Runtime, Stage
from coreops.scheduler.runner import SchedulerService
from coreops.telemetry.bus import Bus
from coreops.telemetry.notices import Notices
from coreops.telemetry.reporter import Reporter
from coreops.telemetry.service import TelemetryService
from coreops_hookspecs.declarations import Capability
from coreops_hookspecs.errors import SheetsError
from coreops_hookspecs.ports import Coordinator
from coreops_shared import trace
from coreops_shared.clock import Clock, SystemClock
from coreops_shared.config.registry import Registry
from coreops_shared.config.settings import Settings
from coreops_shared.config.worksheets import Worksheets
from coreops_shared.feature_flags import Flags
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of
from coreops_shared.state.lock import FileLock
from coreops_shared.state.store import Store

if TYPE_CHECKING:
    from coreops.commands.room import CommandRoom
    from coreops.gateway.app import Gateway

__all__ = ["App"]

PRELOAD: Final = 10.0
"""Seconds that a start waits for fresh buckets; what is not there by then comes from its last good copy."""
DRAIN: Final = 2.0
"""Seconds that running commands get to end when the runtime stops."""


class App:
    """One runtime.

    Args:
        settings: Settings of the process.
        plugins: Names of installed plugins, and plugin objects, to run; ``None`` runs everything installed.
        clock: Source of time.
    """

    gateway: Gateway
    room: CommandRoom
    sheets: SheetsFacade
    cache: CacheService
    scheduler: SchedulerService

    def __init__(
        self, settings: Settings, *, plugins: Sequence[object] | None = None, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._wanted = plugins
        self._clock = clock = clock or SystemClock()
        self._log = get_logger("coreops")
        self._versions = {
            "bot": settings.bot_version,
            "coreops": version("coreops"),
            "python": platform.python_version(),
            "hikari": version("hikari"),
            "lightbulb": version("hikari-lightbulb"),
        }
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Ends with the error of a gateway connection that Discord closed for good."""

        self.bus = Bus(get_logger("coreops.telemetry"))
        self._notices = Notices(clock, get_logger("coreops.lifecycle"))
        self._reporter = Reporter(self.bus, clock, get_logger("coreops.plugins"))
        self._registry = Registry(settings)
        self._flags = Flags(report=lambda text: self._reporter.problem("toggle problem", text), clock=clock)
        self._store = Store(settings.state_dir / "state.sqlite3")
        self._lock: Coordinator = FileLock(settings.state_dir / "runtime.lock")
        self.plugins = PluginHost(
            clock=clock,
            log=get_logger("coreops.plugins"),
            selection=Selection(settings.plugins or frozenset(), settings.plugins_blocked, settings.safe),
            services=self._services,
            require=self._registry.require,
            on_moved=self._reporter.plugin_moved,
            on_fault=self._reporter.plugin_failed,
        )
        self.health = HealthService(self._identity(), clock=clock, guard=self.plugins.guard, vitals=self._vitals)
        self.health.watch("plugins", self.plugins.manager.health)
        self._payloads = Payloads(plugins=self.plugins.manager.reports, recent=self.bus.recent)
        self.http = HttpServer(
            settings.http_host,
            settings.http_port,
            probes=Probes(self.health, Callers(settings.http_token), clock, self._payloads),
            guard=self.plugins.guard,
            clock=clock,
            log=get_logger("coreops.http"),
        )
        self._runtime = Runtime(self._stages(), clock=clock, log=self._log, on_phase=self._phase)

    async def start(self) -> None:
        """Bring the runtime up; returns when commands are answered.

        Raises:
            ConfigError: something must be changed first; the message says what.
            CoreOpsError: it cannot start now.
        """
        with trace.span(), trace.acting("startup"):
            await self._runtime.start()

    async def stop(self, reason: str) -> None:
        """Drain and take the runtime down; never raises."""
        with trace.span(), trace.acting("runtime"):
            await self._runtime.stop(reason)
        if not self.ended.done():
            self.ended.set_result(None)

    def _stages(self) -> Sequence[Stage]:
        return (
            Stage("http", self.http.start, self.http.stop),
            Stage("telemetry", self._start_telemetry, self.bus.stop),
            Stage("libraries", self._import_libraries),
            Stage("plugins", self._declare_plugins),
            Stage("state", self._open_state, self._close_state),
            Stage("sheets", self._open_sheets, self._close_sheets),
            Stage("caches", self._fill_caches, self._stop_caches),
            Stage("startup", self.plugins.manager.start_all, self._stop_plugins, 5.0),
            Stage("discord", self._connect, self._disconnect, DRAIN + 2.0),
            Stage("scheduler", self._start_scheduler, self._stop_scheduler, DRAIN + 0.5),
        )

    # --- stages, in order -------------------------------------------------------------------------------------

    async def _start_telemetry(self) -> None:
        self.bus.subscribe(self._notices.observe, name="notices")
        self.bus.subscribe(self.plugins.events.observed, name="plugins")
        await self.bus.start()
        await self._notices.start()

    async def _import_libraries(self) -> None:
        """Import Discord's libraries in a thread, so that the HTTP server goes on answering."""
        gateway = await asyncio.to_thread(import_module, "coreops.gateway.app")
        room = await asyncio.to_thread(import_module, "coreops.commands.room")
        audit = import_module("coreops.commands.audit")
        settings = self._settings
        policy = import_module("coreops.commands.access").policy_of(settings)
        self.gateway = gateway.Gateway(
            settings.discord_token.reveal(),
            settings.discord_rest_url,
            guard=self.plugins.guard,
            clock=self._clock,
            publish=self.bus.publish,
        )
        needs = room.RoomNeeds(
            guard=self.plugins.guard,
            toggles=self._flags,
            policy=lambda: policy,
            authorize=self.plugins.decisions.authorize,
            command_error=self.plugins.decisions.command_error,
            context_for=self.plugins.contexts,
            audit=audit.CommandLog(get_logger("coreops.commands"), self.bus.publish),
            clock=self._clock,
            log=get_logger("coreops.commands"),
            versions=self._versions,
            prefixes=(settings.prefix,),
            guilds=sorted(settings.guild_ids),
            everywhere=settings.sync == "global",
        )
        self.room = room.CommandRoom(needs)
        self.health.watch("gateway", self.gateway.health, critical=True)

    async def _declare_plugins(self) -> None:
        found, wanted = discover(), self._wanted
        if wanted is not None:
            found = [plugin for plugin in found if plugin.name == "ops" or plugin.name in wanted]
        await self.plugins.manager.declare_all(
            found, [plugin for plugin in wanted or () if not isinstance(plugin, str)]
        )
        self.gateway.require(self.plugins.manager.capabilities())

    async def _open_state(self) -> None:
        self._lock = self.plugins.decisions.coordinator(self._registry) or self._lock
        await self._lock.acquire()
        await self._store.open()
        self.health.watch("state", self._store.health)

    async def _close_state(self) -> None:
        await self._store.close()
        await self._lock.release()

    async def _open_sheets(self) -> None:
        backend = self.plugins.decisions.sheets_backend(self._registry) or backend_of(
            self._settings, writable=Capability.SHEETS_WRITE in self.plugins.manager.capabilities()
        )
        self.sheets = SheetsFacade(backend, clock=self._clock)
        self.cache = CacheService(
            sheets=self.sheets,
            clock=self._clock,
            guard=self.plugins.guard,
            log=get_logger("coreops.cache"),
            publish=self.bus.publish,
            spreadsheet_id=self._spreadsheet_id,
            store=self._store,
            refreshed=self.plugins.events.refreshed,
        )
        self.scheduler = SchedulerService(
            clock=self._clock,
            guard=self.plugins.guard,
            log=get_logger("coreops.scheduler"),
            publish=self.bus.publish,
            record=self._store.add_run,
            others=(RefreshJobs(self.cache, self._clock),),
        )
        self._payloads.buckets, self._payloads.jobs = self.cache.list_buckets, self.scheduler.list_jobs
        self.health.watch("buckets", self.cache.health)
        self.plugins.manager.contribute_all(self._adders())
        await self._read_configuration()

    async def _read_configuration(self) -> None:
        worksheets = Worksheets(self.sheets.read, self._settings.config_sheet_id)
        try:
            for problem in await self._registry.load(worksheets.config):
                self._reporter.problem("configuration problem", problem)
        except SheetsError as error:
            self._reporter.problem("configuration problem", str(error))
        await self.plugins.events.switched(await self._flags.reload(worksheets.toggles))

    async def _close_sheets(self) -> None:
        await self.sheets.close()

    async def _fill_caches(self) -> None:
        await self.cache.preload(PRELOAD)

    async def _connect(self) -> None:
        bot = self.gateway.bot
        self.room.attach(bot)
        await self.gateway.connect()
        await self.room.start()
        if self._settings.log_channel_id is not None:
            channel = import_module("coreops.gateway.ops_channel")
            send = channel.OpsChannel(lambda: self.gateway.rest, self._settings.log_channel_id, self.room.service).send
            self._notices.attach(send)
        await self.plugins.events.ready()
        self._watching = asyncio.create_task(self._watch_gateway(), name="gateway end")

    async def _watch_gateway(self) -> None:
        (error,) = await asyncio.gather(self.gateway.closed(), return_exceptions=True)
        if isinstance(error, Exception) and not self.ended.done():
            self.ended.set_exception(error)

    async def _disconnect(self) -> None:
        await self.room.stop(DRAIN)
        await self._notices.stop()
        await self.gateway.close()

    async def _stop_caches(self) -> None:
        await self.cache.stop()

    async def _stop_plugins(self) -> None:
        await self.plugins.manager.stop_all("the runtime stops")

    async def _start_scheduler(self) -> None:
        await self.scheduler.start()

    async def _stop_scheduler(self) -> None:
        await self.scheduler.stop(DRAIN)

    # --- what the rooms are given -----------------------------------------------------------------------------

    def _adders(self) -> Mapping[str, Adder]:
        context = self.plugins.contexts
        return {
            "setting": self._registry.add,
            "toggle": self._flags.add,
            "bucket": self.cache.add,
            "check": lambda plugin, check: self.health.add_check(plugin, check, lambda: check.check(context(plugin))),
            "job": lambda plugin, job: self.scheduler.add(plugin, job, lambda: job.run(context(plugin))),
            "route": lambda plugin, route: self.http.add_route(
                plugin, route, lambda request: route.handler(context(plugin), request)
            ),
            "listener": lambda plugin, listener: self.gateway.add_listener(
                plugin, listener, lambda event: listener.callback(context(plugin), event)
            ),
            "command": self.room.tree.add,
        }

    def _services(self) -> Services:
        port = import_module("coreops.gateway.port")
        telemetry = TelemetryService(
            self.bus,
            health=self.health.report,
            plugins=self.plugins.manager.reports,
            buckets=self.cache.list_buckets,
            jobs=self.scheduler.list_jobs,
        )
        return Services(
            clock=self._clock,
            guard=self.plugins.guard,
            ledger=self.plugins.ledger,
            logger=get_logger,
            trace=trace,
            config=self._registry,
            toggles=self._flags,
            cache=self.cache,
            sheets=self.sheets,
            scheduler=self.scheduler,
            telemetry=telemetry,
            store=self._store,
            discord=port.DiscordPort(self.gateway, self._settings.log_channel_id),
            commands=self.room.service,
            versions=self._versions,
        )

    def _identity(self) -> Identity:
        settings, versions = self._settings, self._versions
        started_at = self._clock.now()
        return Identity(
            settings.bot_name, settings.env_name, versions["bot"], versions["coreops"], os.getpid(), started_at
        )

    def _vitals(self) -> Vitals:
        if "gateway" not in vars(self):
            return Vitals()
        gateway = self.gateway
        return Vitals(gateway.connected, gateway.latency, gateway.last_event_age())

    def _phase(self, phase: str, detail: str) -> None:
        self.health.phase = phase
        self._reporter.phase(phase, detail)

    def _spreadsheet_id(self, key: str) -> str | None:
        try:
            return str(self._registry.get(key) or "") or None
        except KeyError:
            return None

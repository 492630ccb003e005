"""One runtime: its stages in order, and what the rooms are given of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from coreops.app.administration import Administration
from coreops.app.audited import AuditedJobs
from coreops.app.boots import Boots
from coreops.app.ground import Ground
from coreops.app.operations import operations_of
from coreops.app.tables import Tables
from coreops.health.service import Vitals
from coreops.operations.reboot import take as take_note
from coreops.operations.service import OperationsService
from coreops.plugins.context import Services
from coreops.plugins.contributions import Adder, Holder
from coreops.plugins.lock import find_installed
from coreops.runtime import Runtime, Stage
from coreops.telemetry.service import TelemetryService
from coreops.watchdog.exit_reason import take
from coreops.watchdog.frames import owner_by_package
from coreops.watchdog.loop import GatewaySigns, Watchdog
from coreops.watchdog.signals import Limits
from coreops.watchdog.supervisor import Supervisor
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared import trace
from coreops_shared.clock import Clock, SystemClock
from coreops_shared.config.settings import Settings
from coreops_shared.logging import get_logger

if TYPE_CHECKING:
    from coreops.app.discord import Discord

__all__ = ["App"]


class App:
    """One runtime.

    Args:
        settings: Settings of the process.
        plugins: Names of installed plugins, and plugin objects, to run; ``None`` runs everything installed.
        clock: Source of time.
        exit_now: What the watchdog ends the process with, from any thread; by default :attr:`ended` tells.
        flush: Writes out what is buffered, before that.
    """

    tables: Tables
    operations: OperationsService

    def __init__(
        self,
        settings: Settings,
        *,
        plugins: Sequence[object] | None = None,
        clock: Clock | None = None,
        exit_now: Callable[[int], None] | None = None,
        flush: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._wanted = plugins
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[bool] = self._loop.create_future()
        """Ends when the runtime is to stop: with whether to start it again, or with an error when it cannot go on:
        Discord closed for good, or the watchdog said so."""
        self.ground = Ground(
            settings,
            clock or SystemClock(),
            services=self._services,
            vitals=self._vitals,
            fill=lambda buckets: self.tables.refill(buckets),
            changed=lambda: self._connected.refresh_commands(),
        )
        self._boots = Boots(self.ground)
        self.discord: Discord | None = None
        self._watching: asyncio.Task[None] | None = None
        self._watchdog = self._make_watchdog(exit_now or self._end, flush)
        self._supervisor = Supervisor(
            settings.notify_socket,
            settings.watchdog_usec / 1e6,
            phase=lambda: self.ground.health.phase,
            clock=self.ground.clock,
            log=get_logger("coreops.watchdog"),
        )
        self._runtime = Runtime(
            self._stages(), clock=self.ground.clock, log=get_logger("coreops"), on_phase=self._on_phase
        )

    @property
    def http_url(self) -> str:
        """Address of the HTTP server, without a trailing slash."""
        return self.ground.http.url

    async def start(self) -> None:
        """Bring the runtime up; returns when commands are answered.

        Raises:
            ConfigError: something must be changed first; the message says what.
            CoreOpsError: it cannot start now.
        """
        with trace.span(), trace.acting("startup"):
            try:
                await self._runtime.start()
            except BaseException as error:
                await self._boots.ended(error)
                raise
            await self._boots.ready()
            await self._report_back()

    async def stop(self, reason: str) -> None:
        """Drain and take the runtime down; never raises."""
        with trace.span(), trace.acting("runtime"):
            await self._runtime.stop(reason)
            await self.ground.stop_telemetry()
        if not self.ended.done():
            self.ended.set_result(False)

    def _stages(self) -> Sequence[Stage]:
        ground, manager = self.ground, self.ground.plugins.manager
        return (
            Stage("http", ground.http.start, ground.http.stop),
            Stage("telemetry", ground.start_telemetry),  # ends after the last stage, which it tells of
            # before anything that can hang, for its start-up deadline
            Stage("watchdog", self._watchdog.start, self._watchdog.stop),
            Stage("supervisor", self._supervisor.start, self._supervisor.stop),
            Stage("boots", self._boots.begin),
            Stage("libraries", self._import_libraries),
            Stage("plugins", self._declare_plugins),
            Stage("state", self._open_state, ground.close_state),
            Stage("sheets", self._open_tables, self._close_tables),
            Stage("outbox", lambda: self.tables.outbox.start(), lambda: self.tables.stop_writes(), 3.0),
            Stage("caches", lambda: self.tables.fill(), lambda: self.tables.cache.stop()),
            Stage("startup", manager.start_all, self._stop_plugins, 5.0),
            Stage("discord", self._connect, self._disconnect, 4.0),
            Stage("scheduler", lambda: self.tables.scheduler.start(), lambda: self.tables.stop_runs(), 2.5),
        )

    def _on_phase(self, phase: str, detail: str) -> None:
        self.ground.phase(phase, detail)
        self._supervisor.entered(phase, detail)

    # --- stages, in order -------------------------------------------------------------------------------------

    async def _import_libraries(self) -> None:
        """Import Discord's libraries in a thread, so that the HTTP server goes on answering."""
        module = await asyncio.to_thread(import_module, "coreops.app.discord")
        self.discord = module.Discord(self.ground)

    async def _declare_plugins(self) -> None:
        found, wanted = await asyncio.to_thread(find_installed, self._settings.plugins_lock), self._wanted
        if wanted is not None:
            found = [plugin for plugin in found if plugin.name == "ops" or plugin.name in wanted]
        objects = [plugin for plugin in wanted or () if not isinstance(plugin, str)]
        await self.ground.plugins.manager.declare_all(found, objects)
        self._connected.gateway.require(self.ground.plugins.manager.capabilities())

    async def _open_state(self) -> None:
        await self.ground.open_state()
        await self._connected.recall()
        before = await asyncio.to_thread(take, self._settings.state_dir)
        if before is not None:
            told = f"{before.signal}: {before.detail} {before.where}".strip()
            self.ground.reporter.problem("watchdog exit before this start", told)

    async def _open_tables(self) -> None:
        self.tables = Tables(self.ground)
        self.operations = operations_of(self.ground, self.tables, self._restart, self._connected.configured)
        self.ground.admin.orders = Administration(
            self.operations,
            self.tables.scheduler,
            lambda: self.ground.health.phase == "ready",
            self._connected.record,
            self.ground.clock,
        )
        self.ground.plugins.manager.contribute_all(self._adders(), self._holders())
        if not await self.tables.read_worksheets():
            self.operations.catch_up()
        self.tables.worksheets_watch.start()

    async def _close_tables(self) -> None:
        await self.operations.stop()
        await self.tables.worksheets_watch.stop()
        await self.tables.sheets.close()

    async def _stop_plugins(self) -> None:
        await self.ground.plugins.changes.stop()
        await self.ground.plugins.manager.stop_all("the runtime stops")

    async def _connect(self) -> None:
        await self._connected.connect()
        self._watching = asyncio.create_task(self._watch_gateway(), name="gateway end")

    async def _watch_gateway(self) -> None:
        (error,) = await asyncio.gather(self._connected.gateway.closed(), return_exceptions=True)
        if isinstance(error, Exception) and not self.ended.done():
            self.ended.set_exception(error)

    async def _disconnect(self) -> None:
        await self._connected.disconnect()
        if self._watching is not None:
            await asyncio.wait([self._watching])

    # --- what the rooms are given of each other ---------------------------------------------------------------

    @property
    def _connected(self) -> Discord:
        assert self.discord is not None, "the stage libraries comes first"
        return self.discord

    def _make_watchdog(self, exit_now: Callable[[int], None], flush: Callable[[], None]) -> Watchdog:
        ground, settings = self.ground, self._settings
        return Watchdog(
            clock=ground.clock,
            log=get_logger("coreops.watchdog"),
            publish=ground.bus.publish,
            phase=lambda: ground.health.phase,
            gateway=self._gateway_signs,
            reconnect=lambda reason: self._connected.gateway.break_off(reason),
            restart=lambda: self._connected.gateway.keeper.drop(),
            owner_of=owner_by_package(ground.plugins.owners),
            blocked=lambda plugin, block: ground.plugins.guard.gate(plugin).blocked(block),
            limits=Limits(
                settings.watchdog_check_sec,
                settings.watchdog_stall_sec,
                settings.watchdog_disconnect_grace_sec,
                settings.startup_deadline_sec,
            ),
            state_dir=settings.state_dir,
            farewell=ground.say_farewell,
            flush=flush,
            exit=exit_now,
        )

    def _adders(self) -> Mapping[str, Adder]:
        ground, tables, discord, context = self.ground, self.tables, self._connected, self.ground.plugins.contexts
        audited = AuditedJobs(discord.keep, ground.clock)
        return {
            "setting": ground.registry.add,
            "texts": discord.catalogue.add,
            "toggle": ground.flags.add,
            "bucket": tables.tuning.add,
            "check": lambda plugin, check: ground.health.add_check(plugin, check, lambda: check.check(context(plugin))),
            "job": lambda plugin, job: tables.timing.add(
                plugin, job, lambda: audited.run(plugin, job.name, lambda: job.run(context(plugin)))
            ),
            "route": lambda plugin, route: ground.http.add_route(
                plugin, route, lambda request: route.handler(context(plugin), request)
            ),
            "listener": lambda plugin, listener: discord.gateway.add_listener(
                plugin, listener, lambda event: listener.callback(context(plugin), event)
            ),
            "control": discord.room.controls.add,
            "command": discord.room.tree.add,
        }

    def _holders(self) -> Mapping[str, Holder]:
        """What is asked whether something of an unloaded plugin is left."""
        ground, tables, discord = self.ground, self.tables, self._connected
        return {
            "setting": ground.registry.held_by,
            "texts": discord.catalogue.held_by,
            "toggle": ground.flags.held_by,
            "bucket": lambda plugin: [each.name for each in tables.cache.list_buckets() if each.plugin == plugin],
            "check": ground.health.held_by,
            "job": lambda plugin: [each.name for each in tables.scheduler.list_jobs() if each.plugin == plugin],
            "route": ground.http.held_by,
            "listener": discord.gateway.held_by,
            "control": discord.room.controls.held_by,
            "command": discord.room.tree.held_by,
        }

    def _services(self) -> Services:
        ground, tables, discord = self.ground, self.tables, self._connected
        return Services(
            clock=ground.clock,
            guard=ground.plugins.guard,
            ledger=ground.plugins.ledger,
            logger=get_logger,
            trace=trace,
            config=ground.registry,
            toggles=ground.flags,
            cache=tables.cache,
            sheets=tables.sheets,
            outbox=tables.outbox,
            scheduler=tables.scheduler,
            telemetry=TelemetryService(
                ground.bus,
                health=ground.report,
                digest=ground.digest,
                plugins=ground.plugins.manager.reports,
                buckets=tables.cache.list_buckets,
                jobs=tables.scheduler.list_jobs,
                quota=tables.quota,
            ),
            store=ground.store,
            discord=discord.port,
            commands=discord.room.service,
            controls=discord.room.controls.of,
            hooks=ground.plugins.added_hooks,
            operations=self.operations,
            versions=ground.versions,
        )

    def _vitals(self) -> Vitals:
        if self.discord is None:
            return Vitals(loop_lag=self._watchdog.loop_lag)
        gateway = self.discord.gateway
        return Vitals(
            gateway.connected, gateway.latency, gateway.last_event_age(), self._watchdog.loop_lag, gateway.losses()
        )

    def _gateway_signs(self) -> GatewaySigns:
        if self.discord is None:
            return GatewaySigns()
        gateway = self.discord.gateway
        outage, opening = gateway.keeper.outage, gateway.keeper.opening
        reason = "" if outage is None else outage.reason
        return GatewaySigns(gateway.connected, gateway.last_ack_age(), gateway.last_event_age(), opening, reason)

    def _restart(self) -> None:
        if not self.ended.done():
            self.ended.set_result(True)

    async def _report_back(self) -> None:
        """Tell whoever asked for the restart that it is done."""
        note = await asyncio.to_thread(take_note, self._settings.state_dir)
        if note is not None:
            await self._connected.tell_of_restart(note, note.took(self.ground.clock.now()))

    def _end(self, code: int) -> None:
        def end() -> None:
            if not self.ended.done():
                message = f"the watchdog ended the runtime with exit code {code}; exit-reason.json says why"
                self.ended.set_exception(CoreOpsError(message))

        self._loop.call_soon_threadsafe(end)

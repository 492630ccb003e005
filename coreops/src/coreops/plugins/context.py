"""What a plugin is handed: the services it may use, and a clear refusal for those it did not declare."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from coreops.plugins.guard import Guard
from coreops.plugins.ledger import Ledger
from coreops.plugins.outbox import AcceptedWrites, PluginOutbox
from coreops.plugins.services import (
    KeyValues,
    PluginHttp,
    PluginState,
    PluginTasks,
    PluginTelemetry,
    SharedTelemetry,
)
from coreops_hookspecs.context import (
    Cache,
    Commands,
    Config,
    Controls,
    Discord,
    Hooks,
    Http,
    Logger,
    Operations,
    Outbox,
    Scheduler,
    Sheets,
    State,
    Tasks,
    Telemetry,
    Toggles,
    Trace,
)
from coreops_hookspecs.declarations import Capability
from coreops_hookspecs.errors import CapabilityError
from coreops_hookspecs.sheets import Upserted
from coreops_shared.clock import Clock

__all__ = ["Context", "ContextFactory", "Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """The runtime's services that all plugins share."""

    clock: Clock
    guard: Guard
    ledger: Ledger
    logger: Callable[[str], Logger]
    trace: Trace
    config: Config
    toggles: Toggles
    cache: Cache
    sheets: Sheets
    outbox: AcceptedWrites
    scheduler: Scheduler
    telemetry: SharedTelemetry
    store: KeyValues
    discord: Discord
    commands: Commands
    controls: Callable[[str], Controls]
    hooks: Callable[[str], Hooks]
    operations: Operations
    versions: Mapping[str, str]


class Context:
    """The :class:`coreops_hookspecs.PluginContext` of one plugin.

    Args:
        plugin: Its name.
        needs: The capabilities it declared.
        services: What the runtime offers.
        numbers: Numbers for its tasks, which no other context gives.
    """

    def __init__(self, plugin: str, needs: frozenset[Capability], services: Services, numbers: Iterator[int]) -> None:
        self._needs = needs
        self._services = services
        self._tasks = PluginTasks(plugin, services.guard, services.ledger, numbers)
        self._http = PluginHttp()
        self._state = PluginState(plugin, services.store)
        self._outbox = PluginOutbox(plugin, services.outbox, services.clock)
        self.plugin = plugin
        self.log: Logger = services.logger(f"plugin.{plugin}")
        self.trace: Trace = services.trace
        self.config: Config = services.config
        self.toggles: Toggles = services.toggles
        self.cache: Cache = services.cache
        self.discord: Discord = services.discord
        self.commands: Commands = services.commands
        self.controls: Controls = services.controls(plugin)
        self.hooks: Hooks = services.hooks(plugin)
        self.telemetry: Telemetry = PluginTelemetry(plugin, services.telemetry, services.clock)
        self.tasks: Tasks = self._tasks
        self.versions: Mapping[str, str] = services.versions

    @property
    def sheets(self) -> Sheets:
        """The Sheets façade. Raises CapabilityError without ``sheets.read``."""
        self._require(Capability.SHEETS_READ)
        if Capability.SHEETS_WRITE in self._needs:
            return self._services.sheets
        return _ReadOnlySheets(self.plugin, self._services.sheets)

    @property
    def outbox(self) -> Outbox:
        """Durable writes to spreadsheets. Raises CapabilityError without ``sheets.write``."""
        self._require(Capability.SHEETS_WRITE)
        return self._outbox

    @property
    def state(self) -> State:
        """Durable values of this plugin. Raises CapabilityError without ``state``."""
        self._require(Capability.STATE)
        return self._state

    @property
    def http(self) -> Http:
        """Outgoing HTTP. Raises CapabilityError without ``http``."""
        self._require(Capability.HTTP)
        return self._http

    @property
    def scheduler(self) -> Scheduler:
        """Everybody's jobs. Raises CapabilityError without ``scheduler``."""
        self._require(Capability.SCHEDULER)
        return self._services.scheduler

    @property
    def operations(self) -> Operations:
        """What an operator may do to the runtime. Raises CapabilityError without ``operations``."""
        self._require(Capability.OPERATIONS)
        return self._services.operations

    def now(self) -> datetime:
        """Return the current instant (UTC)."""
        return self._services.clock.now()

    async def close(self) -> tuple[str, ...]:
        """End the plugin's tasks and close its HTTP session; return the names of the tasks that did not end."""
        left = await self._tasks.close()
        await self._http.close()
        return left

    def _require(self, capability: Capability) -> None:
        if capability not in self._needs:
            raise _undeclared(self.plugin, capability)


class _ReadOnlySheets:
    """The façade for a plugin that did not declare ``sheets.write``."""

    def __init__(self, plugin: str, sheets: Sheets) -> None:
        self._plugin = plugin
        self.read = sheets.read
        self.read_many = sheets.read_many
        self.headers = sheets.headers
        self.tabs = sheets.tabs
        self.modified_at = sheets.modified_at

    async def append(self, *_: object) -> None:
        raise _undeclared(self._plugin, Capability.SHEETS_WRITE)

    async def update(self, *_: object) -> None:
        raise _undeclared(self._plugin, Capability.SHEETS_WRITE)

    async def upsert(self, *_: object) -> Upserted:
        raise _undeclared(self._plugin, Capability.SHEETS_WRITE)

    async def clear(self, *_: object) -> None:
        raise _undeclared(self._plugin, Capability.SHEETS_WRITE)


def _undeclared(plugin: str, capability: Capability) -> CapabilityError:
    return CapabilityError(f"plugin {plugin!r} used {capability.value!r} undeclared; add it to PluginInfo.needs")


class ContextFactory:
    """Makes and keeps one context per plugin.

    Args:
        services: Returns the runtime's services; asked late, because they are made after the plugins are found.
        needs: Returns the capabilities that a plugin declared.
    """

    def __init__(self, services: Callable[[], Services], needs: Callable[[str], frozenset[Capability]]) -> None:
        self._services = services
        self._needs = needs
        self._contexts: dict[str, Context] = {}
        self._numbers = itertools.count(1)

    def __call__(self, plugin: str) -> Context:
        """Return the context of a plugin."""
        context = self._contexts.get(plugin)
        if context is None:
            context = Context(plugin, self._needs(plugin), self._services(), self._numbers)
            self._contexts[plugin] = context
        return context

    def take(self, plugin: str) -> Context | None:
        """Forget the context of a plugin and return it, if there was one; the next one that is asked for is new."""
        return self._contexts.pop(plugin, None)

    def put_back(self, plugin: str, context: Context | None) -> None:
        """Make a context that was taken the plugin's own again."""
        if context is not None:
            self._contexts[plugin] = context

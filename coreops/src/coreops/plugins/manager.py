"""The plugin manager: discover, load, start, stop. One bad plugin never stops the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from coreops.plugins.discovery import Found
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.ledger import Ledger
from coreops.plugins.loader import Item, declared_items, import_plugin, read_info
from coreops.plugins.order import start_order
from coreops.plugins.states import PluginStates
from coreops_hookspecs.context import Logger
from coreops_hookspecs.declarations import Capability, PluginInfo
from coreops_hookspecs.errors import CoreOpsError, DeclarationError
from coreops_hookspecs.health import CheckResult, HealthStatus, PluginReport, PluginState
from coreops_hookspecs.manifest import Manifest

__all__ = ["Adder", "PluginManager", "Selection"]

_TROUBLED: Final = frozenset(
    {PluginState.FAILED, PluginState.INCOMPATIBLE, PluginState.QUARANTINED, PluginState.DEGRADED}
)

Adder = Callable[[str, Any], Callable[[], None]]
"""Puts one item of a plugin into its room and returns what takes it out again."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which plugins may run. ``allowed`` empty allows all; ``ops`` always runs; ``safe`` runs nothing else."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    safe: bool = False

    def refusal(self, name: str) -> str:
        """Return why a plugin may not run, or an empty text."""
        if name == "ops":
            return ""
        if self.safe:
            return "safe mode: only ops runs; start without --safe to load it"
        if name in self.blocked:
            return "on the block-list COREOPS_PLUGINS_BLOCKED"
        if self.allowed and name not in self.allowed:
            return "not on the allow-list COREOPS_PLUGINS"
        return ""


class PluginManager:
    """Brings plugins from discovered to active and back.

    Args:
        table: The hook table.
        hooks: Calls hooks through the guard.
        guard: For imports and accounts.
        states: Where each plugin stands.
        ledger: Who contributed what.
        require: Raises CoreOpsError when a plugin's settings do not let it start.
        release: Ends the tasks and connections of a plugin's context.
        selection: Which plugins may run.
        log: Where failures go with their traceback.
    """

    def __init__(
        self,
        *,
        table: HookTable,
        hooks: AsyncHooks,
        guard: Guard,
        states: PluginStates,
        ledger: Ledger,
        require: Callable[[str], None],
        release: Callable[[str], Awaitable[None]],
        selection: Selection,
        log: Logger,
    ) -> None:
        self._table = table
        self._hooks = hooks
        self._guard = guard
        self._states = states
        self._ledger = ledger
        self._require = require
        self._release = release
        self._selection = selection
        self._log = log
        self._infos: dict[str, PluginInfo] = {}
        self._declared: dict[str, tuple[Item, ...]] = {}
        self._order: tuple[str, ...] = ()

    def info(self, name: str) -> PluginInfo | None:
        """Return the identity of a plugin that was imported."""
        return self._infos.get(name)

    async def declare_all(self, found: Sequence[Found], objects: Sequence[object] = ()) -> None:
        """Import plugins and check what they declare. Touches no room yet.

        Args:
            found: Installed plugins.
            objects: Plugins handed in as modules or objects, named by their own ``coreops_plugin_info``.
        """
        for plugin in found:
            self._states.discover(plugin.name, version=plugin.version, distribution=plugin.distribution)
            refusal = plugin.problem or self._selection.refusal(plugin.name)
            if refusal:
                self._states.change(plugin.name, PluginState.BLOCKED, refusal)
                continue
            if plugin.incompatible:
                self._states.change(plugin.name, PluginState.INCOMPATIBLE, plugin.incompatible)
                continue
            self._states.change(plugin.name, PluginState.LOADING)
            outcome = await self._guard.call(
                plugin.name, CallKind.LOADER, "import", import_plugin, plugin, timeout=None
            )
            if outcome.error is not None:
                self._fail(plugin.name, f"import of {plugin.value} raised", outcome.error)
            else:
                self._declare(plugin.name, outcome.value, plugin.manifest)
        for thing in objects:
            name = _name_of(thing)
            if self._states.get(name) is not None:
                self._states.discover(f"{name}#{id(thing):x}")
                reason = f"a plugin called {name!r} is already there; rename one of the two"
                self._states.change(f"{name}#{id(thing):x}", PluginState.FAILED, reason)
                continue
            self._states.discover(name)
            self._states.change(name, PluginState.LOADING)
            self._declare(name, thing)

    def contribute_all(self, adders: Mapping[str, Adder]) -> None:
        """Put what was declared into the rooms, dependencies first. A plugin that a room refuses fails whole.

        Args:
            adders: For each kind of contribution, what puts an item into its room.
        """
        items, self._declared = self._declared, {}
        order, refused = start_order({name: self._infos[name].depends for name in items})
        for name, reason in refused.items():
            self._table.unregister(name)
            self._states.change(name, PluginState.INCOMPATIBLE, reason)
        for name in order:
            try:
                for item in items[name]:
                    add = partial(adders[item.kind.name], name, item.value)
                    self._ledger.record(name, item.kind.name, item.key, add)
            except Exception as error:  # noqa: BLE001 - a room refused a declaration; only its plugin fails
                self._ledger.undo(name)
                self._table.unregister(name)
                self._fail(name, "declaration refused", error)
        self._order += order

    async def start_all(self) -> None:
        """Call ``coreops_startup`` of every loading plugin, one after the other; those that fail are taken out."""
        for name in self._in_state(PluginState.LOADING):
            error = await self._start(name)
            if error is None:
                self._states.change(name, PluginState.ACTIVE)
            else:
                await self.unload(name, "startup failed", startup_ran=False)
                self._fail(name, "startup raised", error)

    async def stop_all(self, reason: str) -> None:
        """Unload every running plugin in the reverse order of starting."""
        for name in reversed(self._in_state(PluginState.ACTIVE, PluginState.DEGRADED, PluginState.QUARANTINED)):
            await self.unload(name, reason)
            self._states.change(name, PluginState.UNLOADED, reason)

    async def unload(self, name: str, reason: str, *, startup_ran: bool = True) -> None:
        """Call ``coreops_shutdown`` and take out everything that the plugin contributed; names what is left."""
        if startup_ran:
            await self._hooks.one("coreops_shutdown", name, always=True, reason=reason)
        await self._release(name)
        for entry, error in self._ledger.undo(name):
            self._log.error(
                "a contribution could not be taken out",
                plugin=name,
                kind=entry.kind,
                name=entry.name,
                error=f"{type(error).__name__}: {error}",
            )
        self._table.unregister(name)

    def capabilities(self) -> frozenset[Capability]:
        """Return what the imported plugins declared that they need."""
        return frozenset().union(*(info.needs for info in self._infos.values()))

    def health(self) -> CheckResult:
        """Return whether every plugin that should run does; the component ``plugins`` of the health report."""
        troubled = [f"{standing.name} {standing.state}" for standing in self._states if standing.state in _TROUBLED]
        if troubled:
            return CheckResult(HealthStatus.DEGRADED, ", ".join(troubled))
        return CheckResult(HealthStatus.OK, f"{len(self._in_state(PluginState.ACTIVE))} active")

    def reports(self) -> tuple[PluginReport, ...]:
        """Return what is publicly known of every plugin, by name."""
        return tuple(self._report(standing.name) for standing in sorted(self._states, key=lambda each: each.name))

    async def _start(self, name: str) -> BaseException | None:
        missing = [need for need in self._infos[name].depends if not self._states[need].serving]
        if missing:
            return DeclarationError(f"needs the plugin {' and '.join(missing)}, which did not start")
        try:
            self._require(name)
        except CoreOpsError as error:
            return error
        outcome = await self._hooks.one("coreops_startup", name)
        return None if outcome is None else outcome.error

    def _declare(self, name: str, plugin: object, manifest: Manifest | None = None) -> None:
        try:
            self._table.register(plugin, name)
            info = self._infos[name] = read_info(self._hooks, name, manifest)
            self._states.change(name, PluginState.LOADING, version=info.version)
            self._declared[name] = declared_items(self._hooks, info)
        except Exception as error:  # noqa: BLE001 - discovery: one bad plugin must not stop the others
            self._table.unregister(name)
            self._fail(name, "declaration refused", error)

    def _in_state(self, *states: PluginState) -> list[str]:
        return [name for name in self._order if self._states[name].state in states]

    def _fail(self, name: str, what: str, error: BaseException) -> None:
        text = str(error) if isinstance(error, CoreOpsError) else f"{what} {type(error).__name__}: {error}"
        self._states.change(name, PluginState.FAILED, text)
        self._log.exception("plugin failed", exc_info=error, plugin=name, reason=text)

    def _report(self, name: str) -> PluginReport:
        standing, gate = self._states[name], self._guard.gate(name)
        return PluginReport(
            name=name,
            version=standing.version,
            distribution=standing.distribution,
            state=standing.state,
            reason=standing.reason,
            since=standing.since,
            retry_at=standing.retry_at,
            faults=gate.faults,
            calls=gate.calls,
            contributions=self._ledger.counts(name),
        )


def _name_of(plugin: object) -> str:
    """Return the name that a plugin object gives itself, or one made from its module for the error message."""
    try:
        info = plugin.coreops_plugin_info()  # type: ignore[attr-defined]
        return str(info.name)
    except Exception:  # noqa: BLE001 - discovery: the real call through the guard will tell what is wrong
        return str(getattr(plugin, "__name__", type(plugin).__name__)).rpartition(".")[2].lower()

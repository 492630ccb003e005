"""The plugin manager: discover, load, start, stop. One bad plugin never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from coreops.plugins.contributions import Adder, Holder
from coreops.plugins.discovery import Found
from coreops.plugins.ending import forget, unload
from coreops.plugins.order import start_order
from coreops.plugins.parts import Parts
from coreops.plugins.reports import Reports
from coreops.plugins.roster import Generation
from coreops.plugins.selection import Selection
from coreops.plugins.starting import start
from coreops.plugins.turns import PATIENCE, in_turn
from coreops_hookspecs.declarations import Capability, PluginInfo
from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.health import PluginState

__all__ = ["PluginManager"]

STOP_GRACE = 1.0
"""Seconds that calls into a plugin get to end when the runtime stops."""


class PluginManager:
    """Brings plugins from discovered to active when the runtime starts, and takes them down when it stops.

    Args:
        parts: The plugin room.
        selection: Which plugins may run.
        reports: What is told of plugins.
    """

    def __init__(self, parts: Parts, selection: Selection, reports: Reports) -> None:
        self._parts = parts
        self._states = parts.states
        self._log = parts.log
        self._selection = selection
        self.reports, self.report = reports.all, reports.one
        self.health = reports.health

    def info(self, name: str) -> PluginInfo | None:
        """Return the identity of a loaded plugin."""
        generation = self._parts.roster.get(name)
        return None if generation is None else generation.info

    async def declare_all(self, found: Sequence[Found], objects: Sequence[object] = ()) -> None:
        """Import plugins and check what they declare. Touches no room yet.

        Args:
            found: Installed plugins.
            objects: Plugins handed in as modules or objects, named by their own ``coreops_plugin_info``.
        """
        by_name = {plugin.name: plugin for plugin in found}
        needs = {name: () if each.manifest is None else each.manifest.depends for name, each in by_name.items()}
        order, refused = start_order(needs)
        # those that others need first, for the hooks that they add; a cycle's plugins wait for none of it
        await in_turn((*order, *refused), needs, lambda name: self._import(by_name[name]), PATIENCE)
        for thing in objects:
            await self._take(thing)
        self._parts.roster.arrange()

    def contribute_all(self, adders: Mapping[str, Adder], holders: Mapping[str, Holder] | None = None) -> None:
        """Put what was declared into the rooms, dependencies first. A plugin that a room refuses fails whole.

        Args:
            adders: For each kind of contribution, what puts an item into its room.
            holders: For each kind, what returns the names of a plugin's items that its room holds.
        """
        parts = self._parts
        parts.contributions.open({**adders, "hook": _with_its_plugin}, holders or {})
        for name, reason in parts.roster.arrange().items():
            self._drop(name)
            self._states.change(name, PluginState.INCOMPATIBLE, reason)
        parts.table.arrange(parts.roster.order)
        for generation in tuple(parts.roster):
            try:
                parts.contributions.put(generation.name, generation.items)
            except Exception as error:  # noqa: BLE001 - a room refused a declaration; only its plugin fails
                self._drop(generation.name)
                self._fail(generation.name, "declaration refused", error)

    async def start_all(self) -> None:
        """Call ``coreops_startup`` of every loading plugin, in turn; those that fail are taken out."""
        loading = self._in_state(PluginState.LOADING)
        needs = {name: self._parts.roster[name].info.depends for name in loading}
        await in_turn(loading, needs, self._start, PATIENCE)

    async def stop_all(self, reason: str) -> None:
        """Call ``coreops_shutdown`` of every running plugin and take it out, in the reverse order of starting.

        Modules stay: the process is about to end.
        """
        for name in reversed(self._in_state(PluginState.ACTIVE, PluginState.DEGRADED, PluginState.QUARANTINED)):
            await unload(self._parts, name, reason, STOP_GRACE, keep_modules=True)
            self._states.change(name, PluginState.UNLOADED, reason)

    def declared(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Return what the loaded plugins declared of a kind, whether a room has it yet or not, each with its plugin."""
        return ((each.name, item.value) for each in self._parts.roster for item in each.items if item.kind.name == kind)

    def capabilities(self) -> frozenset[Capability]:
        """Return what the loaded plugins declared that they need."""
        return frozenset().union(*(each.info.needs for each in self._parts.roster))

    async def _import(self, plugin: Found) -> None:
        name = plugin.name
        self._states.discover(name, version=plugin.version, distribution=plugin.distribution)
        if refusal := plugin.problem or self._selection.refusal(name):
            self._states.change(name, PluginState.BLOCKED, refusal)
        elif plugin.incompatible:
            self._states.change(name, PluginState.INCOMPATIBLE, plugin.incompatible)
        else:
            self._states.change(name, PluginState.LOADING)
            try:
                self._admit(await self._parts.loader.load(plugin))
            except Exception as error:  # noqa: BLE001 - discovery: one bad plugin must not stop the others
                self._fail(name, "declaration refused", error)

    async def _take(self, thing: object) -> None:
        name = _name_of(thing)
        if self._states.get(name) is not None:
            self._states.discover(f"{name}#{id(thing):x}")
            reason = f"a plugin called {name!r} is already there; rename one of the two"
            self._states.change(f"{name}#{id(thing):x}", PluginState.FAILED, reason)
            return
        self._states.discover(name)
        self._states.change(name, PluginState.LOADING)
        try:
            self._admit(await self._parts.loader.take(name, thing))
        except Exception as error:  # noqa: BLE001 - discovery: one bad plugin must not stop the others
            self._fail(name, "declaration refused", error)

    async def _start(self, name: str) -> None:
        try:
            await start(self._parts, name)
        except CoreOpsError as error:
            await unload(self._parts, name, "startup failed", STOP_GRACE, startup_ran=False)
            self._fail(name, "startup", error)
        else:
            self._states.change(name, PluginState.ACTIVE)

    def _admit(self, generation: Generation) -> None:
        self._parts.table.register(generation.plugin, generation.name, generation.adds)
        self._parts.roster.put(generation)
        self._states.change(generation.name, PluginState.LOADING, version=generation.info.version)

    def _drop(self, name: str) -> None:
        """Take out a plugin that was never started."""
        alone = not self._parts.roster.housemates(name)
        self._parts.table.unregister(name)
        generation = self._parts.roster.drop(name)
        if generation is not None and alone:
            forget(generation)

    def _in_state(self, *states: PluginState) -> list[str]:
        return [each.name for each in self._parts.roster if self._states[each.name].state in states]

    def _fail(self, name: str, what: str, error: BaseException) -> None:
        text = str(error) if isinstance(error, CoreOpsError) else f"{what} {type(error).__name__}: {error}"
        self._states.change(name, PluginState.FAILED, text)
        self._log.exception("plugin failed", exc_info=error, plugin=name, reason=text)


def _with_its_plugin(_plugin: str, _hook: object) -> Callable[[], None]:
    """Put an added hook nowhere: it came with the registration of its plugin, and goes with it."""
    return lambda: None


def _name_of(plugin: object) -> str:
    """Return the name that a plugin object gives itself, or one made from its module for the error message."""
    try:
        info = plugin.coreops_plugin_info()  # type: ignore[attr-defined]  # what it lacks is an error here too
        return str(info.name)
    except Exception:  # noqa: BLE001 - discovery: the real call through the guard will tell what is wrong
        return str(getattr(plugin, "__name__", type(plugin).__name__)).rpartition(".")[2].lower()

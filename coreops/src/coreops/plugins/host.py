"""The plugin room as one object: everything that finds, guards, calls and accounts for plugins, wired together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coreops.plugins.added import AddedHooks
from coreops.plugins.changes import PluginChanges
from coreops.plugins.context import ContextFactory, Services
from coreops.plugins.contributions import Contributions
from coreops.plugins.decisions import Decisions
from coreops.plugins.events import PluginEvents
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.ledger import Ledger
from coreops.plugins.loader import Loader
from coreops.plugins.manager import PluginManager
from coreops.plugins.parts import Outside, Parts
from coreops.plugins.reports import Reports
from coreops.plugins.roster import Roster
from coreops.plugins.selection import Selection
from coreops.plugins.states import PluginStates, Standing
from coreops_hookspecs.context import Logger
from coreops_hookspecs.declarations import Capability
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import Clock

__all__ = ["PluginHost"]


class PluginHost:
    """Composes the files of this folder.

    Args:
        clock: Source of time.
        log: Logger.
        selection: Which plugins may run.
        services: Returns what plugins are handed; asked when the first context is made.
        outside: What is asked of the rest of the runtime.
        on_moved: Told of every change of a plugin's state.
        on_fault: Told of every fault.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        log: Logger,
        selection: Selection,
        services: Callable[[], Services],
        outside: Outside,
        on_moved: Callable[[PluginState | None, Standing], None],
        on_fault: Callable[[Fault], None],
    ) -> None:
        states = PluginStates(clock, on_moved)
        self.guard = Guard(clock, states, on_fault)
        self.ledger = Ledger()
        self.contexts = ContextFactory(services, self._needs)
        self._roster = Roster()
        table = HookTable(self.guard)
        hooks = AsyncHooks(table, self.guard, self.contexts)
        self.decisions = Decisions(hooks, log)
        self.events = PluginEvents(hooks)
        self.added_hooks = lambda plugin: AddedHooks(plugin, hooks, lambda: table.specs)
        loader = Loader(self.guard, lambda: table.specs)
        self.owners: Mapping[str, str] = loader.owners
        parts = Parts(
            table=table,
            hooks=hooks,
            guard=self.guard,
            states=states,
            contexts=self.contexts,
            contributions=Contributions(self.ledger, log),
            roster=self._roster,
            loader=loader,
            outside=outside,
            log=log,
        )
        reports = Reports(states, self.guard, self.ledger, table.hooks_of, table.added_by)
        self.manager = PluginManager(parts, selection, reports)
        self.changes = PluginChanges(parts, selection, reports)

    def _needs(self, plugin: str) -> frozenset[Capability]:
        generation = self._roster.get(plugin)
        return frozenset() if generation is None else generation.info.needs

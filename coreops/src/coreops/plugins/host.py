"""The plugin room as one object: everything that finds, guards, calls and accounts for plugins, wired together."""

from __future__ import annotations

from collections.abc import Callable

from coreops.plugins.context import ContextFactory, Services
from coreops.plugins.decisions import Decisions
from coreops.plugins.events import PluginEvents
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.ledger import Ledger
from coreops.plugins.manager import PluginManager, Selection
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
        require: Raises CoreOpsError when a plugin's settings do not let it start.
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
        require: Callable[[str], None],
        on_moved: Callable[[PluginState | None, Standing], None],
        on_fault: Callable[[Fault], None],
    ) -> None:
        states = PluginStates(clock, on_moved)
        self.guard = Guard(clock, states, on_fault)
        self.ledger = Ledger()
        self.contexts = ContextFactory(services, self._needs)
        table = HookTable(self.guard)
        hooks = AsyncHooks(table, self.guard, self.contexts)
        self.decisions = Decisions(hooks, log)
        self.events = PluginEvents(hooks)
        self.manager = PluginManager(
            table=table,
            hooks=hooks,
            guard=self.guard,
            states=states,
            ledger=self.ledger,
            require=require,
            release=self.contexts.release,
            selection=selection,
            log=log,
        )

    def _needs(self, plugin: str) -> frozenset[Capability]:
        info = self.manager.info(plugin)
        return frozenset() if info is None else info.needs

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from coreops.plugins.breaker import BreakerPolicy
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.kinds import KINDS
from coreops.plugins.ledger import Ledger
from coreops.plugins.manager import PluginManager, Selection
from coreops.plugins.states import PluginStates, Standing
from coreops_hookspecs import Capability, PluginInfo, hookimpl
from coreops_hookspecs.errors import ConfigError
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import ManualClock
from coreops_shared.logging import get_logger


class World:
    """The plugin room with nothing behind it but lists."""

    def __init__(self, policy: BreakerPolicy) -> None:
        self.clock = ManualClock()
        self.faults: list[Fault] = []
        self.moves: list[tuple[PluginState | None, Standing]] = []
        self.states = PluginStates(self.clock, lambda old, new: self.moves.append((old, new)))
        self.guard = Guard(self.clock, self.states, self.faults.append, policy)
        self.table = HookTable(self.guard)
        self.hooks = AsyncHooks(self.table, self.guard, lambda name: SimpleNamespace(plugin=name))
        self.ledger = Ledger()
        self.unconfigured: set[str] = set()
        self.released: list[str] = []
        self.rooms: dict[str, list[tuple[str, Any]]] = {kind.name: [] for kind in KINDS}

    def adder(self, kind: str) -> Callable[[str, Any], Callable[[], None]]:
        held = self.rooms[kind]

        def add(plugin: str, item: Any) -> Callable[[], None]:
            held.append((plugin, item))
            return lambda: held.remove((plugin, item))

        return add

    def require(self, plugin: str) -> None:
        if plugin in self.unconfigured:
            raise ConfigError(f"settings of {plugin}: missing")

    async def release(self, plugin: str) -> None:
        self.released.append(plugin)

    @property
    def adders(self) -> dict[str, Callable[[str, Any], Callable[[], None]]]:
        return {kind.name: self.adder(kind.name) for kind in KINDS}

    def manager(self, selection: Selection | None = None) -> PluginManager:
        return PluginManager(
            table=self.table,
            hooks=self.hooks,
            guard=self.guard,
            states=self.states,
            ledger=self.ledger,
            require=self.require,
            release=self.release,
            selection=selection or Selection(),
            log=get_logger("test"),
        )

    def active(self, *names: str) -> None:
        for name in names:
            self.states.discover(name)
            self.states.change(name, PluginState.ACTIVE)


@pytest.fixture
def world() -> World:
    return World(BreakerPolicy(faults=3, window=60.0, cooldown=30.0))


@pytest.fixture
def make_plugin() -> Callable[..., ModuleType]:
    """Build a plugin module from functions; ``info`` fields may be overridden."""

    def make(
        name: str,
        hooks: Mapping[str, Callable[..., Any]] | None = None,
        *,
        depends: tuple[str, ...] = (),
        needs: frozenset[Capability] = frozenset(),
        hook_api: str = "0.1",
    ) -> ModuleType:
        module = ModuleType(f"test_plugin_{name}")

        def coreops_plugin_info() -> PluginInfo:
            return PluginInfo(name, "1.2.3", depends=depends, needs=needs, hook_api=hook_api)

        for attribute, function in {"coreops_plugin_info": coreops_plugin_info, **(hooks or {})}.items():
            setattr(module, attribute, hookimpl(function))
        return module

    return make

"""Calling hooks: pluggy registers, validates and orders; ``AsyncHooks`` walks, awaits and guards.

pluggy does not await, and one implementation that raises stops those after it. So the implementations of each hook are
kept as a flat tuple, made anew whenever the set of plugins changes, and every one is called through the guard with the
``ctx`` of its own plugin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pluggy

from coreops.plugins.guard import CallKind, Guard, Outcome
from coreops.plugins.specs import SPEC_MODULES, SPECS, Spec, implementations
from coreops_hookspecs.markers import PROJECT

__all__ = ["AsyncHooks", "HookTable"]


@dataclass(frozen=True, slots=True)
class _Bound:
    """One implementation in call order."""

    plugin: str
    spec: Spec
    function: Callable[..., Any]
    arguments: tuple[str, ...]


class HookTable:
    """Which plugin implements which hook, in call order."""

    def __init__(self) -> None:
        self._pluggy = pluggy.PluginManager(PROJECT)
        for module in SPEC_MODULES:
            self._pluggy.add_hookspecs(module)
        self._flat: dict[str, tuple[_Bound, ...]] = {}
        self._compile()

    def register(self, plugin: object, name: str) -> None:
        """Add a plugin whole, or not at all.

        Raises:
            DeclarationError: an implementation does not fit its hook.
        """
        implementations(plugin, name)
        self._pluggy.register(plugin, name)
        self._compile()

    def unregister(self, name: str) -> None:
        """Take a plugin out; an unknown name does nothing."""
        if self._pluggy.get_plugin(name) is not None:
            self._pluggy.unregister(name=name)
            self._compile()

    def of(self, hook: str) -> tuple[_Bound, ...]:
        """Return the implementations of a hook in call order."""
        return self._flat[hook]

    def one(self, hook: str, plugin: str) -> _Bound | None:
        """Return a plugin's implementation of a hook, if it has one."""
        return next((bound for bound in self._flat[hook] if bound.plugin == plugin), None)

    def implementers(self, hook: str) -> tuple[str, ...]:
        """Return the names of the plugins that implement a hook, in call order."""
        return tuple(bound.plugin for bound in self._flat[hook])

    def _compile(self) -> None:
        flat: dict[str, tuple[_Bound, ...]] = {}
        for name, spec in SPECS.items():
            # pluggy keeps last-called first; within a rank that is the order of registration, which is ours
            listed = getattr(self._pluggy.hook, name).get_hookimpls()
            ranked = sorted(listed, key=lambda impl: (impl.trylast, not impl.tryfirst))
            flat[name] = tuple(
                _Bound(impl.plugin_name, spec, impl.function, tuple(impl.argnames) + tuple(impl.kwargnames))
                for impl in ranked
            )
        self._flat = flat


class AsyncHooks:
    """Calls the hooks of the active plugins.

    Args:
        table: Who implements what.
        guard: Through which every implementation is called.
        context_for: Returns the ``ctx`` of a plugin.
    """

    def __init__(self, table: HookTable, guard: Guard, context_for: Callable[[str], Any]) -> None:
        self._table = table
        self._guard = guard
        self._context_for = context_for

    async def one(self, hook: str, plugin: str, *, always: bool = False, **arguments: Any) -> Outcome[Any] | None:
        """Await one plugin's implementation; ``None`` when it has none."""
        bound = self._table.one(hook, plugin)
        return None if bound is None else await self._await(bound, arguments, always=always)

    async def gather(self, hook: str, **arguments: Any) -> Sequence[tuple[str, Outcome[Any]]]:
        """Await all implementations at the same time; every one gets its full deadline."""
        bounds = self._table.of(hook)
        if not bounds:
            return ()
        outcomes = await asyncio.gather(*(self._await(bound, arguments) for bound in bounds))
        return tuple(zip((bound.plugin for bound in bounds), outcomes, strict=True))

    def declare(self, hook: str, plugin: str, **arguments: Any) -> Outcome[Any] | None:
        """Call one plugin's implementation of a synchronous hook; ``None`` when it has none."""
        bound = self._table.one(hook, plugin)
        if bound is None:
            return None
        return self._guard.call_sync(plugin, CallKind.HOOK, hook, bound.function, *self._arguments(bound, arguments))

    def first(self, hook: str, **arguments: Any) -> tuple[str, Outcome[Any]] | None:
        """Call a synchronous deciding hook; return the first result that is not ``None``, or the first failure."""
        for bound in self._table.of(hook):
            values = self._arguments(bound, arguments)
            outcome = self._guard.call_sync(bound.plugin, CallKind.HOOK, hook, bound.function, *values)
            if not outcome.ok or outcome.value is not None:
                return bound.plugin, outcome
        return None

    async def _await(self, bound: _Bound, arguments: dict[str, Any], *, always: bool = False) -> Outcome[Any]:
        return await self._guard.call(
            bound.plugin,
            CallKind.HOOK,
            bound.spec.name,
            bound.function,
            *self._arguments(bound, arguments),
            timeout=bound.spec.timeout,
            always=always,
        )

    def _arguments(self, bound: _Bound, arguments: dict[str, Any]) -> list[Any]:
        return [
            self._context_for(bound.plugin) if name == "ctx" and "ctx" not in arguments else arguments[name]
            for name in bound.arguments
        ]

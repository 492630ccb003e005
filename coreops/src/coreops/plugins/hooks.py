"""Calling hooks: pluggy registers, validates and orders; ``AsyncHooks`` walks, awaits and guards.

pluggy does not await, and one implementation that raises stops those after it. So the implementations of each hook are
kept as a flat tuple, made anew whenever the set of plugins changes, and every one is called through the guard with the
``ctx`` of its own plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pluggy

from coreops.plugins.gate import Gate
from coreops.plugins.guard import CallKind, Guard, Outcome, OutcomeStatus
from coreops.plugins.specs import SPEC_MODULES, SPECS, Spec, implementations
from coreops.plugins.states import Seat
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.markers import PROJECT

__all__ = ["AsyncHooks", "Bound", "HookTable"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One implementation in call order.

    Args:
        plugin: Its plugin.
        gate: That plugin's gate.
        spec: The hook.
        function: The implementation.
        arguments: Those of the hook's arguments that it asks for.
        takes_all: Whether it asks for all of them in the hook's order, so that they need not be picked.
    """

    plugin: str
    gate: Gate
    spec: Spec
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    takes_all: bool


Decider = tuple[Callable[[Any], Any], Seat, Gate]
"""A function that takes its hook's one argument, its plugin's place and gate."""


def _taking_one(bound: Bound) -> Callable[[Any], Any]:
    assert len(bound.spec.arguments) == 1, "a hook that decides is asked about one thing"
    return bound.function if bound.takes_all else lambda _: bound.function()


class HookTable:
    """Which plugin implements which hook, in call order."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pluggy = pluggy.PluginManager(PROJECT)
        for module in SPEC_MODULES:
            self._pluggy.add_hookspecs(module)
        self._specs: dict[str, Spec] = dict(SPECS)
        self._flat: dict[str, tuple[Bound, ...]] = {}
        self._deciders: dict[str, tuple[Decider, ...]] = {}
        self._order: dict[str, int] = {}
        self._begun: set[str] = set()
        self._hearing: dict[str, tuple[Bound, ...]] = {}
        self._compile()

    @property
    def specs(self) -> Mapping[str, Spec]:
        """The hooks that there are now, by name: those of the contract, and those that plugins added."""
        return self._specs

    def register(self, plugin: object, name: str, adds: Sequence[Spec] = ()) -> None:
        """Add a plugin whole, or not at all.

        Args:
            plugin: Module or object.
            name: Its name.
            adds: The hooks that it adds; they go with it.

        Raises:
            DeclarationError: an implementation does not fit its hook, or a hook that it adds is there already.
        """
        for spec in adds:
            if (there := self._specs.get(spec.name)) is not None:
                msg = f"hook {spec.name} of plugin {name!r} is already added by {there.owner or 'CoreOps'}; rename it"
                raise DeclarationError(msg)
        implementations(plugin, name, self._specs)
        self._pluggy.register(plugin, name)
        self._specs |= {spec.name: spec for spec in adds}
        self._compile()

    def begin(self, name: str) -> None:
        """Let a registered plugin hear of events; before it has started it would not know what to do with them."""
        self._begun.add(name)
        self._compile()

    def unregister(self, name: str) -> None:
        """Take a plugin out; an unknown name does nothing."""
        self._begun.discard(name)
        self._specs = {hook: spec for hook, spec in self._specs.items() if spec.owner != name}
        if self._pluggy.get_plugin(name) is not None:
            self._pluggy.unregister(name=name)
            self._compile()

    def arrange(self, order: Sequence[str]) -> None:
        """Call implementations in this order of plugins from now on, instead of that of registration."""
        self._order = {name: place for place, name in enumerate(order)}
        self._compile()

    def of(self, hook: str) -> tuple[Bound, ...]:
        """Return the implementations of a hook in call order."""
        return self._flat[hook]

    def hearing(self, hook: str) -> tuple[Bound, ...]:
        """Return the implementations of an event by plugins that have started."""
        return self._hearing[hook]

    def deciders(self, hook: str) -> tuple[Decider, ...]:
        """Return a synchronous hook's implementations as what its flat loop needs, and no more."""
        return self._deciders[hook]

    def one(self, hook: str, plugin: str) -> Bound | None:
        """Return a plugin's implementation of a hook, if it has one."""
        return next((bound for bound in self._flat[hook] if bound.plugin == plugin), None)

    def implementers(self, hook: str) -> tuple[str, ...]:
        """Return the names of the plugins that implement a hook, in call order."""
        return tuple(bound.plugin for bound in self._flat[hook])

    def hooks_of(self, plugin: str) -> tuple[str, ...]:
        """Return the hooks that a plugin implements."""
        return tuple(hook for hook, bounds in self._flat.items() if any(bound.plugin == plugin for bound in bounds))

    def added_by(self, plugin: str) -> dict[str, str]:
        """Return the hooks that a plugin adds: their signatures by name."""
        return {name: spec.signature for name, spec in self._specs.items() if spec.owner == plugin}

    def _compile(self) -> None:
        flat: dict[str, tuple[Bound, ...]] = {}
        for name, spec in self._specs.items():
            # pluggy keeps them in the order of registration, which a reload changes; ours goes before it
            caller = getattr(self._pluggy.hook, name, None)
            listed = [] if caller is None else caller.get_hookimpls()
            flat[name] = tuple(self._bound(spec, impl) for impl in sorted(listed, key=self._rank))
        self._flat = flat
        self._hearing = {
            name: tuple(bound for bound in bounds if bound.plugin in self._begun) for name, bounds in flat.items()
        }
        self._deciders = {
            name: tuple((_taking_one(bound), bound.gate.seat, bound.gate) for bound in bounds)
            for name, bounds in flat.items()
            if self._specs[name].first_result and not self._specs[name].is_async
        }

    def _rank(self, impl: pluggy.HookImpl) -> tuple[bool, bool, int]:
        return impl.trylast, not impl.tryfirst, self._order.get(impl.plugin_name, len(self._order))

    def _bound(self, spec: Spec, impl: pluggy.HookImpl) -> Bound:
        arguments = (*impl.argnames, *impl.kwargnames)
        gate = self._guard.gate(impl.plugin_name)
        return Bound(impl.plugin_name, gate, spec, impl.function, arguments, arguments == spec.arguments)


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

    async def one(self, hook: str, plugin: str, **arguments: Any) -> Outcome[Any] | None:
        """Await one plugin's implementation; ``None`` when it has none."""
        bound = self._table.one(hook, plugin)
        return None if bound is None else await self.call(bound, **arguments)

    async def call(self, bound: Bound, *, always: bool = False, **arguments: Any) -> Outcome[Any]:
        """Await an implementation, also one that is not registered any more.

        Args:
            bound: The implementation.
            always: Call it even if its plugin is in quarantine.
            arguments: Those of the hook; ``ctx`` may be given in place of the plugin's own.
        """
        return await self._guard.call(
            bound.plugin,
            CallKind.HOOK,
            bound.spec.name,
            bound.function,
            *self._arguments(bound, arguments),
            timeout=bound.spec.timeout,
            always=always,
        )

    async def gather(self, hook: str, **arguments: Any) -> Sequence[tuple[str, Outcome[Any]]]:
        """Await the implementations of all started plugins at the same time; every one gets its full deadline."""
        bounds = self._table.hearing(hook)
        if not bounds:
            return ()
        timeout = bounds[0].spec.timeout
        assert timeout is not None, "an asynchronous hook has a deadline"
        values = tuple(arguments.values())
        calls = [
            (bound.gate, bound.function, (self._context_for(bound.plugin), *values))
            if bound.takes_all
            else (bound.gate, bound.function, self._arguments(bound, arguments))
            for bound in bounds
        ]
        outcomes = await self._guard.gather(CallKind.HOOK, hook, calls, timeout=timeout)
        return [(bound.plugin, outcome) for bound, outcome in zip(bounds, outcomes, strict=True)]

    def decided(self, hook: str) -> bool:
        """Tell whether any plugin implements a synchronous deciding hook."""
        return bool(self._table.deciders(hook))

    def first(self, hook: str, argument: Any) -> tuple[str, Outcome[Any]] | None:
        """Call a synchronous deciding hook; return the first result that is not ``None``, or the first failure.

        Asked for every command, so the implementations are called in one flat loop, with the one argument that each
        such hook has (a call with ``*arguments`` takes twice as long); only what is not ``None`` or raises goes
        through the books.
        """
        for function, seat, gate in self._table.deciders(hook):
            if not seat.open:
                found = self._on_trial(hook, function, gate, argument)
                if found is None:
                    continue
                return gate.plugin, found
            try:
                value = function(argument)
            except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 - the guard's books take it
                return gate.plugin, self._guard.failed_sync(gate, CallKind.HOOK, hook, error)
            if value is not None:
                return gate.plugin, Outcome(OutcomeStatus.OK, value)
        return None

    def _on_trial(self, hook: str, function: Callable[[Any], Any], gate: Gate, argument: Any) -> Outcome[Any] | None:
        """Call an implementation whose plugin is not open, if it may be tried again; ``None`` for no result."""
        if refusal := self._guard.enter_sync(gate):
            return Outcome(OutcomeStatus.SKIPPED, reason=refusal)
        try:
            value = function(argument)
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 - the guard's books take it
            return self._guard.failed_sync(gate, CallKind.HOOK, hook, error)
        self._guard.passed_sync(gate)
        return None if value is None else Outcome(OutcomeStatus.OK, value)

    def _arguments(self, bound: Bound, arguments: dict[str, Any]) -> list[Any]:
        return [
            self._context_for(bound.plugin) if name == "ctx" and "ctx" not in arguments else arguments[name]
            for name in bound.arguments
        ]

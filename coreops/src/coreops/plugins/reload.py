"""Reload: new code beside the old, swapped in one step, and back again if it does not come up.

The old code serves until the new is imported and has declared what fits; then the contributions change hands without
the event loop running in between. The new code's ``coreops_startup`` is called while the old still has what it took,
and the old ends when the new is well. Calls that are going on finish on the code that they began on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import ModuleType

from coreops.plugins.context import Context
from coreops.plugins.discovery import Found
from coreops.plugins.ending import Ending
from coreops.plugins.gate import Flight
from coreops.plugins.hooks import Bound
from coreops.plugins.modules import attach, detach, owned, root_of
from coreops.plugins.parts import Parts
from coreops.plugins.plan import differences
from coreops.plugins.roster import Generation
from coreops.plugins.starting import check, fill, greet, start
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.plugins import PluginReload

__all__ = ["Reload"]


@dataclass(frozen=True, slots=True)
class _Held:
    """What belongs to a state of a plugin's code beside its contributions."""

    context: Context | None
    flight: Flight
    shutdown: Bound | None


class Reload:
    """One reload of a plugin and of those that need it.

    Args:
        parts: The plugin room.
        found: Where the new code is, in order of starting, the plugin itself first.
    """

    def __init__(self, parts: Parts, found: Sequence[Found]) -> None:
        self._parts = parts
        self._found = found
        self._old = [parts.roster[each.name] for each in found]
        self._new: list[Generation] = []
        self._aside: dict[str, ModuleType] = {}
        self._held: dict[str, _Held] = {}
        self._begun: set[str] = set()

    async def plan(self) -> PluginReload:
        """Import the new code, compare and forget it again. Raises DeclarationError when it cannot be used."""
        await self._load()
        self._forget_new()
        return self._report(done=False)

    async def run(self) -> PluginReload:
        """Put the new code in place of the old; :meth:`endings` are left to do.

        Raises:
            CoreOpsError: it does not come up; the old code serves as before. So it does after any other error.
        """
        await self._load()
        self._held = {each.name: self._take(each.name) for each in self._old}
        try:
            self._exchange(self._old, self._new)
            for each in self._new:
                await fill(self._parts, each)
                await start(self._parts, each.name)
                self._begun.add(each.name)
                await greet(self._parts, each.name)
                await check(self._parts, each)
        except BaseException:
            await self._roll_back()
            raise
        return self._report(done=True)

    def endings(self) -> list[Ending]:
        """Return what has to end of the old code, in the order in which to end it."""
        homes = list(self._aside.values())
        return [_ending(homes, self._held[each.name]) for each in reversed(self._old)]

    async def _load(self) -> None:
        """Import the new code with the old out of the way, and take its declarations."""
        roots = {each.root for each in self._old} | {_root(each) for each in self._found}
        self._aside = {name: module for root in roots for name, module in owned(root).items()}
        detach(self._aside)
        names = [each.name for each in self._found]
        try:
            for each in self._found:
                self._new.append(await self._parts.loader.load(each, self._new, names))
        except BaseException:
            self._forget_new()
            raise

    def _forget_new(self) -> None:
        for each in self._new:
            detach(owned(each.root))
        attach(self._aside)

    def _exchange(self, old: Sequence[Generation], new: Sequence[Generation]) -> None:
        """Let other code contribute. No ``await`` in here: nobody may see a state in between."""
        parts = self._parts
        for each in reversed(old):
            parts.contributions.take_out(each.name)
            parts.table.unregister(each.name)
        for each in new:
            parts.roster.put(each)
        refused = parts.roster.arrange()
        for each in new:
            if each.name in refused:
                raise DeclarationError(refused[each.name])
            parts.table.register(each.plugin, each.name, each.adds)
            parts.contributions.put(each.name, each.items)
        parts.table.arrange(parts.roster.order)

    def _take(self, name: str) -> _Held:
        """Take what belongs to the code that serves, and let the next begin with nothing."""
        parts, gate = self._parts, self._parts.guard.gate(name)
        shutdown = parts.table.one("coreops_shutdown", name)
        if shutdown is not None:
            parts.contexts(name)
        held = _Held(parts.contexts.take(name), gate.flight, shutdown)
        gate.flight = Flight()
        return held

    async def _roll_back(self) -> None:
        parts, failed = self._parts, {each.name: self._take(each.name) for each in self._new}
        self._exchange(self._new, self._old)
        for each in self._old:
            parts.table.begin(each.name)
        self._forget_new()
        for name, held in self._held.items():
            parts.contexts.put_back(name, held.context)
            parts.guard.gate(name).flight = held.flight
        for each in reversed(self._new):
            ending = _ending(each.homes, failed[each.name], due=each.name in self._begun)
            left = await ending.run(parts, "the reload failed", grace=1.0)
            if left:
                parts.log.error(
                    "new code that failed has left something behind", plugin=each.name, left=", ".join(left)
                )

    def _report(self, *, done: bool) -> PluginReload:
        first, *others = self._found
        changes = differences(self._old, self._new)
        before = self._old[0].found
        return PluginReload(
            plugin=first.name,
            with_it=tuple(each.name for each in others),
            done=done,
            old_version=before.version if before is not None else "",
            new_version=first.version,
            modules=tuple(sorted(name for each in self._new for name in each.modules)),
            added=changes.added,
            removed=changes.removed,
            changed=changes.changed,
        )


def _ending(homes: Collection[ModuleType], held: _Held, *, due: bool = True) -> Ending:
    return Ending(homes, frozenset(), held.flight, held.context, held.shutdown if due else None)


def _root(found: Found) -> str:
    module = found.value.partition(":")[0].strip()
    spec = root_of(module)
    return module.partition(".")[0] if spec is None else spec.name

"""Plugins that come, go and change while the bot runs. One change at a time; each is seen through to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from coreops.plugins.discovery import Found
from coreops.plugins.ending import Ending, unload
from coreops.plugins.parts import Parts
from coreops.plugins.plan import requirements_changed
from coreops.plugins.reload import Reload
from coreops.plugins.reports import Reports
from coreops.plugins.roster import Generation
from coreops.plugins.selection import ESSENTIAL, Selection
from coreops.plugins.starting import fill, greet, start
from coreops.plugins.states import Standing
from coreops_hookspecs.errors import DeclarationError, PluginRefusedError
from coreops_hookspecs.health import PluginReport, PluginState
from coreops_hookspecs.plugins import PluginReload
from coreops_shared.suggest import did_you_mean

__all__ = ["PluginChanges"]

T = TypeVar("T")

GRACE: Final = 5.0
"""Seconds that calls into a plugin get to end when it is unloaded, and for which a reload waits for its old code."""
LATE: Final = 60.0
"""Seconds after which calls that still run on old code are cancelled."""


class PluginChanges:
    """Loads, unloads and reloads.

    What cannot be done as asked raises PluginRefusedError and changes nothing.

    Args:
        parts: The plugin room.
        selection: Which plugins may run.
        reports: What is told of plugins.
        grace: See :data:`GRACE`.
    """

    def __init__(self, parts: Parts, selection: Selection, reports: Reports, *, grace: float = GRACE) -> None:
        self._parts = parts
        self._selection = selection
        self._reports = reports
        self._log = parts.log
        self._grace = grace
        self._given: dict[str, object] = {}
        self._turn = asyncio.Lock()
        self._going: set[asyncio.Task[Any]] = set()

    async def load(self, name: str, actor: str) -> PluginReport:
        """Load and start a plugin that is installed and not loaded; its state tells whether it came up."""
        return await self._see_through(self._load(name, actor), f"load {name}")

    async def unload(self, name: str, actor: str) -> PluginReport:
        """Take a plugin out; what is left of it is the reason of its state."""
        return await self._see_through(self._unload(name, actor), f"unload {name}")

    async def reload(self, name: str, actor: str, *, plan_only: bool = False) -> PluginReload:
        """Put the installed code of a plugin, and of those that need it, in place of the code that serves.

        Args:
            name: The plugin.
            actor: Who asks: ``user:<id>``.
            plan_only: Import the new code and compare, but let the old serve on.
        """
        return await self._see_through(self._reload(name, actor, plan_only=plan_only), f"reload {name}")

    def quarantine(self, name: str, actor: str, *, reason: str = "", until: datetime | None = None) -> PluginReport:
        """Skip a plugin's calls by hand; its commands answer that they are unavailable, and why.

        Args:
            name: The plugin.
            actor: Who asks: ``user:<id>``.
            reason: Why, in the words of whoever asks; shown with the state.
            until: When one call is let through to decide (UTC); ``None`` for not before it is reinstated or reloaded.
        """
        self._loaded(name)
        if name == ESSENTIAL:
            raise _refused(f"plugin {name!r} cannot be put into quarantine: without it the bot could not be repaired")
        if not self._parts.states[name].serving or self._parts.states[name].state is PluginState.LOADING:
            raise _refused(f"plugin {name!r} is {self._parts.states[name].state}; wait until it is active")
        self._parts.guard.quarantine(name, f"by {actor}: {reason}" if reason else f"by {actor}", until)
        return self._reports.one(name)

    def reinstate(self, name: str, actor: str) -> PluginReport:
        """End a plugin's quarantine now, whoever imposed it, and forget the faults that led to it."""
        self._loaded(name)
        if self._parts.states[name].state is not PluginState.QUARANTINED:
            raise _refused(f"plugin {name!r} is not in quarantine, it is {self._parts.states[name].state}")
        self._parts.guard.reinstate(name)
        self._log.info("plugin reinstated", plugin=name, actor=actor)
        return self._reports.one(name)

    async def stop(self) -> None:
        """Break off what is going on; a reload goes back to the code that served."""
        if self._going:
            for task in self._going:
                task.cancel()
            await asyncio.wait(self._going, timeout=self._grace)

    async def _load(self, name: str, actor: str) -> PluginReport:
        parts = self._parts
        if name in parts.roster:
            raise _refused(f"plugin {name!r} is loaded already; reload it")
        found = None if name in self._given else (await self._find([name]))[0]
        refusal = self._selection.refusal(name, by_hand=True) or (
            "" if found is None else found.problem or found.incompatible
        )
        if refusal:
            raise _refused(f"plugin {name!r} may not be loaded: {refusal}")
        if parts.states.get(name) is None and found is not None:
            parts.states.discover(name, version=found.version, distribution=found.distribution)
        parts.states.change(name, PluginState.LOADING, f"by {actor}")
        (error,) = await asyncio.gather(self._enter(name, found), return_exceptions=True)
        if error is None:
            parts.states.change(name, PluginState.ACTIVE)
            self._given.pop(name, None)
        else:
            await self._expel(name, error)
        await parts.outside.changed()
        return self._reports.one(name)

    async def _enter(self, name: str, found: Found | None) -> None:
        parts = self._parts
        given = parts.loader.take(name, self._given[name]) if found is None else parts.loader.load(found)
        generation = await given
        parts.roster.put(generation)
        if reason := parts.roster.arrange().get(name):
            raise DeclarationError(reason)
        parts.table.register(generation.plugin, name, generation.adds)
        parts.table.arrange(parts.roster.order)
        parts.contributions.put(name, generation.items)
        parts.states.change(name, PluginState.LOADING, parts.states[name].reason, version=generation.info.version)
        await fill(parts, generation)
        await start(parts, name)
        await greet(parts, name)

    async def _expel(self, name: str, error: BaseException) -> None:
        if name in self._parts.roster:
            await unload(self._parts, name, "the load failed", self._grace, startup_ran=False)
        self._parts.states.change(name, PluginState.FAILED, str(error))
        self._log.exception("plugin failed", exc_info=error, plugin=name, reason=str(error))
        if not isinstance(error, Exception):
            raise error

    async def _unload(self, name: str, actor: str) -> PluginReport:
        parts, generation = self._parts, self._loaded(name)
        if name == ESSENTIAL:
            raise _refused(f"plugin {name!r} cannot be unloaded: without it the bot could not be repaired; reload it")
        if needed := parts.roster.dependents(name):
            raise _refused(f"plugin {name!r} is needed by {' and '.join(needed)}; unload them first")
        left = await unload(parts, name, f"unloaded by {actor}", self._grace)
        if generation.found is None:
            self._given[name] = generation.plugin
        parts.guard.gate(name).breaker.reset()
        parts.states.change(name, PluginState.UNLOADED, f"leaked: {', '.join(left)}" if left else f"by {actor}")
        await parts.outside.changed()
        return self._reports.one(name)

    async def _reload(self, name: str, actor: str, *, plan_only: bool) -> PluginReload:
        parts, batch = self._parts, [name, *self._parts.roster.dependents(self._loaded(name).name)]
        self._check_reloadable(batch)
        found = await self._find(batch)
        if reboot := self._reboot(found):
            return PluginReload(name, tuple(batch[1:]), reboot=reboot)
        reload = Reload(parts, found)
        if plan_only:
            (plan,) = await asyncio.gather(reload.plan(), return_exceptions=True)
            return plan if isinstance(plan, PluginReload) else self._failed(batch, plan)
        before = {each: parts.states[each] for each in batch}
        for each in batch:
            parts.states.change(each, PluginState.LOADING, f"reloaded by {actor}")
        (report,) = await asyncio.gather(reload.run(), return_exceptions=True)
        if not isinstance(report, PluginReload):
            self._restore(before, report)
            await parts.outside.changed()
            return self._failed(batch, report)
        for fresh in found:
            parts.guard.gate(fresh.name).breaker.reset()
            parts.states.change(fresh.name, PluginState.ACTIVE, version=fresh.version)
        await parts.outside.changed()
        return replace(report, left=await self._retire(reload.endings(), batch, f"reloaded by {actor}"))

    def _loaded(self, name: str) -> Generation:
        generation, standing = self._parts.roster.get(name), self._parts.states.get(name)
        if generation is not None:
            return generation
        if standing is not None:
            raise _refused(f"plugin {name!r} is not loaded, it is {standing.state}; load it")
        known = [each.name for each in self._parts.states]
        raise _refused(f"there is no plugin {name!r}{did_you_mean(name, known)}")

    def _check_reloadable(self, batch: Sequence[str]) -> None:
        for name in batch:
            if self._parts.roster[name].found is None:
                raise _refused(f"plugin {name!r} was handed in as an object; there is nothing to load it from")
            if others := set(self._parts.roster.housemates(name)) - set(batch):
                raise _refused(
                    f"plugin {name!r} shares its package with {' and '.join(sorted(others))}; reboot the bot"
                )

    async def _find(self, names: Iterable[str]) -> list[Found]:
        installed = {each.name: each for each in await asyncio.to_thread(self._parts.outside.find)}
        found: list[Found] = []
        for name in names:
            if name not in installed:
                raise _refused(f"no plugin {name!r} is installed{did_you_mean(name, installed)}")
            found.append(installed[name])
        return found

    def _reboot(self, found: Sequence[Found]) -> str:
        """Return why the new code cannot be put beside what is loaded, or an empty text."""
        reasons = []
        for each in found:
            if refusal := each.problem or each.incompatible:
                raise _refused(f"plugin {each.name!r} may not be loaded any more: {refusal}")
            old = self._parts.roster[each.name].found
            changed = requirements_changed(() if old is None else old.requires, each.requires)
            reasons += [f"{each.name} {each.version}: {changed}"] if changed else []
        return "; ".join(reasons)

    def _restore(self, before: dict[str, Standing], error: BaseException) -> None:
        for name, old in before.items():
            reason = old.reason or f"old code kept: {error}"
            self._parts.states.change(name, old.state, reason, retry_at=old.retry_at)

    def _failed(self, batch: Sequence[str], error: BaseException) -> PluginReload:
        if not isinstance(error, Exception):
            raise error
        self._log.exception("reload failed", exc_info=error, plugin=batch[0], reason=str(error))
        return PluginReload(batch[0], tuple(batch[1:]), error=str(error))

    async def _retire(self, endings: Sequence[Ending], batch: Sequence[str], reason: str) -> tuple[str, ...]:
        task = self._keep(self._end(endings, batch[0], reason), f"retire {batch[0]}")
        if self._parts.guard.current in batch:
            return ()  # the call that asks for this is one of those that it would wait for
        await asyncio.wait([task], timeout=self._grace)
        if not task.done():
            running = sum(ending.flight.count for ending in endings)
            return (f"{running} calls that still run" if running else "its shutdown, which still runs",)
        return task.result()

    async def _end(self, endings: Iterable[Ending], plugin: str, reason: str) -> tuple[str, ...]:
        left = [text for ending in endings for text in await ending.run(self._parts, reason, LATE)]
        if left:
            self._parts.log.error("old code has left something behind", plugin=plugin, left=", ".join(left))
        return tuple(left)

    async def _see_through(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Do one change after the other, and each to its end even if whoever asked does not wait for it."""

        async def in_turn() -> T:
            async with self._turn:
                return await work

        return await asyncio.shield(self._keep(in_turn(), name))

    def _keep(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=f"plugins: {name}")
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return task


def _refused(message: str) -> PluginRefusedError:
    return PluginRefusedError(message)

"""Ending one state of a plugin's code, and proving that nothing of it is left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Final

from coreops.plugins.context import Context
from coreops.plugins.contributions import INLETS
from coreops.plugins.gate import Flight
from coreops.plugins.hooks import Bound
from coreops.plugins.modules import detach, owned
from coreops.plugins.parts import Parts
from coreops.plugins.roster import Generation
from coreops.plugins.strays import end_tasks, threads_of

__all__ = ["Ending", "forget", "unload"]

_CANCELLED: Final = 1.0
"""Seconds that what is cancelled gets to end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What has to end with a state of a plugin's code. Its contributions are out of the rooms already.

    Args:
        homes: The modules whose code it is.
        codes: Further code that is its own.
        flight: The calls into it.
        context: Its ``ctx``, if it ever asked for it.
        shutdown: Its ``coreops_shutdown``; ``None`` if there is none or it is not to be called.
    """

    homes: Collection[ModuleType]
    codes: frozenset[CodeType]
    flight: Flight
    context: Context | None
    shutdown: Bound | None

    async def run(self, parts: Parts, reason: str, grace: float) -> tuple[str, ...]:
        """Let its calls end, call its ``coreops_shutdown``, end its tasks; return what is left of them.

        Args:
            parts: The plugin room.
            reason: For ``coreops_shutdown``.
            grace: Seconds that calls get to end before they are cancelled.
        """
        await self.flight.landed(grace)
        if self.shutdown is not None:
            own = {} if self.context is None else {"ctx": self.context}
            await parts.hooks.call(self.shutdown, always=True, reason=reason, **own)
        left = () if self.context is None else await self.context.close()
        strays = await end_tasks(self.homes, _CANCELLED, self.codes)
        return (*(f"task {name!r}" for name in left), *strays, *threads_of(self.homes))


async def unload(
    parts: Parts, name: str, reason: str, grace: float, *, startup_ran: bool = True, keep_modules: bool = False
) -> tuple[str, ...]:
    """Take a loaded plugin out, first what calls come in by; return what is left of it.

    Args:
        parts: The plugin room.
        name: The plugin.
        reason: For ``coreops_shutdown``.
        grace: Seconds that its calls get to end.
        startup_ran: Whether ``coreops_shutdown`` is due.
        keep_modules: Leave its modules imported.
    """
    shutdown = parts.table.one("coreops_shutdown", name) if startup_ran else None
    parts.contributions.take_out(name, INLETS)
    parts.table.unregister(name)
    if shutdown is not None:
        parts.contexts(name)  # before the roster forgets what the plugin needs
    generation, alone = parts.roster[name], not parts.roster.housemates(name)
    homes = {*generation.homes, *(owned(generation.root).values() if generation.root else ())}
    ending = Ending(homes, generation.codes, parts.guard.gate(name).flight, parts.contexts.take(name), shutdown)
    left = await ending.run(parts, reason, grace)
    parts.contributions.take_out(name)
    parts.roster.drop(name)
    modules = forget(generation) if alone and not keep_modules else ()
    return tuple(dict.fromkeys([*left, *parts.contributions.left(name), *modules]))


def forget(generation: Generation) -> tuple[str, ...]:
    """Forget the modules of a plugin's code; return those that came back."""
    if not generation.root:
        return ()  # it was handed in, and belongs to whoever imported it
    detach(owned(generation.root))
    return tuple(f"module {name!r}" for name in owned(generation.root))

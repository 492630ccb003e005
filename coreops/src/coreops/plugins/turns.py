"""Doing something for one plugin after the other, without letting those that hang add up.

Imports are not made side by side as a rule: Python breaks a deadlock of two imports by handing out a module that is
half made. So each waits for the one before it; only one that takes its time is no longer waited for by plugins that do
not need it. Five that hang until their deadline of 15 s cost 19 s together then, instead of 75.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

__all__ = ["PATIENCE", "in_turn"]

PATIENCE: Final = 1.0
"""Seconds after which the next plugin does not wait for the one before it any longer."""


async def in_turn(
    names: Sequence[str],
    needs: Mapping[str, Collection[str]],
    work: Callable[[str], Awaitable[None]],
    patience: float,
) -> None:
    """Do the work for each plugin, begun in this order, and wait for all. When cancelled, all are cancelled.

    Args:
        names: The plugins, dependencies first.
        needs: Those that have to be done before each.
        work: What to do for one; deals itself with what goes wrong.
        patience: Seconds that one may take until the next is begun, unless that needs it.
    """
    tasks: dict[str, asyncio.Task[None]] = {}

    async def turn(name: str, before: Sequence[asyncio.Task[None]]) -> None:
        if before:
            await asyncio.wait(before)
        await work(name)

    try:
        for name in names:
            before = [tasks[need] for need in needs.get(name, ()) if need in tasks]
            tasks[name] = asyncio.create_task(turn(name, before), name=f"plugins: {name}")
            await asyncio.wait([tasks[name]], timeout=patience)
        await asyncio.gather(*tasks.values())
    finally:
        unfinished = [task for task in tasks.values() if not task.done()]
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

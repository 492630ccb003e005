"""Tasks that hikari leaves behind when a shard's start is given up: they would go on connecting, unseen.

A shard whose handshake never came has no public way to be closed, and ``asyncio.shield`` keeps its task alive when the
start is cancelled. The tasks are known by the names that hikari gives them; the room's tests notice if those change.
"""

from __future__ import annotations

import asyncio
from typing import Final

__all__ = ["end_strays"]

_NAMES: Final = ("keep alive (shard ", "heartbeat (shard ", "poll events (shard ")


async def end_strays(within: float) -> None:
    """Cancel hikari's tasks in this loop, and wait up to ``within`` seconds for their end.

    Call it only while no shard is meant to run.
    """
    strays = {task for task in asyncio.all_tasks() if task.get_name().startswith(_NAMES)}
    for task in strays:
        task.cancel()
    if strays:
        await asyncio.wait(strays, timeout=within)

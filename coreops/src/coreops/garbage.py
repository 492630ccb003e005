"""When the process collects cyclic garbage: by the clock, and not in the middle of answering.

A full collection looks at every object that may be part of a cycle, and nothing else runs meanwhile: with a table of
100,000 rows that is 50 ms and more, several times while it is read. Most objects live as long as the process, and
nearly all garbage is freed without a collection (``gc`` in Python's documentation; PEP 442 on what is not).
"""

from __future__ import annotations

import asyncio
import gc
import itertools
from collections.abc import Awaitable, Callable
from typing import Final

__all__ = ["DEEP", "EVERY", "THRESHOLDS", "collect_by_the_clock"]

EVERY: Final = 1.0
"""Seconds between collections of what came since the one before."""
DEEP: Final = 600
"""Every so many of them looks at everything else too."""
THRESHOLDS: Final = (5000, 10, 1000)
"""New objects, and collections, before each generation is looked at. Python's 700 are half a command: what is under way
would grow old seven times as often. The last leaves the oldest to the clock, but for fifty million new objects."""


async def collect_by_the_clock(
    every: float = EVERY, *, deep: int = DEEP, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Collect now and then, until cancelled; what is alive then is left out until the next deep collection.

    Young objects, in which most cycles are, go on being collected as Python does.
    """
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        for number in itertools.count():
            if number % deep == 0:
                gc.unfreeze()
            gc.collect()
            gc.freeze()
            await sleep(every)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

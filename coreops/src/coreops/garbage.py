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

__all__ = ["DEEP", "EVERY", "SETTLED", "THRESHOLDS", "collect_by_the_clock"]

EVERY: Final = 1.0
"""Seconds between collections of what is young: the two generations that Python looks at most."""
SETTLED: Final = 20
"""Every so many of them looks at all that came since the last of these, and leaves out what is alive from then on."""
DEEP: Final = 120
"""Every so many of them looks at everything else too; a multiple of :data:`SETTLED`. At 250 commands a second each
of the others keeps some 0.5 MB of commands that were under way."""
_YOUNG: Final = 1
THRESHOLDS: Final = (5000, 10, 1000)
"""New objects, and collections, before each generation is looked at. Python's 700 are half a command: what is under way
would grow old seven times as often. The last leaves the oldest to the clock, but for fifty million new objects."""


async def collect_by_the_clock(
    every: float = EVERY,
    *,
    settled: int = SETTLED,
    deep: int = DEEP,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Collect what is young now and then, until cancelled, and what is older less often.

    What is alive after a collection of everything that came since the one before is left out until the next deep one.
    Cycles that are in use at that moment are kept till then although they end a moment later: a command's are, so that
    leaving out at every collection would hold on to some of each second's.
    """
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        for number in itertools.count():
            if number % deep == 0:
                gc.unfreeze()
            if number % settled == 0:
                gc.collect()
                gc.freeze()
            else:
                gc.collect(_YOUNG)
            await sleep(every)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

"""A read of a bucket beside ``cachetools.TTLCache.__getitem__``, in one process run. Prints the ratio; gates nothing.

Run with ``make bench``. Both serve one of 50 entries that are fresh; both look at a clock.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import timeit
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import cachetools

from coreops.cache.service import CacheService
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import BucketSpec, PluginState
from coreops_shared.clock import SystemClock
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.workbook import Workbook

BUCKETS = 50
READS = 100_000
ROUNDS = 15
AIM = 0.25


@dataclass(frozen=True)
class Row:
    name: str


@asynccontextmanager
async def filled(folder: Path) -> AsyncIterator[CacheService]:
    """Serve buckets that are read from a workbook and kept fresh."""
    (folder / "book").mkdir()
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    sheets = SheetsFacade(Workbook(folder))
    cache = CacheService(
        sheets=sheets,
        clock=clock,
        guard=Guard(clock, states, lambda _fault: None),
        log=get_logger("bench"),
        publish=lambda _event: None,
        spreadsheet_id=lambda _key: "book",
    )
    for number in range(BUCKETS):
        (folder / "book" / f"Tab {number}.csv").write_text("name\nann\n")
        cache.add("bench", BucketSpec(f"bucket_{number}", "BOOK", f"Tab {number}", Row, "name", ttl=timedelta(hours=1)))
    await cache.preload(30)
    await asyncio.sleep(0)
    yield cache
    await cache.stop()
    await sheets.close()


async def main() -> None:
    """Measure a cache that serves."""
    with tempfile.TemporaryDirectory() as folder:
        async with filled(Path(folder)) as cache:
            measure(cache)


def measure(cache: CacheService) -> None:
    """Read from both in turns and print the medians."""
    peer: cachetools.TTLCache[str, object] = cachetools.TTLCache(BUCKETS, ttl=3600.0, timer=time.monotonic)
    for bucket in cache.list_buckets():
        peer[bucket.name] = cache.get_snapshot(bucket.name)
    ours = timeit.Timer("read('bucket_7')", globals={"read": cache.get_snapshot})
    theirs = timeit.Timer("read['bucket_7']", globals={"read": peer})
    figures = [(ours.timeit(READS) / READS * 1e9, theirs.timeit(READS) / READS * 1e9) for _ in range(ROUNDS)]
    mine, other = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"  cache read: {mine:4.0f} ns, cachetools {other:4.0f} ns, ratio {mine / other:.2f} (aim {AIM})")


if __name__ == "__main__":
    asyncio.run(main())

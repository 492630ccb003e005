"""A refresh of fifty tabs of one spreadsheet behind a Google that takes 80 ms to answer, in round trips.

Prints how many requests it takes and how long, as a multiple of those 80 ms; gates nothing. Connection and access token
are there already, as they are in a running bot. The time has everything in it: the queue, the thread, the server's own
work in this very process, and making records. Beside it stands a read of one tab after the other. Run with
``make bench``.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from coreops.cache.service import CacheService
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import BucketSpec, PluginState
from coreops_sandbox.server import Sandbox
from coreops_sandbox.sheets import QuotaLimits
from coreops_shared.clock import SystemClock
from coreops_shared.config.settings import load
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of

TABS, ROWS = 50, 30
LATENCY = 0.08
ROUNDS = 15
AIM = 1.2
HEADER = ["clan_tag", "clan_name", "level", "open_spots", "max_members"]


@dataclass(frozen=True)
class Clan:
    clan_tag: str
    clan_name: str
    level: int
    open_spots: int
    max_members: int


def fill(sandbox: Sandbox) -> None:
    """Put fifty tabs of clans into a spreadsheet."""
    book = sandbox.google.spreadsheets.create("book")
    for number in range(TABS):
        rows = [[f"T{row}", f"Night Owls {row}", str(row), "1", "30"] for row in range(ROWS)]
        book.add_tab(f"Tab {number}").fill([HEADER, *rows])


@asynccontextmanager
async def warm(sandbox: Sandbox) -> AsyncIterator[tuple[CacheService, SheetsFacade]]:
    """Serve the tabs as buckets that were read once."""
    env = {
        "DISCORD_TOKEN": "t",
        "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
        "COREOPS_GOOGLE_API_URL": sandbox.google_url,
    }
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    sheets = SheetsFacade(backend_of(load(env), writable=False))
    cache = CacheService(
        sheets=sheets,
        clock=clock,
        guard=Guard(clock, states, lambda _fault: None),
        log=get_logger("bench"),
        publish=lambda _event: None,
        spreadsheet_id=lambda key: key,
    )
    for number in range(TABS):
        spec = BucketSpec(f"bucket_{number}", "book", f"Tab {number}", Clan, "clan_tag", ttl=timedelta(hours=1))
        cache.add("bench", spec)
    await cache.preload(30)
    yield cache, sheets
    await cache.stop()
    await sheets.close()


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """Return how long it took by the clock on the wall."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def main() -> None:
    """Measure and print."""
    plenty = QuotaLimits(reads=10**6, writes=10**6, project_reads=10**6, project_writes=10**6)
    async with Sandbox(quota=plenty) as sandbox:
        fill(sandbox)
        async with warm(sandbox) as (cache, sheets):
            late = sandbox.faults.add("sheets.latency", {"ms": LATENCY * 1000})
            names = [status.name for status in cache.list_buckets()]

            async def refresh() -> None:
                results = await cache.refresh_now_many(names, actor="user:1")
                assert all(result.ok and result.rows == ROWS for result in results)

            async def one_by_one() -> None:
                for number in range(TABS):
                    await sheets.read("book", f"Tab {number}")

            took = [await seconds(refresh) for _ in range(ROUNDS)]
            requests = late.hits / ROUNDS
            apart = await seconds(one_by_one)
    middle = statistics.median(took)
    print(
        f"{TABS} tabs warm: {requests:g} request, {middle * 1e3:.0f} ms behind {LATENCY * 1e3:.0f} ms, "
        f"ratio {middle / LATENCY:.2f} round trips (aim {AIM}), best {min(took) / LATENCY:.2f}; "
        f"one tab after the other {apart / LATENCY:.1f}"
    )


if __name__ == "__main__":
    asyncio.run(main())

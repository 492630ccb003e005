"""Buckets on a Google that allows sixty reads a minute: never one too many, and one where one is enough."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from coreops.cache.service import CacheService
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import BucketSpec, PluginState
from coreops_hookspecs.sheets import SheetsQuota
from coreops_hookspecs.telemetry import Event
from coreops_sandbox.server import Sandbox
from coreops_shared.clock import ManualClock
from coreops_shared.config.settings import load
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.backends import backend_of, governor_of

BUCKETS = 50


@dataclass(frozen=True)
class Row:
    name: str


@dataclass
class Bench:
    """A cache on the sandbox's Google, whose minutes pass as the clock says."""

    sandbox: Sandbox
    clock: ManualClock
    cache: CacheService
    sheets: SheetsFacade
    calls: list[SheetsCall] = field(default_factory=list)
    refreshed: list[Event] = field(default_factory=list)

    def add(self, number: int, spreadsheet: str, ttl: timedelta = timedelta(hours=1)) -> None:
        book = self.sandbox.google.spreadsheets.create(spreadsheet)
        book.add_tab(f"Tab {number}").fill([["name"], [f"ann {number}"]])
        spec = BucketSpec(f"bucket_{number}", spreadsheet, f"Tab {number}", Row, "name", ttl=ttl)
        self.cache.add("bench", spec)

    async def done(self, work: Any) -> Any:
        """Let time pass until the work is done."""
        task = asyncio.ensure_future(work)
        for _ in range(400):
            if (await asyncio.wait([task], timeout=0.02))[0]:
                return task.result()
            self.clock.advance(2)
        raise AssertionError("not done")

    def reads(self) -> int:
        return self.sandbox.google.quota.used("", "read")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    clock = ManualClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    calls: list[SheetsCall] = []
    events: list[Event] = []
    async with Sandbox(clock=lambda: time.time() + clock.monotonic()) as sandbox:
        env = {
            "DISCORD_TOKEN": "t",
            "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
            "COREOPS_GOOGLE_API_URL": sandbox.google_url,
        }
        settings = load(env)
        backend = backend_of(settings, writable=False)
        governor = governor_of(settings, backend, clock)
        sheets = SheetsFacade(backend, clock=clock, deadline=600, governor=governor, on_call=calls.append)
        cache = CacheService(
            sheets=sheets,
            clock=clock,
            guard=Guard(clock, states, lambda _fault: None),
            log=get_logger("bench"),
            publish=events.append,
            spreadsheet_id=lambda key: key,
        )
        yield Bench(sandbox, clock, cache, sheets, calls, events)
        await cache.stop()
        await sheets.close()


async def test_fifty_buckets_from_cold_are_never_refused_however_many_spreadsheets(bench: Bench) -> None:
    for number in range(BUCKETS):
        bench.add(number, f"book {number}")
    assert bench.cache.full_refresh_reads() == BUCKETS
    names = [status.name for status in bench.cache.list_buckets()]
    refresh: Callable[..., Any] = partial(bench.cache.refresh_now_many, names)
    for actor in ("startup", "cron", "user:1"):
        results = await bench.done(refresh(actor=actor))
        assert [result.retries for result in results] == [0] * BUCKETS
        assert all(result.ok for result in results)
    assert [call.attempts for call in bench.calls] == [1] * BUCKETS * 3
    assert bench.reads() <= 60


async def test_fifty_tabs_of_one_spreadsheet_are_one_request(bench: Bench) -> None:
    for number in range(BUCKETS):
        bench.add(number, "book")
    await bench.done(bench.cache.preload(30))
    before, requests = bench.reads(), bench.sandbox.faults.add("sheets.latency", {"ms": 1})
    results = await bench.cache.refresh_now_many([f"bucket_{number}" for number in range(BUCKETS)], actor="user:1")
    assert all(result.ok and result.rows == 1 for result in results)
    assert bench.reads() - before == 1
    assert requests.hits == 1, "a warm refresh asks for no token, no list of tabs and no date"
    assert bench.cache.get_snapshot("bucket_7").rows == (Row("ann 7"),)


async def test_callers_of_several_buckets_at_once_share_the_request(bench: Bench) -> None:
    for number in range(BUCKETS):
        bench.add(number, "book")
    names = [f"bucket_{number}" for number in range(BUCKETS)]
    many = [bench.cache.refresh_now_many(names, actor=f"user:{who}") for who in range(5)]
    one = [bench.cache.refresh_now(name, actor="user:9") for name in names]
    await bench.done(asyncio.gather(*many, *one))
    assert bench.reads() == 1


async def test_the_forecast_says_what_is_used_and_what_the_next_full_refresh_needs(bench: Bench) -> None:
    bench.add(1, "one")
    bench.add(2, "two")
    bench.add(3, "two")
    await bench.done(bench.cache.preload(30))
    used = bench.sheets.quota
    assert used is not None
    assert used.reads == 2
    quota = SheetsQuota(used.reads, used.reads_limit, 0, 60, needed=bench.cache.full_refresh_reads())
    assert quota.forecast == "2 of 60 reads used this minute; next full refresh needs 2"


async def test_a_spreadsheet_that_nobody_changed_costs_no_read_until_somebody_does(bench: Bench) -> None:
    for number in range(3):
        bench.add(number, "book", timedelta(minutes=1))
    await bench.done(bench.cache.preload(30))

    async def due() -> tuple[int, str]:
        """Let the next refresh come; return what it cost, and what it read."""
        calls, told = len(bench.calls), len(bench.refreshed)
        bench.clock.advance(61)
        async with asyncio.timeout(20):
            while len(bench.refreshed) < told + 3:
                await asyncio.sleep(0.01)
        return bench.reads(), " ".join(call.operation for call in bench.calls[calls:])

    assert await due() == (1, "modified_at read")
    assert await due() == (0, "modified_at")
    book = bench.sandbox.google.spreadsheets.named("book")
    tab = book.tab("Tab 1")
    assert tab is not None
    tab.fill([["name"], ["ann new"]])
    book.touch()
    assert await due() == (1, "modified_at read")
    assert bench.cache.get_snapshot("bucket_1").rows == (Row("ann new"),)
    assert await due() == (0, "modified_at")
    bench.sandbox.faults.add("sheets.error", {"status": 503}, match="GET /drive/*")
    assert await due() == (1, "modified_at read")
    assert bench.cache.status("bucket_1").last_result == "ok"

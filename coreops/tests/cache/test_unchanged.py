"""Refreshes that are spared because nobody changed the spreadsheet, over a real façade and a workbook on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops.cache.unchanged import HEAVY, MOST_SPARED
from coreops_hookspecs.errors import SheetsUnavailableError
from coreops_hookspecs.telemetry import RefreshCompleted
from coreops_shared.clock import ManualClock

HOUR = 3600.0
BOTH = ("Clans", "Tags")
Due = Callable[[], Awaitable[Any]]


@pytest.fixture
async def kept(cache: Any, clans: Any) -> Any:
    """A cache that keeps two tabs of one spreadsheet fresh."""
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags"))
    await cache.preload(5.0)
    return cache


@pytest.fixture
def due(kept: Any, clock: ManualClock, outside: Any, until: Any) -> Due:
    """Let an hour pass and wait for the refresh that is due then; return how the clans' ended."""

    async def due() -> Any:
        told = len(outside.events)
        clock.advance(HOUR)
        await until(lambda: len(outside.events) >= told + len(kept.buckets()))
        return next(each.result for each in outside.events[told:] if each.result.bucket == "clans")

    return due


async def test_a_spreadsheet_that_did_not_change_is_not_read_again(
    kept: Any, due: Due, shelf: Any, clock: ManualClock
) -> None:
    assert not (await due()).unchanged, "nobody has asked yet when it changed"
    read_at = kept.status("clans").loaded_at
    assert (await due()).unchanged
    assert shelf.calls == [("book", BOTH)] * 2
    status = kept.status("clans")
    assert (status.loaded_at, status.checked_at, status.spared) == (read_at, clock.now(), 1)
    assert (status.age, status.stale, status.available, status.revision) == (0.0, False, True, 2)
    assert status.next_refresh_at is not None
    assert (status.next_refresh_at - clock.now()).total_seconds() == HOUR


async def test_a_spreadsheet_that_changed_is_read_at_once(kept: Any, due: Due, shelf: Any) -> None:
    await due()
    shelf.write("book", "Clans", "tag,level", "NEW,1")
    assert not (await due()).unchanged
    assert kept.get_snapshot("clans").get("NEW") is not None
    assert (kept.status("clans").checked_at, kept.status("clans").spared) == (None, 0)


async def test_formulas_are_read_again_although_no_modified_time_tells_of_them(due: Due) -> None:
    await due()
    ended = [(await due()).unchanged for _ in range(2 * (MOST_SPARED + 1))]
    assert ended == ([True] * MOST_SPARED + [False]) * 2


async def test_whoever_asks_for_a_refresh_gets_a_read(kept: Any, due: Due, shelf: Any) -> None:
    await due()
    assert (await due()).unchanged
    before = len(shelf.calls)
    results = await kept.refresh_now_many(["clans", "tags"], actor="user:1")
    assert [result.unchanged for result in results] == [False, False]
    assert len(shelf.calls) == before + 1
    assert (await due()).unchanged, "what was known before that read is still true"


async def test_whoever_joins_a_refresh_that_asks_first_gets_a_read(
    make_cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache = make_cache(sheets=(asked := Held(shelf)))
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags"))
    await cache.preload(5.0)
    clock.advance(HOUR)
    await until(lambda: cache.status("clans").revision == 2)
    asked.open.clear()
    clock.advance(HOUR)
    await until(lambda: asked.waiting)
    joining = asyncio.create_task(cache.refresh_now("clans", actor="user:1"))
    await asyncio.sleep(0)
    asked.open.set()
    assert not (await joining).unchanged


async def test_one_small_tab_is_read_without_a_question(cache: Any, clans: Any, clock: ManualClock, until: Any) -> None:
    cache.add("demo", clans())
    await cache.preload(5.0)
    for revision in (2, 3):
        clock.advance(HOUR)
        await until(lambda wanted=revision: cache.status("clans").revision == wanted)


async def test_one_large_tab_is_worth_a_question(cache: Any, clans: Any, shelf: Any, clock: Any, until: Any) -> None:
    shelf.write("book", "Clans", "tag,level", *(f"T{number},1" for number in range(HEAVY // 16)))
    cache.add("demo", clans())
    await cache.preload(5.0)
    clock.advance(HOUR)
    await until(lambda: cache.status("clans").revision == 2)
    clock.advance(HOUR)
    await until(lambda: cache.status("clans").spared == 1)


async def test_a_store_that_cannot_tell_is_read_and_not_asked_at_every_turn(
    make_cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache = make_cache(sheets=(asked := Held(shelf)))
    asked.failure = SheetsUnavailableError("no drive")
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags"))
    await cache.preload(5.0)
    for revision in (2, 3):
        clock.advance(HOUR - 1 if revision == 3 else HOUR)
        cache.get_snapshot("clans")
        clock.advance(0 if revision == 2 else 1)
        await until(lambda wanted=revision: cache.status("clans").revision == wanted)
    assert cache.status("clans").last_result == "ok"
    assert asked.questions <= 2


async def test_a_spared_refresh_is_told_as_such(kept: Any, due: Due, outside: Any) -> None:
    await due()
    await due()
    told = [event.result for event in outside.events if isinstance(event, RefreshCompleted)]
    assert [(result.ok, result.rows, result.actor) for result in told if result.unchanged] == [
        (True, 2, "cron"),
        (True, 1, "cron"),
    ]
    assert kept.status("clans").last_result == "ok"


class Held:
    """Tables of a shelf, and a Drive that can be held up or fail."""

    def __init__(self, shelf: Any) -> None:
        self.shelf = shelf
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = False
        self.questions = 0
        self.failure: Exception | None = None

    async def fetch_many(self, spreadsheet: str, tabs: Any, **_: Any) -> Any:
        return self.shelf.read_many(spreadsheet, tabs)

    async def fingerprints(self, *_: Any) -> None:
        return None

    async def modified_at(self, _: str) -> datetime:
        self.questions += 1
        self.waiting = not self.open.is_set()
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        return datetime(2026, 1, 1, tzinfo=UTC)

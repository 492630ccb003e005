"""The cache, over a real façade and a workbook on disk."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import (
    BucketColdError,
    DeclarationError,
    SheetsPermissionError,
    SheetsQuotaError,
    UnknownBucketError,
)
from coreops_hookspecs.health import HealthStatus
from coreops_hookspecs.telemetry import Noted
from coreops_shared import trace
from coreops_shared.clock import ManualClock

LIMIT = 5.0
OUTAGE = SheetsPermissionError("the account may not open book; share it with the account's address")


async def test_a_refreshed_bucket_serves_typed_rows_by_key(cache: Any, clans: Any) -> None:
    cache.add("demo", clans())
    result = await cache.refresh_now("clans", actor="user:1")
    assert (result.ok, result.rows, result.actor, result.error) == (True, 2, "user:1", "")
    snapshot = cache.get_snapshot("clans")
    assert [(row.tag, row.level) for row in snapshot.rows] == [("F-IT", 12), ("ABC", 7)]
    assert snapshot.get(" f-it ").level == 12
    assert cache.get_snapshot("clans") is snapshot


async def test_all_buckets_of_a_spreadsheet_are_read_in_one_call(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags"))
    cache.add("demo", clans("again", "Clans"))
    cache.add("demo", clans("other", "Clans", "OTHER"))
    results = await cache.refresh_now_many(["tags", "clans", "other", "again"], actor="user:1")
    assert [result.bucket for result in results] == ["tags", "clans", "other", "again"]
    assert sorted(shelf.calls) == [("book", ("Tags", "Clans")), ("other", ("Clans",))]


async def test_reading_a_stale_bucket_serves_it_and_refreshes_in_the_background(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    shelf.write("book", "Clans", "tag,level", "NEW,1")
    clock.advance(3600)
    with trace.acting("user:5"):
        assert cache.get_snapshot("clans").revision == 1
        assert cache.get_snapshot("clans").revision == 1
    await until(lambda: cache.get_snapshot("clans").revision == 2)
    assert [row.tag for row in cache.get_snapshot("clans").rows] == ["NEW"]
    assert len(shelf.calls) == 2
    assert cache.status("clans").last_actor == "user:5"


async def test_a_bucket_that_was_never_read_is_cold_and_begins_to_load(
    cache: Any, clans: Any, shelf: Any, until: Any
) -> None:
    cache.add("demo", clans())
    with pytest.raises(BucketColdError, match="'clans' has not been read yet"):
        cache.get_snapshot("clans")
    await until(lambda: cache.status("clans").available)
    shelf.broken = OUTAGE
    cache.add("demo", clans("tags", "Tags"))
    await cache.refresh_now("tags", actor="user:1")
    with pytest.raises(BucketColdError, match="may not open book") as raised:
        cache.get_snapshot("tags")
    assert "book" not in raised.value.user_message


async def test_past_its_maximum_age_a_bucket_is_cold(cache: Any, clans: Any, clock: ManualClock) -> None:
    cache.add("demo", clans(max_age=timedelta(hours=2)))
    await cache.refresh_now("clans", actor="user:1")
    clock.advance(7200)
    with pytest.raises(BucketColdError, match="older than its maximum age of 2 h"):
        cache.get_snapshot("clans")


async def test_an_unknown_bucket_is_refused_before_any_read(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    for ask in (cache.get_snapshot, cache.status):
        with pytest.raises(UnknownBucketError, match="no bucket 'clan'; did you mean \"clans\""):
            ask("clan")
    with pytest.raises(UnknownBucketError):
        await cache.refresh_now_many(["clans", "nope"], actor="user:1")
    assert shelf.calls == []


async def test_preload_fills_all_buckets_once_and_tells_of_it(cache: Any, clans: Any, shelf: Any, outside: Any) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("other", "Clans", "OTHER"))
    await cache.preload(LIMIT)
    assert [status.last_actor for status in cache.list_buckets()] == ["startup", "startup"]
    assert len(shelf.calls) == 2
    summary = [event for event in outside.events if isinstance(event, Noted)]
    assert [(event.name, dict(event.values)["rows"]) for event in summary] == [("preload", 3)]


async def test_preload_does_not_wait_past_its_deadline(
    cache: Any, clans: Any, shelf: Any, outside: Any, until: Any
) -> None:
    cache.add("demo", clans())
    shelf.open.clear()
    await asyncio.wait_for(cache.preload(0.05), LIMIT)
    assert dict(outside.events[-1].values)["still_loading"] == "clans"
    shelf.open.set()
    await until(lambda: cache.status("clans").available)


async def test_a_preload_of_nothing_ends_at_once(cache: Any, outside: Any) -> None:
    await asyncio.wait_for(cache.preload(60), LIMIT)
    assert outside.events == []


async def test_due_buckets_are_read_in_the_background_together(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags", ttl=timedelta(seconds=3602)))
    await cache.preload(LIMIT)
    await clock.run_for(3600)
    await until(lambda: cache.status("tags").revision == 2)
    assert shelf.calls[1:] == [("book", ("Clans", "Tags"))]
    assert cache.status("tags").last_actor == "cron"


async def test_a_bucket_added_later_is_read_soon(cache: Any, clans: Any, clock: ManualClock, until: Any) -> None:
    await cache.preload(LIMIT)
    cache.add("demo", clans())
    await clock.run_for(5)
    await until(lambda: cache.status("clans").available)


async def test_a_bucket_in_trouble_is_tried_again_by_itself(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache.add("demo", clans())
    shelf.broken = OUTAGE
    await cache.preload(LIMIT)
    shelf.broken = None
    await clock.run_for(31)
    await until(lambda: cache.status("clans").last_result == "ok")


async def test_the_store_is_left_alone_for_as_long_as_it_asks(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    shelf.broken = SheetsQuotaError("no quota", retry_after=75.0)
    await cache.refresh_now("clans", actor="user:1")
    assert len(shelf.calls) == 1
    assert cache.status("clans").next_refresh_at == clock.now() + timedelta(seconds=75)


async def test_a_removed_bucket_is_gone_and_its_load_changes_nothing(
    cache: Any, clans: Any, shelf: Any, outside: Any
) -> None:
    remove = cache.add("demo", clans())
    shelf.open.clear()
    caller = asyncio.create_task(cache.refresh_now("clans", actor="user:1"))
    await asyncio.sleep(0)
    remove()
    shelf.open.set()
    assert (await asyncio.wait_for(caller, LIMIT)).ok
    assert (cache.list_buckets(), outside.events) == ([], [])


async def test_a_name_that_is_taken_is_refused_with_both_owners(cache: Any, clans: Any) -> None:
    cache.add("demo", clans())
    with pytest.raises(DeclarationError, match="'clans' of plugin 'other' is already there, from plugin 'demo'"):
        cache.add("other", clans())


async def test_a_record_that_cannot_be_read_from_cells_is_refused_when_it_is_added(cache: Any) -> None:
    with pytest.raises(DeclarationError):
        cache.add("demo", BucketSpec("bad", "BOOK", "Clans", int, "tag"))


async def test_health_names_what_is_stale_and_what_has_no_data(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Nope"))
    await cache.refresh_now_many(["clans", "tags"], actor="user:1")
    clock.advance(3600)
    found = cache.health()
    assert (found.status, found.detail) == (HealthStatus.DEGRADED, "1 without data: tags; 1 stale: clans")
    shelf.write("book", "Nope", "tag,level")
    await cache.refresh_now_many(["clans", "tags"], actor="user:1")
    assert (cache.health().status, cache.health().detail) == (HealthStatus.OK, "2 fresh")

"""Refreshing: what is shared, what goes wrong and what is kept, over a real façade and a workbook on disk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from coreops.plugins.states import PluginStates
from coreops_hookspecs.cache import Column
from coreops_hookspecs.errors import (
    SheetsPermissionError,
    SheetsUnavailableError,
)
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.telemetry import RefreshCompleted
from coreops_shared import trace
from coreops_shared.clock import ManualClock

LIMIT = 5.0
OUTAGE = SheetsPermissionError("the account may not open book; share it with the account's address")


async def test_callers_at_the_same_time_share_one_load(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    shelf.open.clear()
    callers = [asyncio.create_task(cache.refresh_now("clans", actor=f"user:{n}")) for n in range(4)]
    await asyncio.sleep(0)
    shelf.open.set()
    results = await asyncio.wait_for(asyncio.gather(*callers), LIMIT)
    assert len(shelf.calls) == 1
    assert len({id(result) for result in results}) == 1
    assert results[0].actor == "user:0"


async def test_a_caller_that_gives_up_does_not_stop_the_load(cache: Any, clans: Any, shelf: Any, until: Any) -> None:
    cache.add("demo", clans())
    shelf.open.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(cache.refresh_now("clans", actor="user:1"), 0.05)
    shelf.open.set()
    await until(lambda: cache.status("clans").available)
    assert len(shelf.calls) == 1


async def test_a_failed_refresh_keeps_the_last_good_snapshot_and_says_why(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    shelf.broken = OUTAGE
    clock.advance(60)
    result = await cache.refresh_now("clans", actor="user:2")
    assert (result.ok, result.error) == (False, str(OUTAGE))
    assert len(cache.get_snapshot("clans").rows) == 2
    status = cache.status("clans")
    assert (status.last_result, status.last_error, status.failing_since) == ("error", str(OUTAGE), clock.now())
    assert (status.last_actor, status.stale) == ("user:2", False)


async def test_retries_of_the_store_are_counted(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    shelf.failures = [SheetsUnavailableError("no answer", retry_after=0.01)] * 2
    result = await cache.refresh_now("clans", actor="user:1")
    assert (result.ok, result.retries) == (True, 2)


async def test_a_missing_tab_fails_its_own_bucket_and_costs_the_others_one_call(
    cache: Any, clans: Any, shelf: Any
) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tagz"))
    clans_result, tags_result = await cache.refresh_now_many(["clans", "tags"], actor="user:1")
    assert clans_result.ok
    assert "no tab 'Tagz'; did you mean \"Tags\"" in tags_result.error
    assert len(shelf.calls) == 2


async def test_wrong_headers_fail_one_bucket_and_are_all_named(cache: Any, clans: Any, shelf: Any) -> None:
    shelf.write("book", "Tags", "name", "X")
    cache.add("demo", clans())
    cache.add("demo", clans("tags", "Tags"))
    clans_result, tags_result = await cache.refresh_now_many(["clans", "tags"], actor="user:1")
    assert clans_result.ok
    assert "tag" in tags_result.error
    assert "level" in tags_result.error


async def test_a_bad_cell_is_a_problem_and_its_row_is_left_out(cache: Any, clans: Any, shelf: Any) -> None:
    shelf.write("book", "Clans", "tag,level", "F-IT,many", "ABC,7")
    cache.add("demo", clans())
    result = await cache.refresh_now("clans", actor="user:1")
    assert (result.ok, result.rows, result.problem_count) == (True, 1, 1)
    assert cache.status("clans").problems[0].cell == "B2"


async def test_a_parser_that_raises_is_a_fault_of_its_plugin_and_fails_its_bucket_only(
    cache: Any, clans: Any, faults: list[Any]
) -> None:
    def broken(text: str) -> int:
        raise RuntimeError("no")

    cache.add("demo", clans("bad", columns=(Column("level", parser=broken),)))
    cache.add("demo", clans())
    bad, good = await cache.refresh_now_many(["bad", "clans"], actor="user:1")
    assert (bad.ok, bad.error, good.ok) == (False, "RuntimeError: no", True)
    assert [fault.what for fault in faults] == ["bucket bad"]


async def test_a_plugin_that_does_not_serve_has_its_buckets_left_alone(
    cache: Any, clans: Any, states: PluginStates
) -> None:
    cache.add("demo", clans())
    states.change("demo", PluginState.FAILED, "startup raised")
    assert "startup raised" in (await cache.refresh_now("clans", actor="user:1")).error


async def test_a_spreadsheet_without_an_id_is_told_with_its_setting(cache: Any, clans: Any, outside: Any) -> None:
    cache.add("demo", clans(spreadsheet="NOT_SET"))
    result = await cache.refresh_now("clans", actor="user:1")
    assert result.error == "bucket 'clans' reads the spreadsheet of NOT_SET, which has no value; set NOT_SET"


async def test_every_refresh_is_published_and_told_to_the_hook_with_its_trace(
    cache: Any, clans: Any, outside: Any, until: Any
) -> None:
    cache.add("demo", clans())
    with trace.span("a" * 32):
        result = await cache.refresh_now("clans", actor="user:1")
    (event,) = outside.events
    assert isinstance(event, RefreshCompleted)
    assert (event.result, event.trace, event.actor) == (result, "a" * 32, "user:1")
    await until(lambda: outside.refreshed == [result])


async def test_after_a_restart_the_last_good_copy_is_served_until_the_store_answers(
    make_cache: Any, clans: Any, shelf: Any, store: Any, clock: ManualClock, until: Any
) -> None:
    before = make_cache(store)
    before.add("demo", clans())
    await before.refresh_now("clans", actor="user:1")
    await before.stop()
    clock.advance(600)
    shelf.open.clear()
    after = make_cache(store)
    after.add("demo", clans())
    await after.preload(0.2)
    status = after.status("clans")
    assert (status.restored, status.age, status.rows, status.last_result) == (True, 600, 2, "never")
    assert after.get_snapshot("clans").restored
    shelf.open.set()
    await until(lambda: not after.get_snapshot("clans").restored)


@pytest.mark.parametrize("change", ["other tab", "other sheet", "other columns"])
async def test_a_copy_that_does_not_belong_to_the_bucket_is_not_served(
    make_cache: Any, clans: Any, shelf: Any, store: Any, outside: Any, change: str
) -> None:
    before = make_cache(store)
    before.add("demo", clans())
    await before.refresh_now("clans", actor="user:1")
    await before.stop()
    shelf.broken = OUTAGE
    after = make_cache(store)
    if change == "other sheet":
        outside.ids["BOOK"] = "moved"
    columns = (Column("level", header="Stufe"),) if change == "other columns" else ()
    after.add("demo", clans(tab="Tags" if change == "other tab" else "Clans", columns=columns))
    await after.preload(LIMIT)
    assert not after.status("clans").available


async def test_a_copy_that_cannot_be_read_back_is_logged_and_changes_nothing(
    make_cache: Any, clans: Any, log: Any
) -> None:
    class Broken:
        async def save_snapshot(self, *_: Any) -> None:
            raise OSError("disk full")

        async def load_snapshot(self, bucket: str) -> None:
            raise OSError("disk on fire")

    cache = make_cache(Broken())
    cache.add("demo", clans())
    assert (await cache.refresh_now("clans", actor="user:1")).ok
    await cache.stop()
    assert log.messages("warning") == ["could not restore bucket clans", "could not save bucket clans"]


async def test_stop_ends_what_is_on_its_way_and_its_callers_get_an_answer(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    shelf.open.clear()
    caller = asyncio.create_task(cache.refresh_now("clans", actor="user:1"))
    await asyncio.sleep(0)
    await asyncio.wait_for(cache.stop(), LIMIT)
    assert "ended before it was done" in (await asyncio.wait_for(caller, LIMIT)).error

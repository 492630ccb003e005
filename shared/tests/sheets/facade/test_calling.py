"""Calls reach the backend one at a time for a spreadsheet, in their turn."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import JsonTable, Sheets, SheetsQuota, TabInfo, Table, Upserted
from coreops_hookspecs.errors import (
    SheetsUnavailableError,
)
from coreops_shared import trace
from coreops_shared.clock import ManualClock
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.quota import Governor
from coreops_shared.sheets.workbook import Workbook

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_every_operation_reaches_the_backend(facade: SheetsFacade, store: Any) -> None:
    sheets: Sheets = facade
    assert (await sheets.read("s", "a")).rows == (("a",),)
    assert [table.tab for table in await sheets.read_many("s", ["b", "a"])] == ["b", "a"]
    assert await sheets.read_many("s", []) == ()
    assert await sheets.tabs("s") == [TabInfo("t", 1, 1)]
    assert await facade.modified_at("s") == MOMENT
    await sheets.append("s", "a", [["1"]])
    await sheets.update("s", "a", "B2", [["2"]])
    assert await sheets.headers("s", ["a"]) == [("a",)]
    assert await sheets.headers("s", []) == ()
    await sheets.clear("s", "a", "A2:C")
    assert store.calls == [
        *("read a", "read b,a", "tabs", "modified_at", "append [['1']]", "update B2 [['2']]", "headers a"),
        "clear A2:C",
    ]


async def test_rows_that_arrive_as_json_are_fetched_as_they_are_and_read_as_text(
    facade: SheetsFacade, store: Any
) -> None:
    rows = JsonTable("s", "a", b'[["h"],["1"]]')
    store.answers = [rows, rows]
    assert await facade.fetch_many("s", ["a"]) == [rows]
    assert await facade.read("s", "a") == Table("s", "a", (("h",), ("1",)))


async def test_it_serves_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "t.csv").write_text("a\n")
    facade = SheetsFacade(Workbook(tmp_path))
    await facade.append("s", "t", [["1"]])
    assert (await facade.read("s", "t")).rows == (("a",), ("1",))
    await facade.close()


async def test_calls_for_one_spreadsheet_never_overlap_and_others_do_not_wait(facade: SheetsFacade, store: Any) -> None:
    store.gate.clear()
    same = [asyncio.create_task(facade.read("one", str(number))) for number in range(3)]
    await store.begun()
    other = asyncio.create_task(facade.read("two", "x"))
    await store.begun()
    assert len(store.calls) == 2
    store.gate.set()
    await asyncio.gather(*same, other)
    assert store.calls == ["read 0", "read x", "read 1", "read 2"]
    assert store.most_inside["one"] == 1


async def test_the_loop_runs_and_the_trace_is_kept_while_the_backend_blocks(facade: SheetsFacade, store: Any) -> None:
    with trace.span("trace-of-the-call"):
        await facade.read("s", "a")
    assert store.traces == ["trace-of-the-call"]


async def test_a_cancelled_caller_does_not_free_the_spreadsheet_early(facade: SheetsFacade, store: Any) -> None:
    store.gate.clear()
    first = asyncio.create_task(facade.read("s", "first"))
    await store.begun()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(facade.read("s", "second"))
    await asyncio.sleep(0)
    assert store.calls == ["read first"]
    store.gate.set()
    await second
    assert store.most_inside["s"] == 1


async def test_a_single_read_may_be_watched_by_its_caller(facade: SheetsFacade, store: Any) -> None:
    seen: list[SheetsCall] = []
    store.errors = [SheetsUnavailableError("down")]
    await facade.fetch_many("s", ["a", "b"], on_call=seen.append)
    assert (seen[0].tabs, seen[0].attempts) == (("a", "b"), 2)


async def test_a_call_takes_its_turn_and_gives_back_what_it_did_not_use(store: Any, clock: Any) -> None:
    facade = SheetsFacade(store, clock=clock, governor=Governor(reads=3, writes=3, clock=clock))
    for _ in range(2):
        await facade.read("s", "a")
    assert facade.quota == SheetsQuota(2, 3, 0, 3)
    await facade.read("s", "a")
    assert clock.pauses == [60]
    assert facade.quota == SheetsQuota(1, 3, 0, 3)
    await facade.append("s", "a", [["1"]])
    assert facade.quota == SheetsQuota(1, 3, 1, 3)


async def test_a_store_without_a_budget_has_no_quota(facade: SheetsFacade) -> None:
    assert facade.quota is None


async def test_whoever_answers_a_person_goes_first(store: Any) -> None:
    clock = ManualClock()
    facade = SheetsFacade(store, clock=clock, governor=Governor(reads=2, clock=clock))
    await facade.fetch_many("s", ["first"])
    with trace.acting("cron"):
        refresh = asyncio.create_task(facade.fetch_many("a", ["refresh"]))
        await clock.run_for(0)
    with trace.acting("user:1"):
        asked = asyncio.create_task(facade.fetch_many("b", ["asked"]))
        await clock.run_for(0)
    assert store.calls == ["read first"]
    clock.advance(60)
    await asked
    clock.advance(60)
    await refresh
    assert store.calls == ["read first", "read asked", "read refresh"]
    await facade.close()


async def test_rows_are_put_in_place_of_those_with_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "t.csv").write_text("tag,level,note\nA,1,x\nB,2\n")
    facade = SheetsFacade(Workbook(tmp_path))
    rows = [{"Tag": "b", "note": "0042"}, {"tag": "C", "level": "3"}, {"tag": "A", "level": "1"}]
    assert await facade.upsert("s", "t", "tag", rows) == Upserted(updated=1, appended=1, unchanged=1)
    assert await facade.upsert("s", "t", "tag", rows) == Upserted(updated=0, appended=0, unchanged=3)
    assert (await facade.read("s", "t")).rows[1:] == (("A", "1", "x"), ("B", "2", "0042"), ("C", "3"))
    await facade.close()

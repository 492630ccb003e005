"""The façade serialises, retries, bounds in time and tells what each call cost."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coreops_hookspecs import JsonTable, Sheets, SheetsQuota, TabInfo, Table, Upserted
from coreops_hookspecs.errors import (
    SheetsError,
    SheetsNotFoundError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_shared import trace
from coreops_shared.clock import ManualClock
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.circuit import CircuitOpenError
from coreops_shared.sheets.quota import Governor, spent
from coreops_shared.sheets.workbook import Workbook

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Store:
    """A backend whose every call runs a script: fail with the next error, or wait at the gate."""

    name = "store"

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.failing: dict[str, Exception] = {}
        self.answers: list[JsonTable] = []
        self.calls: list[str] = []
        self.traces: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.inside: Counter[str] = Counter()
        self.most_inside: dict[str, int] = {}
        self.closed = False

    def _run(self, call: str, spreadsheet: str) -> None:
        self.calls.append(call)
        if (budget := spent.get()) is not None:
            if call.split(maxsplit=1)[0] in {"read", "headers", "tabs"}:
                budget.reads += 1
            else:
                budget.writes += 1
        self.traces.append(trace.current())
        self.inside[spreadsheet] += 1
        self.most_inside[spreadsheet] = max(self.most_inside.get(spreadsheet, 0), self.inside[spreadsheet])
        self.entered.release()
        try:
            assert self.gate.wait(10)
            if self.errors:
                raise self.errors.pop(0)
            if (error := self.failing.pop(call.split(maxsplit=1)[0], None)) is not None:
                raise error
        finally:
            self.inside[spreadsheet] -= 1

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table | JsonTable]:
        self._run(f"read {','.join(tabs)}", spreadsheet)
        if self.answers:
            return [self.answers.pop()]
        return [Table(spreadsheet, tab, ((tab,),)) for tab in tabs]

    def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        self._run("tabs", spreadsheet)
        return [TabInfo("t", 1, 1)]

    def modified_at(self, spreadsheet: str) -> datetime | None:
        self._run("modified_at", spreadsheet)
        return MOMENT

    def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        self._run(f"headers {','.join(tabs)}", spreadsheet)
        return [(tab,) for tab in tabs]

    def update_many(self, spreadsheet: str, tab: str, blocks: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
        self._run(f"update_many {blocks}", spreadsheet)

    def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        self._run(f"clear {area}", spreadsheet)

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        self._run(f"append {rows}", spreadsheet)

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        self._run(f"update {cell} {rows}", spreadsheet)

    def close(self) -> None:
        self.closed = True


class ImpatientClock(ManualClock):
    """Notes every pause and lets it pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> ImpatientClock:
    return ImpatientClock()


@pytest.fixture
def told() -> list[SheetsCall]:
    return []


@pytest.fixture
async def facade(store: Store, clock: ImpatientClock, told: list[SheetsCall]) -> AsyncIterator[SheetsFacade]:
    facade = SheetsFacade(store, clock=clock, jitter=lambda: 1.0, on_call=told.append)
    yield facade
    store.gate.set()
    await facade.close()


async def entered(store: Store) -> None:
    assert await asyncio.to_thread(store.entered.acquire, timeout=10)


async def test_every_operation_reaches_the_backend(facade: SheetsFacade, store: Store) -> None:
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
    facade: SheetsFacade, store: Store
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


async def test_calls_for_one_spreadsheet_never_overlap_and_others_do_not_wait(
    facade: SheetsFacade, store: Store
) -> None:
    store.gate.clear()
    same = [asyncio.create_task(facade.read("one", str(number))) for number in range(3)]
    await entered(store)
    other = asyncio.create_task(facade.read("two", "x"))
    await entered(store)
    assert len(store.calls) == 2
    store.gate.set()
    await asyncio.gather(*same, other)
    assert store.calls == ["read 0", "read x", "read 1", "read 2"]
    assert store.most_inside["one"] == 1


async def test_the_loop_runs_and_the_trace_is_kept_while_the_backend_blocks(facade: SheetsFacade, store: Store) -> None:
    with trace.span("trace-of-the-call"):
        await facade.read("s", "a")
    assert store.traces == ["trace-of-the-call"]


async def test_an_outage_is_retried_with_growing_pauses(
    facade: SheetsFacade, store: Store, clock: ImpatientClock, told: list[SheetsCall]
) -> None:
    store.errors = [SheetsUnavailableError("down")] * 3
    assert (await facade.read("s", "a")).tab == "a"
    assert clock.pauses == [0.5, 1.0, 2.0]
    assert told == [SheetsCall("read", "s", ("a",), 3.5, 4)]


async def test_jitter_spreads_the_pauses(store: Store, clock: ImpatientClock) -> None:
    store.errors = [SheetsUnavailableError("down")]
    await SheetsFacade(store, clock=clock, jitter=lambda: 0.0).read("s", "a")
    assert clock.pauses == [0.25]


async def test_the_server_is_obeyed_when_it_says_how_long_to_wait(
    facade: SheetsFacade, store: Store, clock: ImpatientClock
) -> None:
    store.errors = [SheetsQuotaError("too many", retry_after=7)]
    await facade.read("s", "a")
    assert clock.pauses == [7.5]  # with half a second of jitter, lest all come back at once


async def test_a_pause_beyond_the_deadline_is_not_begun(
    facade: SheetsFacade, store: Store, clock: ImpatientClock
) -> None:
    store.errors = [SheetsQuotaError("too many", retry_after=61)]
    with pytest.raises(SheetsQuotaError):
        await facade.read("s", "a")
    assert clock.pauses == []


async def test_an_outage_that_lasts_is_told_with_its_cause(
    facade: SheetsFacade, store: Store, told: list[SheetsCall]
) -> None:
    store.errors = [SheetsUnavailableError("down")] * 9
    with pytest.raises(SheetsUnavailableError, match="down"):
        await facade.read("s", "a")
    assert (told[0].attempts, told[0].error) == (4, "down")


@pytest.mark.parametrize("error", [SheetsNotFoundError("gone"), SheetsError("odd"), ZeroDivisionError("bug")])
async def test_what_repeating_cannot_mend_is_not_repeated(facade: SheetsFacade, store: Store, error: Exception) -> None:
    store.errors = [error]
    with pytest.raises(type(error)):
        await facade.read("s", "a")
    assert len(store.calls) == 1


async def test_an_append_is_repeated_only_if_it_surely_did_nothing(facade: SheetsFacade, store: Store) -> None:
    store.errors = [SheetsQuotaError("too many")]
    await facade.append("s", "a", [["1"]])
    assert len(store.calls) == 2
    store.errors = [SheetsUnavailableError("timeout after sending")]
    with pytest.raises(SheetsUnavailableError):
        await facade.append("s", "a", [["2"]])
    assert len(store.calls) == 3


async def test_a_call_past_its_deadline_fails_but_keeps_the_spreadsheet_until_its_thread_ends(
    store: Store, told: list[SheetsCall]
) -> None:
    facade = SheetsFacade(store, deadline=0.05, on_call=told.append)
    store.gate.clear()
    with pytest.raises(SheetsUnavailableError, match=r"read of s: no answer within 0\.05 s") as caught:
        await facade.read("s", "first")
    assert caught.value.user_message == "The spreadsheet did not answer in time."
    with pytest.raises(SheetsUnavailableError):
        await facade.read("s", "second")
    assert store.calls == ["read first"]
    assert [call.attempts for call in told] == [1, 0]
    store.gate.set()
    await facade.close()
    assert store.closed
    assert (await facade.read("s", "third")).tab == "third"


async def test_a_cancelled_caller_does_not_free_the_spreadsheet_early(facade: SheetsFacade, store: Store) -> None:
    store.gate.clear()
    first = asyncio.create_task(facade.read("s", "first"))
    await entered(store)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(facade.read("s", "second"))
    await asyncio.sleep(0)
    assert store.calls == ["read first"]
    store.gate.set()
    await second
    assert store.most_inside["s"] == 1


async def test_a_thread_that_fails_after_its_caller_left_disturbs_nobody(
    store: Store, asyncio_errors: Callable[[], list[object]]
) -> None:
    facade = SheetsFacade(store, deadline=0.05)
    store.errors = [SheetsUnavailableError("late")]
    store.gate.clear()
    with pytest.raises(SheetsUnavailableError):
        await facade.read("s", "a")
    store.gate.set()
    await facade.close()
    assert asyncio_errors() == []


async def test_a_single_read_may_be_watched_by_its_caller(facade: SheetsFacade, store: Store) -> None:
    seen: list[SheetsCall] = []
    store.errors = [SheetsUnavailableError("down")]
    await facade.fetch_many("s", ["a", "b"], on_call=seen.append)
    assert (seen[0].tabs, seen[0].attempts) == (("a", "b"), 2)


async def test_a_store_that_stays_down_is_left_alone_and_probed(
    facade: SheetsFacade, store: Store, clock: ImpatientClock, told: list[SheetsCall]
) -> None:
    store.errors = [SheetsUnavailableError("down")] * 5
    for _ in range(2):
        with pytest.raises(SheetsUnavailableError, match="down"):
            await facade.read("s", "a")
    assert len(store.calls) == 5
    with pytest.raises(CircuitOpenError, match="not asked, because the last 5 attempts failed") as caught:
        await facade.read("s", "a")
    assert (caught.value.retry_after, len(store.calls), told[-1].attempts) == (15, 5, 0)
    assert (await facade.read("other", "a")).tab == "a"
    clock.advance(15)
    store.errors = [SheetsUnavailableError("down")]
    with pytest.raises(SheetsUnavailableError, match="down"):
        await facade.read("s", "a")
    assert len(store.calls) == 7  # a probe is one attempt
    clock.advance(29)
    with pytest.raises(CircuitOpenError):
        await facade.read("s", "a")
    clock.advance(1)
    assert (await facade.read("s", "a")).tab == "a"
    store.errors = [SheetsUnavailableError("down again")]
    assert (await facade.read("s", "a")).tab == "a"


async def test_what_the_store_answers_itself_does_not_open_the_circuit(facade: SheetsFacade, store: Store) -> None:
    store.errors = [SheetsNotFoundError("gone")] * 9
    for _ in range(9):
        with pytest.raises(SheetsNotFoundError):
            await facade.read("s", "a")
    assert (await facade.read("s", "a")).tab == "a"


async def test_a_call_takes_its_turn_and_gives_back_what_it_did_not_use(store: Store, clock: ImpatientClock) -> None:
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


async def test_a_refusal_of_the_store_holds_other_spreadsheets_back_too(store: Store, clock: ImpatientClock) -> None:
    facade = SheetsFacade(store, clock=clock, attempts=1, governor=Governor(clock=clock))
    store.errors = [SheetsQuotaError("too many", retry_after=20)]
    with pytest.raises(SheetsQuotaError):
        await facade.read("s", "a")
    await facade.read("other", "a")
    assert clock.pauses == [20]


async def test_whoever_answers_a_person_goes_first(store: Store) -> None:
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


async def test_an_upsert_that_may_have_been_done_is_repeated_whole(facade: SheetsFacade, store: Store) -> None:
    store.answers = [JsonTable("s", "a", b'[["tag"],["A"]]'), JsonTable("s", "a", b'[["tag"]]')]
    store.failing = {"append": SheetsUnavailableError("cut off after sending")}
    assert await facade.upsert("s", "a", "tag", [{"tag": "A"}]) == Upserted(0, 0, 1)
    assert store.calls == ["read a", "append (('A',),)", "read a"]

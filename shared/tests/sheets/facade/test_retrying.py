"""What fails is repeated where that helps, in growing pauses, within a deadline; a store that stays down is probed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops_hookspecs import JsonTable, Upserted
from coreops_hookspecs.errors import (
    SheetsError,
    SheetsNotFoundError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.circuit import CircuitOpenError
from coreops_shared.sheets.quota import Governor

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_an_outage_is_retried_with_growing_pauses(
    facade: SheetsFacade, store: Any, clock: Any, told: list[SheetsCall]
) -> None:
    store.errors = [SheetsUnavailableError("down")] * 3
    assert (await facade.read("s", "a")).tab == "a"
    assert clock.pauses == [0.5, 1.0, 2.0]
    assert told == [SheetsCall("read", "s", ("a",), 3.5, 4)]


async def test_jitter_spreads_the_pauses(store: Any, clock: Any) -> None:
    store.errors = [SheetsUnavailableError("down")]
    await SheetsFacade(store, clock=clock, jitter=lambda: 0.0).read("s", "a")
    assert clock.pauses == [0.25]


async def test_the_server_is_obeyed_when_it_says_how_long_to_wait(facade: SheetsFacade, store: Any, clock: Any) -> None:
    store.errors = [SheetsQuotaError("too many", retry_after=7)]
    await facade.read("s", "a")
    assert clock.pauses == [7.5]  # with half a second of jitter, lest all come back at once


async def test_a_pause_beyond_the_deadline_is_not_begun(facade: SheetsFacade, store: Any, clock: Any) -> None:
    store.errors = [SheetsQuotaError("too many", retry_after=61)]
    with pytest.raises(SheetsQuotaError):
        await facade.read("s", "a")
    assert clock.pauses == []


async def test_an_outage_that_lasts_is_told_with_its_cause(
    facade: SheetsFacade, store: Any, told: list[SheetsCall]
) -> None:
    store.errors = [SheetsUnavailableError("down")] * 9
    with pytest.raises(SheetsUnavailableError, match="down"):
        await facade.read("s", "a")
    assert (told[0].attempts, told[0].error) == (4, "down")


@pytest.mark.parametrize("error", [SheetsNotFoundError("gone"), SheetsError("odd"), ZeroDivisionError("bug")])
async def test_what_repeating_cannot_mend_is_not_repeated(facade: SheetsFacade, store: Any, error: Exception) -> None:
    store.errors = [error]
    with pytest.raises(type(error)):
        await facade.read("s", "a")
    assert len(store.calls) == 1


async def test_an_append_is_repeated_only_if_it_surely_did_nothing(facade: SheetsFacade, store: Any) -> None:
    store.errors = [SheetsQuotaError("too many")]
    await facade.append("s", "a", [["1"]])
    assert len(store.calls) == 2
    store.errors = [SheetsUnavailableError("timeout after sending")]
    with pytest.raises(SheetsUnavailableError):
        await facade.append("s", "a", [["2"]])
    assert len(store.calls) == 3


async def test_a_call_past_its_deadline_fails_but_keeps_the_spreadsheet_until_its_thread_ends(
    store: Any, told: list[SheetsCall]
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


async def test_a_thread_that_fails_after_its_caller_left_disturbs_nobody(
    store: Any, asyncio_errors: Callable[[], list[object]]
) -> None:
    facade = SheetsFacade(store, deadline=0.05)
    store.errors = [SheetsUnavailableError("late")]
    store.gate.clear()
    with pytest.raises(SheetsUnavailableError):
        await facade.read("s", "a")
    store.gate.set()
    await facade.close()
    assert asyncio_errors() == []


async def test_a_store_that_stays_down_is_left_alone_and_probed(
    facade: SheetsFacade, store: Any, clock: Any, told: list[SheetsCall]
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


async def test_what_the_store_answers_itself_does_not_open_the_circuit(facade: SheetsFacade, store: Any) -> None:
    store.errors = [SheetsNotFoundError("gone")] * 9
    for _ in range(9):
        with pytest.raises(SheetsNotFoundError):
            await facade.read("s", "a")
    assert (await facade.read("s", "a")).tab == "a"


async def test_a_refusal_of_the_store_holds_other_spreadsheets_back_too(store: Any, clock: Any) -> None:
    facade = SheetsFacade(store, clock=clock, attempts=1, governor=Governor(clock=clock))
    store.errors = [SheetsQuotaError("too many", retry_after=20)]
    with pytest.raises(SheetsQuotaError):
        await facade.read("s", "a")
    await facade.read("other", "a")
    assert clock.pauses == [20]


async def test_an_upsert_that_may_have_been_done_is_repeated_whole(facade: SheetsFacade, store: Any) -> None:
    store.answers = [JsonTable("s", "a", b'[["tag"],["A"]]'), JsonTable("s", "a", b'[["tag"]]')]
    store.failing = {"append": SheetsUnavailableError("cut off after sending")}
    assert await facade.upsert("s", "a", "tag", [{"tag": "A"}]) == Upserted(0, 0, 1)
    assert store.calls == ["read a", "append (('A',),)", "read a"]

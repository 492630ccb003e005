"""Accepted writes reach their tab in order, once and never twice, through outages, lost answers and restarts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import HealthStatus, Table, Write, WriteKind, WriteState
from coreops_hookspecs.errors import (
    OutboxError,
    SheetsPermissionError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_shared.clock import ManualClock
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.outbox import OutboxService
from coreops_shared.sheets.workbook import Workbook
from coreops_shared.state.store import Store

BOUND = 10.0
"""Seconds that a test waits for what must happen."""


class Troubled(Workbook):
    """A workbook that is down as told, before or after it has done what it was asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.before: list[Exception] = []
        self.after: list[Exception] = []

    def append(self, *given: Any) -> None:
        if self.before:
            raise self.before.pop(0)
        super().append(*given)
        if self.after:
            raise self.after.pop(0)

    def update_many(self, *given: Any) -> None:
        if self.before:
            raise self.before.pop(0)
        super().update_many(*given)
        if self.after:
            raise self.after.pop(0)


class Desk:
    """An outbox over a workbook, and the hands of its plugin, its operator and a stranger."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self._folder, self._options, self._numbers = folder, options, itertools.count(1)
        self.clock = ManualClock()
        self.path = folder / "s" / "t.csv"
        self.path.parent.mkdir()
        self.write_tab("id,text,note\n")
        self.ended: list[Write] = []

    async def open(self) -> None:
        self.store = Store(self._folder / "state.sqlite3")
        await self.store.open()
        self.backend = Troubled(self._folder)
        self.sheets = SheetsFacade(self.backend, clock=self.clock, attempts=1)
        self.outbox = OutboxService(
            sheets=self.sheets,
            store=self.store.outbox,
            clock=self.clock,
            log=get_logger("test"),
            ended=self.ended.append,
            jitter=lambda: 1.0,
            **{"settle": 0.0, **self._options},
        )
        await self.outbox.start()

    async def close(self) -> None:
        await self.outbox.stop(BOUND)
        await self.sheets.close()
        await self.store.close()

    def write_tab(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").replace(",\n", "\n").splitlines()[1:]

    async def append(self, row: str, text: str = "x", **fields: Any) -> Write:
        return await self.accept(WriteKind.APPEND, {"id": row, "text": text}, **{"expected": {}, **fields})

    async def update(self, row: str, text: str, **fields: Any) -> Write:
        return await self.accept(WriteKind.UPDATE, {"id": row, "text": text}, **{"expected": None, **fields})

    async def accept(self, kind: WriteKind, values: dict[str, str], **fields: Any) -> Write:
        basics = {"name": f"n{next(self._numbers)}", "plugin": "p", "spreadsheet": "s", "tab": "t", "key": "id"}
        made = {**basics, "accepted_at": self.clock.now(), **fields}
        return await self.outbox.accept(Write(number=0, kind=kind, values=values, **made))

    async def state(self, write: Write) -> WriteState:
        return (await self.outbox.settled(write, within=BOUND)).state

    async def asleep(self) -> None:
        """Wait until a writer waits for the clock."""
        async with asyncio.timeout(BOUND):
            while not self.clock.sleepers:
                await asyncio.sleep(0.001)

    async def tried_again(self, seconds: float = 2.0) -> None:
        await self.asleep()
        self.clock.advance(seconds)


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    made: list[Desk] = []

    async def make(**options: Any) -> Desk:
        desk = Desk(tmp_path, **options)
        made.append(desk)
        await desk.open()
        return desk

    yield make
    for desk in made:
        await desk.close()


@pytest.fixture
async def desk(make: Callable[..., Awaitable[Desk]]) -> Desk:
    return await make()


async def test_what_is_accepted_is_on_disk_before_the_call_returns(desk: Desk) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    await desk.append("a")
    (kept,) = await desk.store.outbox.waiting()
    assert (kept.number, kept.state, kept.values) == (1, WriteState.PENDING, {"id": "a", "text": "x"})


async def test_writes_of_a_tab_are_applied_in_the_order_of_acceptance(desk: Desk) -> None:
    for number in range(30):
        await (desk.append(f"r{number // 3}") if number % 3 == 0 else desk.update(f"r{number // 3}", f"v{number}"))
    last = await desk.update("r0", "last")
    assert await desk.state(last) is WriteState.APPLIED
    assert desk.lines() == ["r0,last", *(f"r{row},v{3 * row + 2}" for row in range(1, 10))]


async def test_an_append_that_was_done_although_the_answer_was_lost_is_not_done_again(desk: Desk) -> None:
    desk.backend.after = [SheetsUnavailableError("the answer is lost")]
    write = await desk.append("a")
    await desk.tried_again()
    assert await desk.state(write) is WriteState.APPLIED
    assert desk.lines() == ["a,x"]
    assert desk.ended[-1].attempts == 2


@pytest.mark.parametrize("error", [SheetsUnavailableError("down"), SheetsQuotaError("too many", retry_after=1.5)])
async def test_what_passes_is_tried_again_and_holds_up_the_tab_until_then(desk: Desk, error: Exception) -> None:
    desk.backend.before = [error]
    first, second = await desk.append("a"), await desk.update("a", "y")
    await desk.asleep()
    assert [write.state for write in desk.outbox.index.pending()] == [WriteState.PENDING] * 2
    assert str(error) in desk.outbox.index.pending()[0].error
    desk.clock.advance(2.0)
    assert [await desk.state(write) for write in (first, second)] == [WriteState.APPLIED] * 2
    assert desk.lines() == ["a,y"]


async def test_what_does_not_pass_is_a_dead_letter_and_the_next_write_goes_on(desk: Desk) -> None:
    desk.backend.before = [SheetsPermissionError("may not write")]
    first = await desk.append("a")
    assert await desk.state(first) is WriteState.DEAD
    assert await desk.state(await desk.append("b")) is WriteState.APPLIED
    assert desk.lines() == ["b,x"]
    assert [write.error for write in desk.outbox.index.dead()] == ["may not write"]


async def test_an_edit_of_somebody_else_is_found_and_told_and_not_overwritten(desk: Desk) -> None:
    desk.write_tab("id,text,note\na,theirs,\n")
    write = await desk.update("a", "ours", expected={"text": "before"})
    assert await desk.state(write) is WriteState.DEAD
    assert desk.lines() == ["a,theirs"]
    assert "somebody else edited B2 (text)" in desk.outbox.health().detail


async def test_a_replayed_dead_letter_overwrites_only_when_told_to(desk: Desk) -> None:
    desk.write_tab("id,text,note\na,theirs,\n")
    write = await desk.update("a", "ours", expected={"text": "before"})
    await desk.state(write)
    assert await desk.state(await desk.outbox.replay(write.number)) is WriteState.DEAD
    assert await desk.state(await desk.outbox.replay(write.number, overwrite=True)) is WriteState.APPLIED
    assert desk.lines() == ["a,ours"]
    with pytest.raises(OutboxError, match="neither dead nor pending"):
        await desk.outbox.replay(write.number)


async def test_a_dropped_dead_letter_is_gone_for_good(desk: Desk) -> None:
    write = await desk.update("gone", "x")
    await desk.state(write)
    await desk.outbox.drop(write.number)
    assert await desk.store.outbox.waiting() == []
    assert desk.outbox.health().status is HealthStatus.OK


async def test_a_pending_write_can_be_neither_replayed_nor_dropped(desk: Desk) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    write = await desk.append("a")
    with pytest.raises(OutboxError, match="waits for its turn"):
        await desk.outbox.drop(write.number)


async def test_a_name_that_is_given_again_returns_the_first_write_also_when_it_is_done(desk: Desk) -> None:
    first = await desk.append("a", name="interaction 7")
    await desk.state(first)
    again = await desk.append("b", name="interaction 7")
    assert (again.number, again.values["id"], again.state) == (first.number, "a", WriteState.APPLIED)
    assert desk.lines() == ["a,x"]


async def test_a_full_outbox_refuses_in_words_and_still_knows_its_names(make: Any) -> None:
    desk = await make(limit=2)
    desk.backend.before = [SheetsUnavailableError("down")] * 9
    first = await desk.append("a", name="one")
    await desk.append("b")
    with pytest.raises(OutboxError, match="2 wait for their spreadsheets and 0 are dead, of 2 at most") as refused:
        await desk.append("c")
    assert refused.value.user_message.startswith("Too many changes wait")
    assert (await desk.append("a", name="one")).number == first.number
    assert "no more writes are accepted" in desk.outbox.health().detail
    await desk.asleep()  # the first try has failed: what comes now is the one after the wait
    desk.backend.before.clear()
    await desk.tried_again(20)
    assert await desk.state(first) is WriteState.APPLIED


async def test_without_a_disk_nothing_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").mkdir()
    desk = Desk(tmp_path)
    await desk.open()
    with pytest.raises(OutboxError, match="cannot be used") as refused:
        await desk.append("a")
    assert "nothing was changed" in refused.value.user_message
    await desk.close()


async def test_a_restart_takes_up_what_was_accepted_after_requests_on_their_way_have_settled(tmp_path: Path) -> None:
    desk = Desk(tmp_path, settle=2.0)
    await desk.open()
    desk.backend.before = [SheetsUnavailableError("down")]
    await desk.append("a")
    await desk.update("gone", "x")
    await desk.asleep()
    await desk.close()
    assert desk.lines() == []
    await desk.open()
    await desk.asleep()
    assert desk.lines() == []
    desk.clock.advance(2.0)
    kept = desk.outbox.index.pending()
    assert [await desk.state(write) for write in kept] == [WriteState.APPLIED, WriteState.DEAD]
    await desk.close()
    await desk.open()
    assert [write.values["id"] for write in desk.outbox.index.dead()] == ["gone"]
    await desk.close()
    assert desk.lines() == ["a,x"]


async def test_stopping_applies_what_it_can_and_waits_for_no_pause(desk: Desk) -> None:
    write = await desk.append("a")
    await desk.outbox.stop(BOUND)
    assert (desk.lines(), write.state) == (["a,x"], WriteState.PENDING)


async def test_a_caller_that_is_cancelled_leaves_no_write_that_only_the_disk_knows(desk: Desk) -> None:
    calling = asyncio.create_task(desk.append("a", name="one"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    again = await desk.append("a", name="one")
    assert await desk.state(again) is WriteState.APPLIED
    assert desk.lines() == ["a,x"]


async def test_readers_see_writes_that_their_snapshot_cannot_show(desk: Desk) -> None:
    read_at = desk.clock.now()
    desk.backend.before = [SheetsUnavailableError("down")]
    write = await desk.append("a", "one")
    await desk.update("A", "two")
    assert desk.outbox.latest("s", "t", "a", key="ID") == {"id": "A", "text": "two"}
    await desk.tried_again()
    await desk.state(write)
    await desk.outbox.stop(BOUND)
    assert desk.outbox.unseen("s", "t", None) == ()
    assert [each.number for each in desk.outbox.unseen("s", "t", read_at)] == [1, 2]
    desk.clock.advance(60)
    assert desk.outbox.unseen("s", "t", desk.clock.now()) == ()
    assert desk.outbox.unseen("s", "other", read_at) == ()


async def test_waiting_for_a_write_ends_at_its_bound(desk: Desk) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    write = await desk.append("a")
    assert (await desk.outbox.settled(write, within=0.01)).state is WriteState.PENDING


async def test_a_write_that_waits_too_long_degrades_health_with_its_cause(desk: Desk) -> None:
    desk.backend.before = [SheetsUnavailableError("google is down")] * 20
    await desk.append("a")
    await desk.asleep()
    assert desk.outbox.health().status is HealthStatus.OK
    desk.clock.advance(360)
    await asyncio.sleep(0)
    found = desk.outbox.health()
    assert (found.status, found.detail) == (HealthStatus.DEGRADED, "1 write waits for up to 6 min: google is down")


async def test_a_disk_that_fails_after_a_write_was_applied_does_not_double_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OutboxError("the disk is full")]
    mark = desk.store.outbox.mark

    async def failing(writes: Any) -> None:
        if failures:
            raise failures.pop()
        await mark(writes)

    monkeypatch.setattr(desk.store.outbox, "mark", failing)
    write = await desk.append("a")
    await desk.tried_again()
    assert await desk.state(write) is WriteState.APPLIED
    assert desk.lines() == ["a,x"]


async def test_a_defect_in_a_writer_is_told_and_the_next_write_starts_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = desk.sheets.edit

    async def broken(*_: Any, **__: Any) -> Table:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.outbox._tools.sheets, "edit", broken)
    write = await desk.append("a")
    async with asyncio.timeout(BOUND):
        while desk.outbox.health().status is HealthStatus.OK:
            await asyncio.sleep(0.001)
    assert "ZeroDivisionError" in desk.outbox.health().detail
    monkeypatch.setattr(desk.outbox._tools.sheets, "edit", edit)
    await desk.append("b")
    assert await desk.state(write) is WriteState.APPLIED


async def test_of_many_who_want_the_last_place_at_once_one_is_admitted(make: Callable[..., Awaitable[Desk]]) -> None:
    desk = await make()

    async def take(number: int) -> Write:
        def admit() -> None:
            if desk.outbox.unseen("s", "t", desk.clock.now()):
                raise LookupError("taken")

        write = Write(
            number=0, name=f"take {number}", plugin="p", spreadsheet="s", tab="t", kind=WriteKind.APPEND, key="id",
            values={"id": f"R{number}"}, expected={}, accepted_at=desk.clock.now(),
        )  # fmt: skip
        return await desk.outbox.accept(write, admit)

    ended = await asyncio.gather(*map(take, range(50)), return_exceptions=True)
    (taken,) = [each for each in ended if isinstance(each, Write)]
    assert sum(isinstance(each, LookupError) for each in ended) == 49
    assert await desk.state(taken) is WriteState.APPLIED
    assert desk.lines() == [taken.row]
    again = await take(int(taken.row.removeprefix("R")))
    assert again.number == taken.number, "what was accepted before is not asked about again"

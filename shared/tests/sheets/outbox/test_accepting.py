"""What is accepted is on disk, known by its name, seen by readers, and bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import HealthStatus, Write, WriteKind, WriteState
from coreops_hookspecs.errors import (
    OutboxError,
    SheetsUnavailableError,
)

BOUND = 10.0
"""Seconds that a test waits for what must happen."""


async def test_what_is_accepted_is_on_disk_before_the_call_returns(desk: Any) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    await desk.append("a")
    (kept,) = await desk.store.outbox.waiting()
    assert (kept.number, kept.state, kept.values) == (1, WriteState.PENDING, {"id": "a", "text": "x"})


async def test_a_dropped_dead_letter_is_gone_for_good(desk: Any) -> None:
    write = await desk.update("gone", "x")
    await desk.state(write)
    await desk.outbox.drop(write.number)
    assert await desk.store.outbox.waiting() == []
    assert desk.outbox.health().status is HealthStatus.OK


async def test_a_pending_write_can_be_neither_replayed_nor_dropped(desk: Any) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    write = await desk.append("a")
    with pytest.raises(OutboxError, match="waits for its turn"):
        await desk.outbox.drop(write.number)


async def test_a_name_that_is_given_again_returns_the_first_write_also_when_it_is_done(desk: Any) -> None:
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


async def test_without_a_disk_nothing_is_accepted(tmp_path: Path, closed: Any) -> None:
    (tmp_path / "state.sqlite3").mkdir()
    desk = closed()
    await desk.open()
    with pytest.raises(OutboxError, match="cannot be used") as refused:
        await desk.append("a")
    assert "nothing was changed" in refused.value.user_message
    await desk.close()


async def test_a_caller_that_is_cancelled_leaves_no_write_that_only_the_disk_knows(desk: Any) -> None:
    calling = asyncio.create_task(desk.append("a", name="one"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    again = await desk.append("a", name="one")
    assert await desk.state(again) is WriteState.APPLIED
    assert desk.lines() == ["a,x"]


async def test_readers_see_writes_that_their_snapshot_cannot_show(desk: Any) -> None:
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


async def test_waiting_for_a_write_ends_at_its_bound(desk: Any) -> None:
    desk.backend.before = [SheetsUnavailableError("down")]
    write = await desk.append("a")
    assert (await desk.outbox.settled(write, within=0.01)).state is WriteState.PENDING


async def test_of_many_who_want_the_last_place_at_once_one_is_admitted(make: Callable[..., Awaitable[Any]]) -> None:
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

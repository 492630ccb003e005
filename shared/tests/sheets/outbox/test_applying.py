"""Accepted writes reach their tab in order, once and never twice, through outages, lost answers and restarts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from coreops_hookspecs import HealthStatus, Table, WriteState
from coreops_hookspecs.errors import (
    OutboxError,
    SheetsPermissionError,
    SheetsQuotaError,
    SheetsUnavailableError,
)

BOUND = 10.0
"""Seconds that a test waits for what must happen."""


async def test_writes_of_a_tab_are_applied_in_the_order_of_acceptance(desk: Any) -> None:
    for number in range(30):
        await (desk.append(f"r{number // 3}") if number % 3 == 0 else desk.update(f"r{number // 3}", f"v{number}"))
    last = await desk.update("r0", "last")
    assert await desk.state(last) is WriteState.APPLIED
    assert desk.lines() == ["r0,last", *(f"r{row},v{3 * row + 2}" for row in range(1, 10))]


async def test_an_append_that_was_done_although_the_answer_was_lost_is_not_done_again(desk: Any) -> None:
    desk.backend.after = [SheetsUnavailableError("the answer is lost")]
    write = await desk.append("a")
    await desk.tried_again()
    assert await desk.state(write) is WriteState.APPLIED
    assert desk.lines() == ["a,x"]
    assert desk.ended[-1].attempts == 2


@pytest.mark.parametrize("error", [SheetsUnavailableError("down"), SheetsQuotaError("too many", retry_after=1.5)])
async def test_what_passes_is_tried_again_and_holds_up_the_tab_until_then(desk: Any, error: Exception) -> None:
    desk.backend.before = [error]
    first, second = await desk.append("a"), await desk.update("a", "y")
    await desk.asleep()
    assert [write.state for write in desk.outbox.index.pending()] == [WriteState.PENDING] * 2
    assert str(error) in desk.outbox.index.pending()[0].error
    desk.clock.advance(2.0)
    assert [await desk.state(write) for write in (first, second)] == [WriteState.APPLIED] * 2
    assert desk.lines() == ["a,y"]


async def test_what_does_not_pass_is_a_dead_letter_and_the_next_write_goes_on(desk: Any) -> None:
    desk.backend.before = [SheetsPermissionError("may not write")]
    first = await desk.append("a")
    assert await desk.state(first) is WriteState.DEAD
    assert await desk.state(await desk.append("b")) is WriteState.APPLIED
    assert desk.lines() == ["b,x"]
    assert [write.error for write in desk.outbox.index.dead()] == ["may not write"]


async def test_an_edit_of_somebody_else_is_found_and_told_and_not_overwritten(desk: Any) -> None:
    desk.write_tab("id,text,note\na,theirs,\n")
    write = await desk.update("a", "ours", expected={"text": "before"})
    assert await desk.state(write) is WriteState.DEAD
    assert desk.lines() == ["a,theirs"]
    assert "somebody else edited B2 (text)" in desk.outbox.health().detail


async def test_a_replayed_dead_letter_overwrites_only_when_told_to(desk: Any) -> None:
    desk.write_tab("id,text,note\na,theirs,\n")
    write = await desk.update("a", "ours", expected={"text": "before"})
    await desk.state(write)
    assert await desk.state(await desk.outbox.replay(write.number)) is WriteState.DEAD
    assert await desk.state(await desk.outbox.replay(write.number, overwrite=True)) is WriteState.APPLIED
    assert desk.lines() == ["a,ours"]
    with pytest.raises(OutboxError, match="neither dead nor pending"):
        await desk.outbox.replay(write.number)


async def test_a_restart_takes_up_what_was_accepted_after_requests_on_their_way_have_settled(closed: Any) -> None:
    desk = closed(settle=2.0)
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


async def test_stopping_applies_what_it_can_and_waits_for_no_pause(desk: Any) -> None:
    write = await desk.append("a")
    await desk.outbox.stop(BOUND)
    assert (desk.lines(), write.state) == (["a,x"], WriteState.PENDING)


async def test_a_write_that_waits_too_long_degrades_health_with_its_cause(desk: Any) -> None:
    desk.backend.before = [SheetsUnavailableError("google is down")] * 20
    await desk.append("a")
    await desk.asleep()
    assert desk.outbox.health().status is HealthStatus.OK
    desk.clock.advance(360)
    await asyncio.sleep(0)
    found = desk.outbox.health()
    assert (found.status, found.detail) == (HealthStatus.DEGRADED, "1 write waits for up to 6 min: google is down")


async def test_a_disk_that_fails_after_a_write_was_applied_does_not_double_it(
    desk: Any, monkeypatch: pytest.MonkeyPatch
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
    desk: Any, monkeypatch: pytest.MonkeyPatch
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

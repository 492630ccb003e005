"""Accepted writes on their way to a Google that loses an answer, and to a row that somebody else has edited."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Write, WriteKind, WriteState
from coreops_sandbox.server import Sandbox
from coreops_shared.clock import SystemClock
from coreops_shared.config.settings import load
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of
from coreops_shared.sheets.outbox import OutboxService
from coreops_shared.state.store import Store

BOUND = 30.0
"""Seconds that a test waits for what must happen."""


@dataclass
class Desk:
    """An outbox over the sandbox's Google."""

    sandbox: Sandbox
    outbox: OutboxService
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def accept(self, kind: WriteKind, row: str, text: str, expected: dict[str, str]) -> Write:
        return await self.outbox.accept(
            Write(
                number=0, name=f"n{next(self.numbers)}", plugin="p", kind=kind, spreadsheet="s", tab="t", key="id",
                values={"id": row, "text": text}, expected=expected, accepted_at=SystemClock().now(),
            )
        )  # fmt: skip

    async def ended(self, write: Write) -> WriteState:
        return (await self.outbox.settled(write, within=BOUND)).state

    def rows(self) -> list[list[str]]:
        book = self.sandbox.google.spreadsheets.named("s")
        assert book is not None
        tab = book.tab("t")
        assert tab is not None
        rows = [[str(cell or "") for cell in row] for row in tab.cells]
        return [row for row in rows[1:] if any(row)]


@pytest.fixture
async def desk(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Desk]:
    sandbox.google.spreadsheets.create("s").add_tab("t").fill([["id", "text"], ["a", "theirs"]])
    env = {
        "DISCORD_TOKEN": "t",
        "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
        "COREOPS_GOOGLE_API_URL": sandbox.google_url,
    }
    clock, store = SystemClock(), Store(tmp_path / "state.sqlite3")
    await store.open()
    sheets = SheetsFacade(backend_of(load(env), writable=True), clock=clock, attempts=1)
    outbox = OutboxService(
        sheets=sheets, store=store.outbox, clock=clock, log=get_logger("test"), ended=lambda _: None, settle=0.0
    )
    await outbox.start()
    yield Desk(sandbox, outbox)
    sandbox.faults.clear()
    await outbox.stop(BOUND)
    await sheets.close()
    await store.close()


@pytest.mark.fault(
    "Google applies a write, and its answer is lost",
    users="nothing: what was answered with “saved” stands in the sheet, once",
    operator="the write in `!ops outbox` until it is known to be there",
    recovery="the outbox looks whether the row is there before it appends again",
)
async def test_an_append_whose_answer_is_lost_stands_in_the_sheet_once(desk: Desk) -> None:
    fault = desk.sandbox.faults.add("sheets.reset", {"after": True}, match="POST /v4/*", count=1)
    write = await desk.accept(WriteKind.APPEND, "b", "ours", {})
    assert await desk.ended(write) is WriteState.APPLIED
    assert fault.hits == 1, "or no answer was lost"
    assert desk.rows() == [["a", "theirs"], ["b", "ours"]]


@pytest.mark.fault(
    "somebody edits a row in the sheet while a write to it waits",
    users="what they wrote stays",
    operator="a dead letter in `!ops outbox` that names the cell",
    recovery="the operator: `!ops outbox replay` with `overwrite` writes it all the same, `!ops outbox drop` leaves it",
)
async def test_an_edit_of_somebody_else_is_told_with_its_cell_and_stays(desk: Desk) -> None:
    write = await desk.accept(WriteKind.UPDATE, "a", "ours", {"text": "before"})
    async with asyncio.timeout(BOUND):
        assert await desk.ended(write) is WriteState.DEAD
    assert desk.rows() == [["a", "theirs"]]
    assert "somebody else edited B2 (text)" in desk.outbox.health().detail

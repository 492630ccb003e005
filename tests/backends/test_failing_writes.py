"""Writes that Google refuses or breaks off: done once or refused, never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

import pytest

from coreops_hookspecs.errors import SheetsUnavailableError
from coreops_sandbox.server import Sandbox
from coreops_shared.clock import ManualClock
from coreops_shared.config.settings import load
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of, governor_of

START = [["name", "level"], ["ann", "1"]]
WRITES = "POST /v4/*"

REFUSALS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "429 with Retry-After": ("sheets.rate_limit", {"retry_after": 7}),
    "429 without Retry-After": ("sheets.rate_limit", None),
    "5xx": ("sheets.error", {"status": 503}),
    "a reset before it is done": ("sheets.reset", None),
    "a reset after it is done": ("sheets.reset", {"after": True}),
    "an expired token": ("sheets.token_expired", None),
}
ONCE = {
    "update": [["name", "level"], ["ann", "2"]],
    "upsert": [["name", "level"], ["ann", "2"], ["ben", "3"]],
    "clear": [["name", "level"]],
}


@dataclass
class Book:
    """A tab of the sandbox's Google behind the façade."""

    sandbox: Sandbox
    sheets: SheetsFacade
    clock: ManualClock

    async def done(self, work: Awaitable[Any]) -> Any:
        """Let time pass until the work is done."""
        task = asyncio.ensure_future(work)
        for _ in range(400):
            if (await asyncio.wait([task], timeout=0.02))[0]:
                return task.result()
            self.clock.advance(1)
        raise AssertionError("not done")

    async def rows(self) -> list[list[str]]:
        return [list(row) for row in (await self.done(self.sheets.read("s", "people"))).rows]

    async def write(self, how: str) -> None:
        work: dict[str, Any] = {
            "update": lambda: self.sheets.update("s", "people", "B2", [["2"]]),
            "upsert": lambda: self.sheets.upsert(
                "s", "people", "name", [{"name": "ann", "level": "2"}, {"name": "ben", "level": "3"}]
            ),
            "clear": lambda: self.sheets.clear("s", "people", "A2:B2"),
            "append": lambda: self.sheets.append("s", "people", [["ben", "3"]]),
        }
        await self.done(work[how]())


@pytest.fixture
async def book() -> AsyncIterator[Book]:
    clock = ManualClock()
    async with Sandbox() as sandbox:
        sandbox.google.spreadsheets.create("s").add_tab("people").fill([list(row) for row in START])
        env = {
            "DISCORD_TOKEN": "t",
            "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
            "COREOPS_GOOGLE_API_URL": sandbox.google_url,
        }
        settings = load(env)
        backend = backend_of(settings, writable=True)
        sheets = SheetsFacade(backend, clock=clock, governor=governor_of(settings, backend, clock), deadline=300)
        yield Book(sandbox, sheets, clock)
        await sheets.close()


@pytest.mark.parametrize("fault", REFUSALS)
@pytest.mark.parametrize("how", ONCE)
async def test_a_write_that_may_be_repeated_is_done_once_in_effect(book: Book, how: str, fault: str) -> None:
    kind, params = REFUSALS[fault]
    book.sandbox.faults.add(kind, params, match=WRITES, count=1)
    await book.write(how)
    assert await book.rows() == ONCE[how]


@pytest.mark.parametrize("fault", ["429 with Retry-After", "429 without Retry-After", "an expired token"])
async def test_an_append_that_was_surely_not_done_is_repeated(book: Book, fault: str) -> None:
    kind, params = REFUSALS[fault]
    book.sandbox.faults.add(kind, params, match=WRITES, count=1)
    await book.write("append")
    assert await book.rows() == [*START, ["ben", "3"]]


@pytest.mark.parametrize(
    ("fault", "done"), [("5xx", False), ("a reset before it is done", False), ("a reset after it is done", True)]
)
async def test_an_append_that_may_have_been_done_is_not_repeated(book: Book, fault: str, done: bool) -> None:
    kind, params = REFUSALS[fault]
    book.sandbox.faults.add(kind, params, match=WRITES, count=1)
    with pytest.raises(SheetsUnavailableError):
        await book.write("append")
    assert await book.rows() == ([*START, ["ben", "3"]] if done else START)

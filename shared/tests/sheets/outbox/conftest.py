"""An outbox over a workbook that is down as told."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Write, WriteKind, WriteState
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


@pytest.fixture
def closed(tmp_path: Path) -> Callable[..., Desk]:
    """Make a desk that the test opens and closes itself."""
    return partial(Desk, tmp_path)

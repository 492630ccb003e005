"""A façade over a backend whose calls run a script, and a clock that lets pauses pass at once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from coreops_hookspecs import JsonTable, TabInfo, Table
from coreops_shared import trace
from coreops_shared.clock import ManualClock
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.quota import spent

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

    async def begun(self) -> None:
        """Wait until one more call is in the backend."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=10)

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

"""A cache over a real façade and a real workbook, whose backend can be held up and made to fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coreops.cache.service import CacheService
from coreops.plugins.guard import Guard
from coreops_hookspecs.cache import BucketSpec, RefreshResult
from coreops_hookspecs.errors import SheetsError
from coreops_hookspecs.sheets import Table
from coreops_hookspecs.telemetry import Event
from coreops_shared.clock import ManualClock
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.workbook import Workbook
from coreops_shared.state.store import Store

LIMIT = 5.0


@dataclass(frozen=True)
class Clan:
    tag: str
    level: int


class Shelf(Workbook):
    """A workbook that counts calls, can be held, and can fail."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.calls: list[tuple[str, tuple[str, ...]]] = []
        self.open = threading.Event()
        self.open.set()
        self.failures: list[SheetsError] = []
        self.broken: SheetsError | None = None

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]:
        self.calls.append((spreadsheet, tuple(tabs)))
        assert self.open.wait(LIMIT)
        if self.failures:
            raise self.failures.pop(0)
        if self.broken is not None:
            raise self.broken
        return super().read_many(spreadsheet, tabs)

    def write(self, spreadsheet: str, tab: str, *rows: str) -> None:
        (self.folder / spreadsheet).mkdir(exist_ok=True)
        (self.folder / spreadsheet / f"{tab}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


class Outside:
    """What the cache told to the outside, and the settings it looks up."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refreshed: list[RefreshResult] = []
        self.ids: dict[str, str] = {"BOOK": "book", "OTHER": "other"}

    async def hook(self, result: RefreshResult) -> None:
        self.refreshed.append(result)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "sheets").mkdir()
    shelf = Shelf(tmp_path / "sheets")
    shelf.write("book", "Clans", "tag,level", "F-IT,12", "ABC,7")
    shelf.write("book", "Tags", "tag,level", "X,1")
    shelf.write("other", "Clans", "tag,level", "O,3")
    return shelf


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "state.sqlite3")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def make_cache(
    clock: ManualClock, guard: Guard, log: Any, outside: Outside, shelf: Shelf
) -> AsyncIterator[Callable[..., CacheService]]:
    made: list[CacheService] = []
    sheets = SheetsFacade(shelf, attempts=3, jitter=lambda: 0.0)

    def make(store: Store | None = None, **more: Any) -> CacheService:
        known = {"clock": clock, "guard": guard, "log": log, "publish": outside.events.append}
        known |= {"sheets": sheets, "spreadsheet_id": outside.ids.get, "store": store, "refreshed": outside.hook}
        made.append(CacheService(**(known | more)))
        return made[-1]

    yield make
    shelf.open.set()
    for cache in made:
        await cache.stop()
    await sheets.close()


@pytest.fixture
def cache(make_cache: Callable[..., CacheService]) -> CacheService:
    return make_cache()


@pytest.fixture
def clans() -> Callable[..., BucketSpec[Clan]]:
    def spec(name: str = "clans", tab: str = "Clans", spreadsheet: str = "BOOK", **more: Any) -> BucketSpec[Clan]:
        return BucketSpec(name, spreadsheet, tab, Clan, "tag", **({"ttl": timedelta(hours=1)} | more))

    return spec


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait, for a bounded time, until a condition holds."""

    async def until(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(LIMIT):
            while not condition():
                await asyncio.sleep(0.005)

    return until

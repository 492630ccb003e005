"""Worksheets with a copy on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from coreops.operations.worksheets import KeptWorksheets
from coreops_hookspecs.errors import SheetsNotFoundError, SheetsUnavailableError
from coreops_hookspecs.sheets import Table
from coreops_shared.clock import ManualClock
from coreops_shared.config.worksheets import Worksheets
from coreops_shared.state.store import Store

TOGGLES = Table("book", "FeatureToggles", (("feature_name", "enabled"), ("demo", "TRUE")))


class Book:
    """Tabs, or what reading them raises."""

    def __init__(self) -> None:
        self.tabs: dict[str, Table | Exception] = {"FeatureToggles": TOGGLES}

    async def read(self, spreadsheet: str, tab: str) -> Table:
        found = self.tabs.get(tab) or SheetsNotFoundError(f"no tab {tab!r}")
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "state.sqlite3")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def kept(book: Book, store: Store, clock: ManualClock) -> KeptWorksheets:
    return KeptWorksheets(Worksheets(book.read, "book"), "book", store, clock)


async def test_what_was_read_is_there_when_it_cannot_be_reached_any_more(
    kept: KeptWorksheets, book: Book, clock: ManualClock
) -> None:
    assert await kept.last_toggles() is None
    assert await kept.toggles() == TOGGLES
    read_at = clock.now()
    clock.advance(60)
    book.tabs["FeatureToggles"] = SheetsUnavailableError("down")
    with pytest.raises(SheetsUnavailableError):
        await kept.toggles()
    copy = await kept.last_toggles()
    assert copy is not None
    assert (copy.table, copy.read_at) == (TOGGLES, read_at)


async def test_a_worksheet_that_is_gone_leaves_no_copy_behind(kept: KeptWorksheets, book: Book) -> None:
    config = Table("book", "Config", (("KEY", "VALUE"), ("LIMIT", "5")))
    book.tabs["Config"] = config
    assert await kept.config() == config
    assert await kept.last_config() == config
    del book.tabs["Config"]
    assert await kept.config() is None
    assert await kept.last_config() is None


async def test_the_copy_of_another_spreadsheet_is_not_used(
    kept: KeptWorksheets, book: Book, store: Store, clock: ManualClock
) -> None:
    await kept.toggles()
    other = KeptWorksheets(Worksheets(book.read, "other"), "other", store, clock)
    assert await other.last_toggles() is None

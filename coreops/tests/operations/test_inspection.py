"""What a look at the spreadsheets finds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coreops.operations.inspection import Reader, Spreadsheet, inspect, reader_of
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.operations import SheetReport
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.workbook import Workbook


@dataclass(frozen=True)
class Row:
    name: str
    level: int


def bucket(tab: str = "Rows", name: str = "rows") -> Reader:
    return reader_of(BucketSpec(name, "BOOK", tab, Row, "name"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "Rows.csv").write_text("name,level\n" + "ann,3\n" * 9)
    (tmp_path / "book" / "Notes.csv").write_text("anything\n")
    return tmp_path / "book"


@pytest.fixture
async def look(book: Path) -> AsyncIterator[Callable[..., Any]]:
    sheets = SheetsFacade(Workbook(book.parent))

    async def look(*readers: Reader, identifier: str = "book", sample: bool = False) -> SheetReport:
        (report,) = await inspect(sheets, [Spreadsheet("BOOK", identifier, readers)], sample=sample)
        return report

    yield look
    await sheets.close()


async def test_a_tab_that_fits_is_told_with_its_size_headers_and_first_rows(look: Any) -> None:
    report = await look(bucket(), sample=True)
    (tab,) = report.tabs
    assert report.ok
    assert (tab.title, tab.readers, tab.rows, tab.columns) == ("Rows", ("rows",), 10, 2)
    assert (tab.headers, len(tab.sample), tab.sample[0]) == (("name", "level"), 5, ("ann", "3"))
    assert report.others == ("Notes",)


async def test_rows_are_not_read_unless_asked_for(look: Any) -> None:
    (tab,) = (await look(bucket())).tabs
    assert (tab.headers, tab.sample, tab.rows) == (("name", "level"), (), 10)


async def test_headers_that_do_not_fit_are_all_named(look: Any, book: Path) -> None:
    (book / "Rows.csv").write_text("nam,levl\n")
    (tab,) = (await look(bucket())).tabs
    assert [problem.partition(";")[0] for problem in tab.problems] == ['no column "name"', 'no column "level"']
    assert 'did you mean "nam"' in tab.problems[0]


async def test_a_missing_tab_is_named_with_the_one_that_is_close_and_the_others_are_looked_at(look: Any) -> None:
    report = await look(bucket(), bucket("Nots", "notes"))
    rows, notes = report.tabs
    assert not report.ok
    assert rows.problems == ()
    assert (notes.found, notes.problems) == (False, ('there is no tab "Nots"; did you mean "Notes"',))


async def test_a_tab_that_is_not_needed_may_be_missing(look: Any) -> None:
    report = await look(Reader("configuration", "Config", lambda _table: ["wrong"], needed=False))
    assert (report.ok, report.tabs) == (True, ())


async def test_a_tab_that_two_read_is_told_once_with_the_problems_of_both(look: Any) -> None:
    report = await look(
        bucket(), Reader("other", "Rows", lambda table: [f"{len(table.rows)} rows are too many"], whole=True)
    )
    (tab,) = report.tabs
    assert (tab.readers, tab.problems) == (("rows", "other"), ("10 rows are too many",))


async def test_a_spreadsheet_that_cannot_be_opened_says_why(look: Any) -> None:
    report = await look(bucket(), identifier="bok")
    assert not report.ok
    assert 'did you mean "book"' in report.error


async def test_a_setting_without_a_value_says_which(look: Any) -> None:
    assert (await look(bucket(), identifier="")).error == "BOOK has no value; set it to the spreadsheet's id"

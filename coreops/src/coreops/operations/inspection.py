"""A look at the spreadsheets as they are now: do they open, are the tabs there, do their headers fit?

Rows are not read: how many a bucket has, and which of them are wrong, its own status tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import SheetsError, SheetsSchemaError
from coreops_hookspecs.operations import SheetReport, TabReport
from coreops_hookspecs.sheets import TabInfo, Table
from coreops_shared.sheets.rows import parse
from coreops_shared.suggest import did_you_mean

__all__ = ["Reader", "Spreadsheet", "Tables", "inspect", "reader_of"]

_SAMPLE: Final = 5
"""Rows of a tab that a report carries."""


class Tables(Protocol):
    """The part of the Sheets façade that a look needs."""

    async def tabs(self, spreadsheet: str) -> Sequence[TabInfo]: ...
    async def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]: ...
    async def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads a tab.

    Args:
        name: A bucket's name, ``configuration`` or ``toggles``.
        tab: Title of the tab.
        check: Returns what is wrong with the tab.
        needed: Whether a missing tab is a problem.
        whole: Whether the check needs more than the headers.
    """

    name: str
    tab: str
    check: Callable[[Table], Sequence[str]]
    needed: bool = True
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A spreadsheet, by the setting with its id, and what reads it."""

    setting: str
    id: str
    readers: tuple[Reader, ...]


def reader_of(spec: BucketSpec[Any]) -> Reader:
    """Return a bucket as a reader of its tab."""

    def check(table: Table) -> Sequence[str]:
        try:
            parse(spec, Table(table.spreadsheet, table.tab, table.rows[:1]))
        except SheetsSchemaError as error:
            return error.problems or (str(error),)
        return ()

    return Reader(spec.name, spec.tab, check)


async def inspect(
    tables: Tables, spreadsheets: Iterable[Spreadsheet], *, sample: bool = False
) -> Sequence[SheetReport]:
    """Look at spreadsheets, all at the same time; what goes wrong with one stands in its report.

    Args:
        tables: Where they are.
        spreadsheets: Which, and what reads them.
        sample: Whether to read the first rows too, for which whole tabs are read.
    """
    return await asyncio.gather(*(_look(tables, spreadsheet, sample) for spreadsheet in spreadsheets))


async def _look(tables: Tables, sheet: Spreadsheet, sample: bool) -> SheetReport:
    if not sheet.id:
        return SheetReport(sheet.setting, "", f"{sheet.setting} has no value; set it to the spreadsheet's id")
    try:
        listed = {tab.title: tab for tab in await tables.tabs(sheet.id)}
        wanted = dict.fromkeys(reader.tab for reader in sheet.readers if reader.tab in listed)
        whole = [title for title in wanted if sample or any(r.whole for r in sheet.readers if r.tab == title)]
        read = {table.tab: table for table in await tables.read_many(sheet.id, whole)}
        others = [title for title in wanted if title not in read]
        for title, headers in zip(others, await tables.headers(sheet.id, others), strict=True):
            read[title] = Table(sheet.id, title, (headers,))
    except SheetsError as error:
        return SheetReport(sheet.setting, sheet.id, str(error))
    titles = dict.fromkeys(reader.tab for reader in sheet.readers if reader.needed or reader.tab in listed)
    return SheetReport(
        sheet.setting,
        sheet.id,
        tabs=tuple(_tab(title, sheet, listed, read) for title in titles),
        others=tuple(title for title in listed if title not in titles),
    )


def _tab(title: str, sheet: Spreadsheet, listed: Mapping[str, TabInfo], read: Mapping[str, Table]) -> TabReport:
    readers = [reader for reader in sheet.readers if reader.tab == title]
    names = tuple(reader.name for reader in readers)
    if title not in listed:
        missing = f'there is no tab "{title}"{did_you_mean(title, listed)}'
        return TabReport(title, names, found=False, problems=(missing,))
    table, grid = read[title], listed[title]
    return TabReport(
        title,
        names,
        found=True,
        rows=grid.rows,
        columns=grid.columns,
        headers=table.headers,
        problems=tuple(dict.fromkeys(text for reader in readers for text in reader.check(table))),
        sample=table.rows[1 : _SAMPLE + 1],
    )

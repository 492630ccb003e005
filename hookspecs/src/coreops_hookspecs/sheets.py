"""Values that pass between the Sheets façade, its backends and plugins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

__all__ = ["JsonTable", "SheetsBackend", "SheetsQuota", "TabInfo", "Table", "Upserted", "WatchableBackend"]


@dataclass(frozen=True, slots=True)
class Table:
    """One tab as text: cells exactly as stored, no number guessing, so Discord ids stay exact.

    Args:
        spreadsheet: Id of the spreadsheet.
        tab: Title of the tab.
        rows: All rows, the header row included. Rows may be ragged: trailing blanks are trimmed.
    """

    spreadsheet: str
    tab: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The first row, or nothing for an empty tab."""
        return self.rows[0] if self.rows else ()


@dataclass(frozen=True, slots=True)
class JsonTable:
    """One tab as bytes that nobody has looked into yet: the rows of a large tab are read from them in pieces.

    Args:
        spreadsheet: Id of the spreadsheet.
        tab: Title of the tab.
        values: A JSON array of rows, the header row included, each an array of texts (UTF-8). It need not be checked,
            and may be a view of the store's whole answer.
    """

    spreadsheet: str
    tab: str
    values: bytes | memoryview = field(repr=False)


@dataclass(frozen=True, slots=True)
class TabInfo:
    """One tab's title and size in cells."""

    title: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of rows that were put into a tab by key: how many were changed, added, or there already."""

    updated: int
    appended: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class SheetsQuota:
    """How much of the store's budget a minute is used, and what is asked of it next.

    Args:
        reads: Requests that read and count now.
        reads_limit: How many may count at once.
        writes: Requests that write and count now.
        writes_limit: How many may count at once.
        waiting: Calls that wait for their turn.
        needed: Reads that the next refresh of all buckets takes: one for each spreadsheet.
    """

    reads: int
    reads_limit: int
    writes: int
    writes_limit: int
    waiting: int = 0
    needed: int = 0

    @property
    def forecast(self) -> str:
        """What is used and how that compares with what the next full refresh needs, in one line for people."""
        text = f"{self.reads} of {self.reads_limit} reads used this minute; next full refresh needs {self.needed}"
        if self.needed > self.reads_limit - self.reads:
            text += ", which has to wait"
        if self.waiting:
            text += f"; {self.waiting} waiting for their turn"
        return text


@runtime_checkable
class SheetsBackend(Protocol):
    """A store of spreadsheets. All methods block; the façade calls them in a thread.

    Errors are those of :class:`coreops_hookspecs.errors.SheetsError`.
    """

    name: str
    """Short name for people: ``google``, ``workbook``."""

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table | JsonTable]:
        """Read whole tabs of one spreadsheet, in the order asked, in one call where the store can.

        A store that has the rows as JSON hands that over as it is.
        """
        ...

    def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs."""
        ...

    def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when the spreadsheet last changed (UTC), or ``None`` if the store cannot tell."""
        ...

    def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Read the first row of each tab, in the order asked, in one call where the store can."""
        ...

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows after the last one, as raw text."""
        ...

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows as raw text with the top left at ``cell`` (A1 notation)."""
        ...

    def update_many(self, spreadsheet: str, tab: str, blocks: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
        """Write blocks of rows as raw text, each with the top left at its cell; all or none."""
        ...

    def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty the cells of an area in A1 notation (``A2:C9``, ``A2:C``); of the whole tab without one."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


@runtime_checkable
class WatchableBackend(Protocol):
    """What a store has besides :class:`SheetsBackend` if edits of people can be noticed without reading it."""

    def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str]:
        """Return a text for each tab, in the order asked, that is another one once the tab was edited.

        Called twice a second, so it must be cheap; never raises: a tab or spreadsheet that is not there has one too.
        """
        ...

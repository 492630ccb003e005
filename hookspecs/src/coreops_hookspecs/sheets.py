"""Values that pass between the Sheets façade, its backends and plugins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

__all__ = ["JsonTable", "SheetsBackend", "TabInfo", "Table"]


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

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows after the last one, as raw text."""
        ...

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows as raw text with the top left at ``cell`` (A1 notation)."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...

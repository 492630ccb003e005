"""All spreadsheets in one JSON file: spreadsheet, tab, rows of texts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from coreops_hookspecs.errors import SheetsError, SheetsNotFoundError, SheetsUnavailableError
from coreops_hookspecs.sheets import TabInfo, Table

_CELL: Final = re.compile(r"([A-Z]{1,2})([1-9][0-9]*)")
_AREA: Final = re.compile(r"([A-Z]{1,2})([1-9][0-9]*)?(?::([A-Z]{1,2})([1-9][0-9]*)?)?")
Rows = list[list[str]]
Content = dict[str, dict[str, Rows]]


class Shelf:
    """A `coreops_hookspecs.SheetsBackend`. The runtime calls it in threads, one call for a spreadsheet at a time.

    The file is read and replaced whole, so it suits small tables and one spreadsheet.
    """

    name = "shelf"

    def __init__(self, file: Path) -> None:
        self._file = file

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]:
        """Read whole tabs."""
        content = self._content()
        return [Table(spreadsheet, tab, tuple(tuple(row) for row in _rows(content, spreadsheet, tab))) for tab in tabs]

    def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs with their sizes."""
        found = _sheet(self._content(), spreadsheet)
        return [TabInfo(tab, len(rows), max(map(len, rows), default=0)) for tab, rows in found.items()]

    def modified_at(self, _spreadsheet: str) -> datetime | None:
        """Return when the file last changed: what has not is not read again."""
        try:
            return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except OSError as error:
            raise SheetsUnavailableError(f"{self._file} cannot be read ({error.strerror})") from error

    def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Read the first row of each tab."""
        return [table.headers for table in self.read_many(spreadsheet, tabs)]

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows."""
        content = self._content()
        _rows(content, spreadsheet, tab).extend(list(row) for row in rows)
        self._replace(content)

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows with the top left at a cell."""
        self.update_many(spreadsheet, tab, [(cell, rows)])

    def update_many(self, spreadsheet: str, tab: str, blocks: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
        """Write blocks of rows; the file is replaced once, so all or none."""
        content = self._content()
        grid = _rows(content, spreadsheet, tab)
        for cell, rows in blocks:
            match = _CELL.fullmatch(cell)
            if match is None:
                raise SheetsError(f"{spreadsheet}/{tab}: {cell!r} is no cell; write it as B2")
            for down, row in enumerate(rows, int(match[2]) - 1):
                for right, text in enumerate(row, _column(match[1])):
                    _put(grid, down, right, text)
        self._replace(content)

    def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty an area, or the whole tab."""
        content = self._content()
        grid = _rows(content, spreadsheet, tab)
        match = _AREA.fullmatch(area)
        if area and match is None:
            raise SheetsError(f"{spreadsheet}/{tab}: {area!r} is no area; write it as A2:C9")
        first, top, last, bottom = match.groups() if match else ("A", "1", "ZZ", None)
        last = last or first
        rows = range(int(top or 1) - 1, min(int(bottom or len(grid)), len(grid)))
        for row in (grid[number] for number in rows):
            for number in range(_column(first), min(_column(last) + 1, len(row))):
                row[number] = ""
        self._replace(content)

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def _content(self) -> Content:
        try:
            found: Content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SheetsUnavailableError(f"{self._file} cannot be read: {error}") from error
        return found

    def _replace(self, content: Content) -> None:
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.replace(self._file)  # at once or not at all (POSIX, rename)
        except OSError as error:
            raise SheetsUnavailableError(f"{self._file} cannot be written ({error.strerror})") from error


def _sheet(content: Content, spreadsheet: str) -> dict[str, Rows]:
    if spreadsheet not in content:
        raise SheetsNotFoundError(f"there is no spreadsheet {spreadsheet!r} on the shelf")
    return content[spreadsheet]


def _rows(content: Content, spreadsheet: str, tab: str) -> Rows:
    sheet = _sheet(content, spreadsheet)
    if tab not in sheet:
        raise SheetsNotFoundError(f"there is no tab {tab!r} in spreadsheet {spreadsheet!r} on the shelf")
    return sheet[tab]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _put(grid: Rows, down: int, right: int, text: str) -> None:
    while len(grid) <= down:
        grid.append([])
    grid[down] += [""] * (right + 1 - len(grid[down]))
    grid[down][right] = text

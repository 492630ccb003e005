"""The embedded store of spreadsheets: a folder per spreadsheet, a CSV file per tab (RFC 4180, UTF-8).

People open these files in spreadsheet programs, so that what is written never begins as a formula does.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from coreops_hookspecs import TabInfo, Table
from coreops_hookspecs.errors import (
    SheetsError,
    SheetsNotFoundError,
    SheetsPermissionError,
    SheetsUnavailableError,
)
from coreops_shared.sheets.a1 import Area, parse_area, parse_cell
from coreops_shared.sheets.atomic import replace_file
from coreops_shared.sheets.harmless import harmless, has_marks, unmarked
from coreops_shared.suggest import did_you_mean

__all__ = ["Workbook"]

_SUFFIX: Final = ".csv"
_MAX_CELLS: Final = 10_000_000
"""Google's own limit for a spreadsheet; keeps a mistyped address from filling the disk."""

_ATTEMPTS: Final = 5
"""How often a change is made anew because somebody saved the file while it was made."""

T = TypeVar("T")
Grid = list[list[str]]


class Workbook:
    """A :class:`coreops_hookspecs.SheetsBackend` over a folder that people may edit at any time.

    Args:
        folder: Holds one folder per spreadsheet; its name is the spreadsheet's id.
    """

    name = "workbook"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[Path, threading.Lock] = {}
        self._registry = threading.Lock()

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]:
        """Read whole tabs; blank cells at the end of a row and blank rows at the end are not part of it."""
        return [
            Table(spreadsheet, tab, tuple(tuple(row) for row in self._texts(self._file(spreadsheet, tab))))
            for tab in tabs
        ]

    def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs by title with the size of what they hold."""
        return [
            TabInfo(path.stem, len(rows), max(map(len, rows), default=0))
            for path in self._files(spreadsheet)
            for rows in [self._read(path)]
        ]

    def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when a tab last changed, appeared or went away."""
        paths = [self._spreadsheet(spreadsheet), *self._files(spreadsheet)]
        newest = _guarded(lambda: max(path.stat().st_mtime for path in paths), spreadsheet, "read")
        return datetime.fromtimestamp(newest, UTC)

    def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str]:
        """Return what is different after somebody saved, replaced, made or removed the file of a tab."""
        return [self._fingerprint(spreadsheet, tab) for tab in tabs]

    def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Read the first row of each tab."""
        return [table.headers for table in self.read_many(spreadsheet, tabs)]

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows after the last one that is not blank; the file is replaced at once or not at all."""
        self._change(spreadsheet, tab, lambda grid: grid.extend(list(map(harmless, row)) for row in rows))

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows with the top left at ``cell``; the file is replaced at once or not at all."""
        self.update_many(spreadsheet, tab, [(cell, rows)])

    def update_many(self, spreadsheet: str, tab: str, blocks: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
        """Write blocks of rows; the file is replaced at once or not at all."""
        placed = []
        for cell, rows in blocks:
            try:
                top, left = parse_cell(cell)
            except ValueError as error:
                raise SheetsError(f"{spreadsheet}/{tab}: {error}") from error
            bottom, right = top - 1 + len(rows), left - 1 + max(map(len, rows), default=0)
            if bottom * right > _MAX_CELLS:
                raise SheetsError(f"{spreadsheet}/{tab}: writing at {cell} would make it exceed {_MAX_CELLS} cells")
            placed.append((top, left, rows))

        def change(grid: Grid) -> None:
            for top, left, rows in placed:
                _overwrite(grid, top, left, rows)

        self._change(spreadsheet, tab, change)

    def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty the cells of an area, of the whole tab without one."""
        try:
            cleared = parse_area(area)
        except ValueError as error:
            raise SheetsError(f"{spreadsheet}/{tab}: {error}") from error
        self._change(spreadsheet, tab, lambda grid: _empty(grid, cleared))

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def _spreadsheet(self, spreadsheet: str) -> Path:
        folder = self._folder / spreadsheet
        if not _is_plain_name(spreadsheet) or not folder.is_dir():
            inside = self._folder.iterdir() if self._folder.is_dir() else iter(())
            existing = sorted(path.name for path in inside if path.is_dir())
            raise _not_found(f'spreadsheet "{spreadsheet}" in the workbook', spreadsheet, existing)
        return folder

    def _files(self, spreadsheet: str) -> list[Path]:
        folder = self._spreadsheet(spreadsheet)
        inside = _guarded(lambda: list(folder.iterdir()), spreadsheet, "read")
        return sorted(path for path in inside if path.suffix == _SUFFIX and not path.name.startswith("."))

    def _file(self, spreadsheet: str, tab: str) -> Path:
        path = self._spreadsheet(spreadsheet) / f"{tab}{_SUFFIX}"
        if not _is_plain_name(tab) or not path.is_file():
            existing = [file.stem for file in self._files(spreadsheet)]
            raise _not_found(f'tab "{tab}" in spreadsheet "{spreadsheet}"', tab, existing)
        return path

    def _texts(self, path: Path) -> Grid:
        """Return the cells as they were given to be written."""
        content = self._content(path)
        grid = self._parsed(content, path)
        return [list(map(unmarked, row)) for row in grid] if has_marks(content) else grid

    def _fingerprint(self, spreadsheet: str, tab: str) -> str:
        if not (_is_plain_name(spreadsheet) and _is_plain_name(tab)):
            return ""
        try:
            return ":".join(map(str, _state(self._folder / spreadsheet / f"{tab}{_SUFFIX}")))
        except OSError:  # it is not there, or may not be looked at; reading it says what is wrong
            return ""

    def _read(self, path: Path) -> Grid:
        """Return the cells as they stand in the file."""
        return self._parsed(self._content(path), path)

    def _content(self, path: Path) -> str:
        where = f"{path.parent.name}/{path.name}"
        data = _guarded(path.read_bytes, where, "read")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SheetsError(f"{where}, line {line}: is not UTF-8 text; save the file as CSV in UTF-8") from error

    def _parsed(self, content: str, path: Path) -> Grid:
        reader = csv.reader(io.StringIO(content, newline=""), strict=True)
        try:
            return _trimmed(list(reader))
        except csv.Error as error:
            where = f"{path.parent.name}/{path.name}"
            raise SheetsError(f"{where}, line {reader.line_num}: is not CSV ({error}); check its quotes") from error

    def _change(self, spreadsheet: str, tab: str, change: Callable[[Grid], None]) -> None:
        path = self._file(spreadsheet, tab)
        where = f"{path.parent.name}/{path.name}"
        with self._lock(path):
            for _ in range(_ATTEMPTS):
                before = _guarded(lambda: _state(path), where, "read")
                grid = self._read(path)
                change(grid)
                data = _encoded(grid)
                if _guarded(lambda: _state(path), where, "read") == before:  # nobody saved it meanwhile
                    _guarded(lambda: replace_file(path, data), where, "written")  # noqa: B023 - called at once
                    return
        raise SheetsUnavailableError(f"{where}: was changed by somebody else {_ATTEMPTS} times while it was written")

    def _lock(self, path: Path) -> threading.Lock:
        with self._registry:
            return self._locks.setdefault(path, threading.Lock())


def _state(path: Path) -> tuple[int, int, int]:
    """Return what is different after somebody saved the file."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _overwrite(grid: Grid, top: int, left: int, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=top - 1):
        grid.extend([] for _ in range(number + 1 - len(grid)))
        line = grid[number]
        line.extend("" for _ in range(left - 1 + len(row) - len(line)))
        line[left - 1 : left - 1 + len(row)] = map(harmless, row)


def _empty(grid: Grid, area: Area) -> None:
    for row in grid[area.top - 1 : area.bottom]:
        stop = len(row) if area.right is None else min(area.right, len(row))
        row[area.left - 1 : stop] = [""] * max(0, stop - area.left + 1)


def _encoded(grid: Grid) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    # inside a cell a line ends with LF alone, as in Google Sheets; csv would leave a lone CR unquoted
    writer.writerows([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in grid)
    return text.getvalue().encode("utf-8")


def _trimmed(grid: Grid) -> Grid:
    for row in grid:
        while row and not row[-1]:
            row.pop()
    while grid and not grid[-1]:
        grid.pop()
    return grid


def _is_plain_name(name: str) -> bool:
    """Whether a name stays inside its folder: no separator, no parent, nothing hidden."""
    return bool(name) and not name.startswith(".") and not any(letter in "/\\\0" for letter in name)


def _not_found(what: str, name: str, existing: Sequence[str]) -> SheetsNotFoundError:
    there = ", ".join(existing) or "none"
    return SheetsNotFoundError(f"no {what}{did_you_mean(name, existing)}; there are: {there}")


def _guarded(action: Callable[[], T], where: str, done: str) -> T:
    try:
        return action()
    except PermissionError as error:
        raise SheetsPermissionError(f"{where}: may not be {done}; check the permissions of the file") from error
    except OSError as error:
        raise SheetsUnavailableError(f"{where}: could not be {done} ({error.strerror or error})") from error

"""The spreadsheets of the local Google, in memory."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

from coreops_sandbox.sheets.entry import kept
from coreops_sandbox.sheets.tab import Tab
from coreops_sandbox.workbook import dated
from coreops_sandbox.world.lookup import SandboxError, unknown

_TICK = 0.001
"""Seconds that modification times differ by at least: Drive shows milliseconds."""


class Spreadsheet:
    """A spreadsheet.

    Args:
        spreadsheet_id: Its id.
        clock: POSIX seconds.
    """

    def __init__(self, spreadsheet_id: str, clock: Callable[[], float]) -> None:
        self.id = spreadsheet_id
        self.title = spreadsheet_id
        self.tabs: list[Tab] = []
        self.created = self.modified = clock()
        self._clock = clock

    def touch(self) -> None:
        """It changed just now."""
        self.modified = max(self._clock(), self.modified + _TICK)

    @property
    def today(self) -> date:
        """The day by which dates without a year are read."""
        return datetime.fromtimestamp(self._clock(), UTC).date()

    def tab(self, title: str) -> Tab | None:
        """The tab of exactly that title."""
        return next((tab for tab in self.tabs if tab.title == title), None)

    def tab_by_id(self, sheet_id: int) -> Tab | None:
        """The tab of that number."""
        return next((tab for tab in self.tabs if tab.sheet_id == sheet_id), None)

    def new_id(self, title: str) -> int:
        """A free sheet id: 0 for the first tab, as at Google, else one that follows from the title."""
        taken = {tab.sheet_id for tab in self.tabs}
        wish = zlib.crc32(f"{self.id}/{title}".encode()) & 0x7FFFFFFF if taken else 0
        while wish in taken:
            wish = (wish + 1) & 0x7FFFFFFF
        return wish

    def add_tab(self, title: str) -> Tab:
        """A new empty tab at the end."""
        tab = Tab(self.new_id(title), title)
        self.tabs.append(tab)
        return tab


class Spreadsheets:
    """All of them, by id; all are shared with every account.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, Spreadsheet] = {}

    def __iter__(self) -> Iterator[Spreadsheet]:
        return iter(self._known.values())

    def get(self, spreadsheet_id: str) -> Spreadsheet | None:
        """A spreadsheet by id."""
        return self._known.get(spreadsheet_id)

    def named(self, spreadsheet_id: str) -> Spreadsheet:
        """A spreadsheet by id; raises SandboxError for one that is not there."""
        found = self._known.get(spreadsheet_id)
        if found is None:
            raise unknown("spreadsheet", spreadsheet_id, self._known)
        return found

    def create(self, spreadsheet_id: str) -> Spreadsheet:
        """A spreadsheet by id, new and without tabs if there is none yet."""
        return self._known.setdefault(spreadsheet_id, Spreadsheet(spreadsheet_id, self._clock))

    def load(self, folder: Path) -> None:
        """Take the spreadsheets of a workbook: a folder each, with a CSV file a tab. Cells show what the files say.

        Raises:
            SandboxError: A file cannot be read.
        """
        for path in sorted(folder.glob("*/*.csv")):
            spreadsheet = self.create(path.parent.name)
            tab = spreadsheet.tab(path.stem) or spreadsheet.add_tab(path.stem)
            today, now = spreadsheet.today, datetime.fromtimestamp(self._clock(), UTC)
            try:
                with path.open(encoding="utf-8-sig", newline="") as file:
                    lines = StringIO(dated(file.read(), now), newline="")
                tab.fill([[kept(text, today) for text in row] for row in csv.reader(lines, strict=True)])
            except (OSError, ValueError, csv.Error) as error:
                raise SandboxError(f"{path.parent.name}/{path.name} cannot be read ({error}): save it as CSV") from None
            spreadsheet.touch()

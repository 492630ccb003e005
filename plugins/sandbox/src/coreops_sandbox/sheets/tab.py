"""One sheet of a spreadsheet: a grid of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coreops_sandbox.sheets.a1 import Area
from coreops_sandbox.sheets.cells import Cell

ROWS, COLUMNS = 1000, 26
"""The grid of a sheet that nobody sized."""


@dataclass(slots=True)
class Tab:
    """A sheet.

    Args:
        sheet_id: Its number, stable over renaming.
        title: As people see it.
        rows: Height of the grid.
        columns: Width of the grid.
        look: Properties that change nothing here, such as the tab's colour, as the API shows them.
        grid_look: Likewise of the grid, such as the number of frozen rows.
        cells: Rows of cells; what lies beyond their ends is empty.
    """

    sheet_id: int
    title: str
    rows: int = ROWS
    columns: int = COLUMNS
    look: dict[str, object] = field(default_factory=dict)
    grid_look: dict[str, object] = field(default_factory=dict)
    cells: list[list[Cell]] = field(default_factory=list)

    def copy(self) -> Tab:
        """One that can be changed without changing this one."""
        cells = [row[:] for row in self.cells]
        return Tab(self.sheet_id, self.title, self.rows, self.columns, dict(self.look), dict(self.grid_look), cells)

    def get(self, row: int, col: int) -> Cell:
        """The content of a cell, None outside the grid too."""
        if 0 <= row < len(self.cells) and 0 <= col < len(self.cells[row]):
            return self.cells[row][col]
        return None

    def has(self, row: int, left: int, right: int) -> bool:
        """Whether any cell of a row between two columns, the second not included, is filled."""
        return 0 <= row < len(self.cells) and any(
            cell is not None for cell in self.cells[row][max(left, 0) : max(right, 0)]
        )

    def put(self, row: int, col: int, cell: Cell) -> None:
        """Set one cell, growing the grid if it lies beyond."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, col + 1)
        self.cells.extend([] for _ in range(row + 1 - len(self.cells)))
        line = self.cells[row]
        line.extend(None for _ in range(col + 1 - len(line)))
        line[col] = cell

    def closed(self, area: Area) -> Area:
        """The area with ends, cut at the grid's."""
        bottom = self.rows if area.bottom is None else min(area.bottom, self.rows)
        right = self.columns if area.right is None else min(area.right, self.columns)
        return Area(area.top, area.left, bottom, right, area.is_cell)

    def starts_outside(self, area: Area) -> bool:
        """Whether not even the first cell of an area is in the grid."""
        return area.top >= self.rows or area.left >= self.columns

    def window(self, area: Area) -> list[list[Cell]]:
        """The cells of a closed area without empty ones at the ends of rows and empty rows at the end."""
        rows = [row[area.left : area.right] for row in self.cells[area.top : area.bottom]]
        for row in rows:
            while row and row[-1] is None:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def clear(self, area: Area) -> None:
        """Empty a closed area."""
        for row in self.cells[area.top : area.bottom]:
            row[area.left : area.right] = [None] * len(row[area.left : area.right])

    def fill(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Hold these rows and nothing else, in a grid that is large enough."""
        self.cells = [list(row) for row in rows]
        self.rows = max(self.rows, len(self.cells))
        self.columns = max(self.columns, max(map(len, self.cells), default=0))

    def insert_rows(self, at: int, count: int) -> None:
        """Push the rows from ``at`` on down."""
        if at < len(self.cells):
            self.cells[at:at] = [[] for _ in range(count)]
        self.rows += count

    def resize(self, rows: int, columns: int) -> None:
        """Give the grid another size; what lies beyond is lost."""
        self.rows, self.columns = rows, columns
        del self.cells[rows:]
        for row in self.cells:
            del row[columns:]

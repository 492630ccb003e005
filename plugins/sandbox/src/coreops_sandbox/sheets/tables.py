"""Where ``values.append`` finds a table (Sheets API guide, "Append values")."""

from __future__ import annotations

from coreops_sandbox.sheets.a1 import Area
from coreops_sandbox.sheets.tab import Tab


def last_table(tab: Tab, area: Area) -> Area | None:
    """The table that the last filled cell of a closed area belongs to; None if all are empty.

    A table ends where a whole row or column beside it is empty. So a row with an empty cell in its middle, and no
    header above that joins its parts, is two tables, and rows appended "to the sheet" go below the right one.
    """
    seed = _last_filled(tab, area)
    return None if seed is None else _around(tab, *seed)


def _last_filled(tab: Tab, area: Area) -> tuple[int, int] | None:
    rows = tab.cells[area.top : area.bottom]
    for number in range(len(rows) - 1, -1, -1):
        filled = [col for col, cell in enumerate(rows[number][: area.right]) if cell is not None and col >= area.left]
        if filled:
            return area.top + number, filled[-1]
    return None


def _around(tab: Tab, row: int, col: int) -> Area:
    top, left, bottom, right = row, col, row + 1, col + 1
    grown = True
    while grown:
        before = (top, left, bottom, right)
        while tab.has(top - 1, left - 1, right + 1):
            top -= 1
        while tab.has(bottom, left - 1, right + 1):
            bottom += 1
        while _column_has(tab, left - 1, top, bottom):
            left -= 1
        while _column_has(tab, right, top, bottom):
            right += 1
        grown = before != (top, left, bottom, right)
    return Area(top, left, bottom, right)


def _column_has(tab: Tab, col: int, top: int, bottom: int) -> bool:
    return col >= 0 and any(tab.get(row, col) is not None for row in range(top - 1, bottom + 1))

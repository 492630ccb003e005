"""Requests of ``spreadsheets.batchUpdate`` about rows and columns of one sheet."""

from __future__ import annotations

from coreops_sandbox.sheets.cells import Cell, Formula
from coreops_sandbox.sheets.errors import refused
from coreops_sandbox.sheets.requests import AppendCells, CellData, DeleteDimension, DimensionRange, InsertDimension
from coreops_sandbox.sheets.spreadsheets import Spreadsheet
from coreops_sandbox.sheets.tab import Tab

MOST_CELLS = 10_000_000
"""Cells that a spreadsheet takes (Google Drive help, "Files you can store in Google Drive")."""


def tab_of(spreadsheet: Spreadsheet, sheet_id: int) -> Tab:
    """The sheet of that id; raises GoogleError if there is none."""
    tab = spreadsheet.tab_by_id(sheet_id)
    if tab is None:
        raise refused(400, f"No sheet with id: {sheet_id}")
    return tab


def insert(spreadsheet: Spreadsheet, request: InsertDimension) -> None:
    """Empty rows or columns; what follows moves on."""
    tab, start, end = _span(spreadsheet, request.range)
    count = end - start
    if request.range.dimension == "ROWS":
        tab.insert_rows(start, count)
    else:
        tab.columns += count
        for row in tab.cells:
            row[start:start] = [None] * (count if start < len(row) else 0)
    check_size(spreadsheet)


def delete(spreadsheet: Spreadsheet, request: DeleteDimension) -> None:
    """Rows or columns go; what follows moves up."""
    tab, start, end = _span(spreadsheet, request.range)
    is_rows = request.range.dimension == "ROWS"
    most = tab.rows if is_rows else tab.columns
    count = min(end, most) - start
    if count >= most:
        raise refused(400, f"You can't delete all the {'rows' if is_rows else 'columns'} on the sheet.")
    if is_rows:
        del tab.cells[start:end]
        tab.rows -= count
        return
    tab.columns -= count
    for row in tab.cells:
        del row[start:end]


def append_cells(spreadsheet: Spreadsheet, request: AppendCells) -> None:
    """Rows below the last one with data, from the first column on, whatever tables there are."""
    tab = tab_of(spreadsheet, request.sheet_id)
    rows = [[_content(cell) for cell in row.values] for row in request.rows]
    if max(map(len, rows), default=0) > tab.columns:
        last = tab.columns - 1
        raise refused(400, f"Attempting to write column: {last + 1}, beyond the last requested column of: {last}")
    start = max((at + 1 for at in range(len(tab.cells)) if tab.has(at, 0, tab.columns)), default=0)
    for number, row in enumerate(rows, start):
        tab.rows = max(tab.rows, number + 1)
        for col, cell in enumerate(row):
            tab.put(number, col, cell)
    check_size(spreadsheet)


def check_size(spreadsheet: Spreadsheet, more: int = 0) -> None:
    """Raise GoogleError if the spreadsheet, with ``more`` cells, has more than any may have."""
    if more + sum(one.rows * one.columns for one in spreadsheet.tabs) > MOST_CELLS:
        raise refused(
            400,
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells.",
        )


def _content(cell: CellData) -> Cell:
    value = cell.user_entered_value
    if value.formula_value is not None:
        return Formula(value.formula_value)
    content: Cell = value.string_value or value.number_value
    return value.bool_value if content is None or content == "" else content


def _span(spreadsheet: Spreadsheet, span: DimensionRange) -> tuple[Tab, int, int]:
    tab = tab_of(spreadsheet, span.sheet_id)
    most = tab.rows if span.dimension == "ROWS" else tab.columns
    start, end = span.start_index, most if span.end_index is None else span.end_index
    if not start < end or start > most:
        raise refused(400, f"range.startIndex[{start}] must be less than range.endIndex[{end}] and within the grid")
    return tab, start, end

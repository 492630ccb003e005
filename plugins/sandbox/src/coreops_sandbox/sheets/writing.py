"""``values.update``, ``append``, ``batchUpdate``, ``clear`` and ``batchClear``: checked as a whole, then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from coreops_sandbox.sheets.a1 import Area, letters, named
from coreops_sandbox.sheets.call import INPUT, INSERT, MAJOR, Call, Place, only, outside, text
from coreops_sandbox.sheets.cells import Cell
from coreops_sandbox.sheets.dimensions import check_size
from coreops_sandbox.sheets.entry import typed
from coreops_sandbox.sheets.errors import invalid, refused
from coreops_sandbox.sheets.fields import Mask, fields
from coreops_sandbox.sheets.reading import VALUE_RANGE, written
from coreops_sandbox.sheets.tables import last_table

UPDATED: Mask = {
    **fields("spreadsheetId", "updatedRange", "updatedRows", "updatedColumns", "updatedCells"),
    "updatedData": VALUE_RANGE,
}
BATCH_UPDATED: Mask = {
    **fields("spreadsheetId", "totalUpdatedRows", "totalUpdatedColumns", "totalUpdatedCells", "totalUpdatedSheets"),
    "responses": UPDATED,
}
APPENDED: Mask = {"spreadsheetId": {}, "tableRange": {}, "updates": UPDATED}
CLEARED = fields("spreadsheetId", "clearedRange")
BATCH_CLEARED = fields("spreadsheetId", "clearedRanges")
MOST_LETTERS = 50_000
"""Letters that a cell takes (Google Drive help, "Files you can store in Google Drive")."""
_RESPONSE = ("includeValuesInResponse", "responseValueRenderOption", "responseDateTimeRenderOption")


class _Skip:
    """Stands for null: the cell stays as it is."""


_SKIP = _Skip()
_Row = list[Cell | _Skip]


@dataclass(frozen=True, slots=True)
class _Write:
    """Values for a place, checked and converted; nothing can fail any more."""

    place: Place
    top: int
    left: int
    rows: list[_Row]

    @property
    def area(self) -> Area:
        """The cells that are written, at least one."""
        width = max((len(row) for row in self.rows), default=0)
        return Area(self.top, self.left, self.top + max(len(self.rows), 1), self.left + max(width, 1))

    def apply(self) -> None:
        """Put the values where they belong."""
        for number, row in enumerate(self.rows, self.top):
            for col, cell in enumerate(row, self.left):
                if not isinstance(cell, _Skip):
                    self.place.tab.put(number, col, cell)

    def answer(self, call: Call) -> dict[str, Any]:
        """UpdateValuesResponse; blanks count as updated, nulls do not."""
        body: dict[str, Any] = {
            "spreadsheetId": call.spreadsheet.id,
            "updatedRange": named(self.place.tab.title, self.area),
        }
        if cells := sum(not isinstance(cell, _Skip) for row in self.rows for cell in row):
            body["updatedRows"] = len(self.rows)
            body["updatedColumns"] = max(map(len, self.rows))
            body["updatedCells"] = cells
        if call.flag("includeValuesInResponse"):
            body["updatedData"] = written(call, Place(self.place.tab, self.area, ""))
        return body


def update(call: Call) -> dict[str, Any]:
    """``PUT …/values/{range}``."""
    call.allow("valueInputOption", *_RESPONSE)
    write = _prepared(call, call.range, call.body)
    write.apply()
    call.spreadsheet.touch()
    return write.answer(call)


def batch_update(call: Call) -> dict[str, Any]:
    """``POST …/values:batchUpdate``: all ranges or none."""
    call.allow()
    only(call.body, ("valueInputOption", "data", *_RESPONSE))
    data = call.body.get("data", [])
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise invalid("Invalid value at 'data' (type.googleapis.com/google.apps.sheets.v4.ValueRange)", "data")
    writes = [_prepared(call, text(one.get("range"), "data.range"), one) for one in data]
    for write in writes:
        write.apply()
    call.spreadsheet.touch()
    return {"spreadsheetId": call.spreadsheet.id, **_totals(writes), "responses": [one.answer(call) for one in writes]}


def append(call: Call) -> dict[str, Any]:
    """``POST …/values/{range}:append``: below the last table of the range."""
    call.allow("valueInputOption", "insertDataOption", *_RESPONSE)
    insert = call.choice("insertDataOption", INSERT) == "INSERT_ROWS"
    place = call.place(call.range)
    rows = _converted(call, call.body)
    tab = place.tab
    table = last_table(tab, tab.closed(place.area))
    top, left = (place.area.top, place.area.left) if table is None else (table.bottom or 0, table.left)
    write = _Write(place, top, left, rows)
    _check_size(call, write, more_rows=len(rows) if insert else 0)
    if insert:
        tab.insert_rows(top, len(rows))
    write.apply()
    call.spreadsheet.touch()
    body: dict[str, Any] = {"spreadsheetId": call.spreadsheet.id}
    if table is not None:
        body["tableRange"] = named(tab.title, table)
    return body | {"updates": write.answer(call)}


def clear(call: Call) -> dict[str, Any]:
    """``POST …/values/{range}:clear``."""
    call.allow()
    place = call.place(call.range)
    place.tab.clear(place.tab.closed(place.area))
    call.spreadsheet.touch()
    return {"spreadsheetId": call.spreadsheet.id, "clearedRange": place.name}


def batch_clear(call: Call) -> dict[str, Any]:
    """``POST …/values:batchClear``: all ranges or none."""
    call.allow("ranges")
    ranges = call.body.get("ranges", call.query.getall("ranges", []))
    if not isinstance(ranges, list):
        raise invalid(f"Invalid value at 'ranges' (TYPE_STRING), {ranges}", "ranges")
    places = [call.place(text(one, "ranges")) for one in ranges]
    for place in places:
        place.tab.clear(place.tab.closed(place.area))
    call.spreadsheet.touch()
    return {"spreadsheetId": call.spreadsheet.id, "clearedRanges": [place.name for place in places]}


def _prepared(call: Call, area: str, data: Mapping[str, Any]) -> _Write:
    place = call.place(area)
    own = text(data.get("range"), "data.range")
    if own and own != area and call.place(own).name != place.name:
        raise refused(400, f"Request range[{area}] does not match value's range[{own}]")
    rows = _converted(call, data)
    write = _Write(place, place.area.top, place.area.left, rows)
    _check_fit(write)
    return write


def _converted(call: Call, data: Mapping[str, Any]) -> list[_Row]:
    is_raw = call.choice("valueInputOption", INPUT, required=True) == "RAW"
    only(data, ("range", "majorDimension", "values"), "data")
    values = data.get("values") or []
    if not isinstance(values, list) or not all(isinstance(row, list) for row in values):
        shown = f'"{values}"' if isinstance(values, str) else str(values)
        kind = "type.googleapis.com/google.protobuf.ListValue"
        raise invalid(f"Invalid value at 'data.values' ({kind}), {shown}", "data.values")
    today = call.spreadsheet.today
    rows = [
        [
            _cell(value, at, number) if is_raw or not isinstance(value, str) else typed(_bounded(value), today)
            for number, value in enumerate(row)
        ]
        for at, row in enumerate(values)
    ]
    major = data.get("majorDimension") or "ROWS"
    if major not in MAJOR:
        raise invalid(f"Invalid value at 'data.major_dimension', \"{major}\"", "data.major_dimension")
    return rows if major == "ROWS" else [list(column) for column in zip_longest(*rows, fillvalue=_SKIP)]


def _cell(value: Any, row: int, col: int) -> Cell | _Skip:
    match value:
        case None:
            return _SKIP
        case str():
            return _bounded(value) or None
        case bool():
            return value
        case int() | float():
            return float(value)
        case _:
            kind = "list_value" if isinstance(value, list) else "struct_value"
            raise refused(400, f"Invalid values[{row}][{col}]: {kind} {{\n}}\n")


def _bounded(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise refused(400, f"Your input contains more than the maximum of {MOST_LETTERS} characters in a single cell.")
    return text


def _check_fit(write: _Write) -> None:
    """Values must stay in their range, unless that is one cell, and in the grid in any case."""
    tab, area = write.place.tab, write.area
    if write.place.area.is_cell:
        if (area.bottom or 0) > tab.rows or (area.right or 0) > tab.columns:
            raise outside(tab, named(tab.title, area))
        return
    limit = tab.closed(write.place.area)
    if write.rows and (area.bottom or 0) > (limit.bottom or 0):
        raise _beyond(write.place, f"row [{(limit.bottom or 0) + 1}]")
    if write.rows and (area.right or 0) > (limit.right or 0):
        raise _beyond(write.place, f"column [{letters(limit.right or 0)}]")


def _beyond(place: Place, what: str) -> Exception:
    return refused(400, f"Requested writing within range [{place.name}], but tried writing to {what}")


def _check_size(call: Call, write: _Write, more_rows: int) -> None:
    tab, area = write.place.tab, write.area
    rows, columns = max(tab.rows + more_rows, area.bottom or 0), max(tab.columns, area.right or 0)
    check_size(call.spreadsheet, rows * columns - tab.rows * tab.columns)


def _totals(writes: Sequence[_Write]) -> dict[str, int]:
    """Rows, columns and cells counted once each, however many ranges share them."""
    cells = {
        (id(write.place.tab), row, col)
        for write in writes
        for row, line in enumerate(write.rows, write.top)
        for col, cell in enumerate(line, write.left)
        if not isinstance(cell, _Skip)
    }
    return {
        "totalUpdatedRows": len({(tab, row) for tab, row, _ in cells}),
        "totalUpdatedColumns": len({(tab, col) for tab, _, col in cells}),
        "totalUpdatedCells": len(cells),
        "totalUpdatedSheets": len({tab for tab, _, _ in cells}),
    }

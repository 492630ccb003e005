"""``values.get`` and ``values.batchGet``."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from coreops_sandbox.sheets.a1 import Area
from coreops_sandbox.sheets.call import DATES, MAJOR, RENDER, Call, Place
from coreops_sandbox.sheets.cells import Formula, shown, unformatted
from coreops_sandbox.sheets.fields import Mask, fields
from coreops_sandbox.sheets.formulas import Calculator
from coreops_sandbox.sheets.tab import Tab

VALUE_RANGE = fields("range", "majorDimension", "values")
VALUE_RANGES: Mask = {"spreadsheetId": {}, "valueRanges": VALUE_RANGE}
_OPTIONS = ("majorDimension", "valueRenderOption", "dateTimeRenderOption")


def get(call: Call) -> dict[str, Any]:
    """``GET …/values/{range}``."""
    call.allow(*_OPTIONS)
    return _Reader(call).value_range(call.place(call.range))


def batch_get(call: Call) -> dict[str, Any]:
    """``GET …/values:batchGet``."""
    call.allow("ranges", *_OPTIONS)
    places = [call.place(text) for text in call.query.getall("ranges", [])]
    reader = _Reader(call)
    body: dict[str, Any] = {"spreadsheetId": call.spreadsheet.id}
    if places:
        body["valueRanges"] = [reader.value_range(place) for place in places]
    return body


def written(call: Call, place: Place) -> dict[str, Any]:
    """What a write answers if it is asked for the values (``responseValueRenderOption``)."""
    return _Reader(call, "responseValueRenderOption", "responseDateTimeRenderOption").value_range(place)


class _Reader:
    def __init__(self, call: Call, render: str = "valueRenderOption", dates: str = "dateTimeRenderOption") -> None:
        self._calculator = Calculator(call.spreadsheet)
        self._render = call.choice(render, RENDER)
        self._dates_as_text = call.choice(dates, DATES) == "FORMATTED_STRING"
        self._major = call.choice("majorDimension", MAJOR)

    def value_range(self, place: Place) -> dict[str, Any]:
        body: dict[str, Any] = {"range": place.name, "majorDimension": self._major}
        area = place.tab.closed(place.area)
        rows = rows_of(self._calculator, place.tab, area, self._render, dates_as_text=self._dates_as_text)
        if self._major == "COLUMNS":
            rows = [_trimmed(list(column)) for column in zip_longest(*rows, fillvalue="")]
        if rows:
            body["values"] = rows
        return body


def rows_of(
    calculator: Calculator, tab: Tab, area: Area, render: str, *, dates_as_text: bool = False
) -> list[list[Any]]:
    """The cells of a closed area by rows, as ValueRenderOption and DateTimeRenderOption ask."""
    window = tab.window(area)
    if render == "FORMULA":
        return [
            [cell.text if isinstance(cell, Formula) else unformatted(cell, dates_as_text=dates_as_text) for cell in row]
            for row in window
        ]
    values = (calculator.row(tab, area.top + number, area.left, row) for number, row in enumerate(window))
    if render == "FORMATTED_VALUE":
        return [[value if type(value) is str else shown(value) for value in row] for row in values]
    return [[unformatted(value, dates_as_text=dates_as_text) for value in row] for row in values]


def _trimmed(column: list[Any]) -> list[Any]:
    while column and column[-1] == "":
        column.pop()
    return column

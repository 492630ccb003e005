"""``spreadsheets.batchUpdate``: requests done in turn on a copy, which replaces the sheets if all succeed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from coreops_sandbox.sheets import dimensions
from coreops_sandbox.sheets.call import Call, only
from coreops_sandbox.sheets.errors import GoogleError, invalid, refused
from coreops_sandbox.sheets.fields import Mask, fields, mask_of
from coreops_sandbox.sheets.requests import (
    KINDS,
    AddSheet,
    AppendCells,
    DeleteDimension,
    DeleteSheet,
    InsertDimension,
    SheetProperties,
    UpdateSheetProperties,
    UpdateSpreadsheetProperties,
)
from coreops_sandbox.sheets.resource import properties, resource
from coreops_sandbox.sheets.spreadsheets import Spreadsheet
from coreops_sandbox.sheets.tab import Tab

REPLIES = fields("spreadsheetId", "replies", "updatedSpreadsheet")
_LOOK = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")
"""Properties that change nothing but what is shown."""


def batch_update(call: Call) -> dict[str, Any]:
    """``POST …/spreadsheets/{id}:batchUpdate``."""
    call.allow()
    only(call.body, ("requests", "includeSpreadsheetInResponse", "responseRanges", "responseIncludeGridData"))
    requests = call.body.get("requests")
    if not isinstance(requests, list) or not requests:
        raise refused(400, "Must specify at least one request.")
    spreadsheet = call.spreadsheet
    before = spreadsheet.tabs, spreadsheet.title
    spreadsheet.tabs = [tab.copy() for tab in spreadsheet.tabs]
    try:
        replies = [_done(spreadsheet, number, request) for number, request in enumerate(requests)]
    except GoogleError:
        spreadsheet.tabs, spreadsheet.title = before
        raise
    spreadsheet.touch()
    body: dict[str, Any] = {"spreadsheetId": spreadsheet.id, "replies": replies}
    if call.flag("includeSpreadsheetInResponse"):
        body["updatedSpreadsheet"] = resource(spreadsheet)
    return body


def _done(spreadsheet: Spreadsheet, number: int, request: Any) -> dict[str, Any]:
    kinds = list(request) if isinstance(request, dict) else []
    if len(kinds) != 1:
        raise invalid(f"Invalid requests[{number}]: No request set.")
    kind = kinds[0]
    if kind not in KINDS:
        raise refused(501, f"requests[{number}]: the sandbox does not do {kind}; it does {', '.join(KINDS)}")
    try:
        content = msgspec.convert(request[kind], KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        where = f"requests[{number}].{kind}"
        raise invalid(f"Invalid JSON payload received. Invalid value at '{where}': {error}", where) from None
    with _named(f"Invalid requests[{number}].{kind}: "):
        return _DOERS[KINDS[kind]](spreadsheet, content) or {}


@contextmanager
def _named(prefix: str) -> Iterator[None]:
    try:
        yield
    except GoogleError as error:
        inside = error.body["error"]
        raise GoogleError(error.code, {"error": {**inside, "message": prefix + inside["message"]}}) from None


def _add_sheet(spreadsheet: Spreadsheet, request: AddSheet) -> dict[str, Any]:
    asked = request.properties
    title = asked.title or _free_title(spreadsheet)
    _check_title(spreadsheet, title, None)
    sheet_id = spreadsheet.new_id(title) if isinstance(asked.sheet_id, msgspec.UnsetType) else asked.sheet_id
    if spreadsheet.tab_by_id(sheet_id) is not None:
        raise refused(400, f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    tab = Tab(sheet_id, title)
    place = len(spreadsheet.tabs) if isinstance(asked.index, msgspec.UnsetType) else asked.index
    spreadsheet.tabs.insert(place, tab)
    _set(spreadsheet, tab, asked, {"*": {}})
    return {"addSheet": {"properties": properties(tab, spreadsheet.tabs.index(tab))}}


def _delete_sheet(spreadsheet: Spreadsheet, request: DeleteSheet) -> None:
    tab = dimensions.tab_of(spreadsheet, request.sheet_id)
    if len(spreadsheet.tabs) == 1:
        raise refused(400, "You can't remove all the sheets in a document.")
    spreadsheet.tabs = [one for one in spreadsheet.tabs if one is not tab]


def _update_sheet(spreadsheet: Spreadsheet, request: UpdateSheetProperties) -> None:
    asked, mask = request.properties, _mask(request.fields)
    tab = dimensions.tab_of(spreadsheet, asked.sheet_id or 0)
    if asked.title and ("title" in mask or "*" in mask):
        _check_title(spreadsheet, asked.title, tab)
        tab.title = asked.title
    if isinstance(asked.index, int) and ("index" in mask or "*" in mask):
        _move(spreadsheet, tab, asked.index)
    _set(spreadsheet, tab, asked, mask)


def _move(spreadsheet: Spreadsheet, tab: Tab, index: int) -> None:
    """Put a sheet where ``index`` is before it is taken from its place (Sheets API: SheetProperties, "index")."""
    before = [one for one in spreadsheet.tabs[:index] if one is not tab]
    after = [one for one in spreadsheet.tabs[index:] if one is not tab]
    spreadsheet.tabs = [*before, tab, *after]


def _update_spreadsheet(spreadsheet: Spreadsheet, request: UpdateSpreadsheetProperties) -> None:
    mask, asked = _mask(request.fields), request.properties
    if "title" in asked and ("title" in mask or "*" in mask):
        spreadsheet.title = str(asked["title"])


_DOERS: dict[type, Callable[[Spreadsheet, Any], dict[str, Any] | None]] = {
    AddSheet: _add_sheet,
    DeleteSheet: _delete_sheet,
    UpdateSheetProperties: _update_sheet,
    UpdateSpreadsheetProperties: _update_spreadsheet,
    InsertDimension: dimensions.insert,
    DeleteDimension: dimensions.delete,
    AppendCells: dimensions.append_cells,
}


def _set(spreadsheet: Spreadsheet, tab: Tab, asked: SheetProperties, mask: Mask) -> None:
    """Set the grid's size, and what is only kept to be shown again."""
    given: dict[str, Any] = msgspec.to_builtins(asked)
    chosen = given if "*" in mask else {name: value for name, value in given.items() if name in mask}
    grid = chosen.get("gridProperties", {})
    inner = mask.get("gridProperties")
    if inner and "*" not in inner:
        grid = {name: value for name, value in grid.items() if name in inner}
    tab.resize(grid.pop("rowCount", tab.rows), grid.pop("columnCount", tab.columns))
    tab.grid_look |= grid
    tab.look |= {name: chosen[name] for name in _LOOK if name in chosen}
    if all(one.look.get("hidden") for one in spreadsheet.tabs):
        raise refused(400, "You can't hide all the sheets in a document.")
    dimensions.check_size(spreadsheet)


def _mask(text: str) -> Mask:
    if not text:
        raise refused(400, "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return mask_of(text)


def _check_title(spreadsheet: Spreadsheet, title: str, own: Tab | None) -> None:
    if any(tab is not own and tab.title.casefold() == title.casefold() for tab in spreadsheet.tabs):
        raise refused(400, f'A sheet with the name "{title}" already exists. Please enter another name.')


def _free_title(spreadsheet: Spreadsheet) -> str:
    taken = {tab.title.casefold() for tab in spreadsheet.tabs}
    return next(title for number in range(1, len(taken) + 2) if (title := f"Sheet{number}").casefold() not in taken)

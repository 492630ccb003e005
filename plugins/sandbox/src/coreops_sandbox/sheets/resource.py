"""``spreadsheets.get``: the spreadsheet and its sheets, without their cells."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.sheets.call import Call
from coreops_sandbox.sheets.errors import refused
from coreops_sandbox.sheets.fields import Mask, fields
from coreops_sandbox.sheets.spreadsheets import Spreadsheet
from coreops_sandbox.sheets.tab import Tab

SHEET_PROPERTIES: Mask = {
    **fields("sheetId", "title", "index", "sheetType", "hidden", "rightToLeft", "tabColor", "tabColorStyle"),
    "gridProperties": fields(
        "rowCount",
        "columnCount",
        "frozenRowCount",
        "frozenColumnCount",
        "hideGridlines",
        "rowGroupControlAfter",
        "columnGroupControlAfter",
    ),
}
SPREADSHEET: Mask = {
    **fields("spreadsheetId", "spreadsheetUrl", "properties", "namedRanges", "developerMetadata", "dataSources"),
    "sheets": {
        "properties": SHEET_PROPERTIES,
        **fields("data", "merges", "protectedRanges", "basicFilter", "filterViews", "charts", "bandedRanges", "tables"),
    },
}


def get(call: Call) -> dict[str, Any]:
    """``GET …/spreadsheets/{id}``."""
    call.allow("ranges", "includeGridData", "excludeTablesInBandedRanges")
    if call.flag("includeGridData"):
        raise refused(501, "the sandbox sends no grid data: read the values, or leave includeGridData out")
    wanted = {id(call.place(text).tab) for text in call.query.getall("ranges", [])}
    return resource(call.spreadsheet, wanted)


def resource(spreadsheet: Spreadsheet, wanted: set[int] | None = None) -> dict[str, Any]:
    """The whole resource, or only the sheets whose identities are ``wanted``."""
    return {
        "spreadsheetId": spreadsheet.id,
        "properties": {
            "title": spreadsheet.title,
            "locale": "en_US",
            "autoRecalc": "ON_CHANGE",
            "timeZone": "Etc/GMT",
        },
        "sheets": [
            {"properties": properties(tab, index)}
            for index, tab in enumerate(spreadsheet.tabs)
            if not wanted or id(tab) in wanted
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{spreadsheet.id}/edit",
    }


def properties(tab: Tab, index: int) -> dict[str, Any]:
    """SheetProperties of a tab at its place among the others."""
    return {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": tab.rows, "columnCount": tab.columns, **tab.grid_look},
        **tab.look,
    }

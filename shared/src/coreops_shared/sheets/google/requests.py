"""Requests of ``spreadsheets.batchUpdate`` that append rows and make room (Sheets API: Request)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = ["SHEET_FIELDS", "appended", "grown"]

SHEET_FIELDS: Final = "sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
"""What has to be known of a sheet for them."""


def appended(sheet: Mapping[str, Any], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Return what appends rows of raw text below the last row of the sheet, from the first column on.

    ``values:append`` would look for a table, and moves right where a row or the header has an empty cell.

    Args:
        sheet: Its properties, as asked for with :data:`SHEET_FIELDS`.
        rows: The rows; blank texts leave cells empty.
    """
    content = [{"values": [_cell(text) for text in row]} for row in rows]
    append = {"sheetId": sheet["sheetId"], "rows": content, "fields": "userEnteredValue"}
    return [*grown(sheet, 0, max(map(len, rows), default=0)), {"appendCells": append}]


def grown(sheet: Mapping[str, Any], rows: int, columns: int) -> list[dict[str, Any]]:
    """Return what gives a sheet at least so many rows and columns; nothing if it has them."""
    grid = sheet["gridProperties"]
    size = {"rowCount": max(grid["rowCount"], rows), "columnCount": max(grid["columnCount"], columns)}
    if size == {"rowCount": grid["rowCount"], "columnCount": grid["columnCount"]}:
        return []
    properties = {"sheetId": sheet["sheetId"], "gridProperties": size}
    fields = "gridProperties(rowCount,columnCount)"
    return [{"updateSheetProperties": {"properties": properties, "fields": fields}}]


def _cell(text: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": text}} if text else {}

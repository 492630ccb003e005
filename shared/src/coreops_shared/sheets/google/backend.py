"""Google Sheets as a backend of the façade."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from coreops_hookspecs import JsonTable, TabInfo
from coreops_hookspecs.errors import SheetsError, SheetsNotFoundError, SheetsPermissionError, SheetsUnavailableError
from coreops_shared.redact import Secret
from coreops_shared.sheets.a1 import parse_area, parse_cell, tab_range
from coreops_shared.sheets.google.envelope import tables_of
from coreops_shared.sheets.google.errors import OutsideGridError, UnknownRangeError
from coreops_shared.sheets.google.requests import SHEET_FIELDS, appended, grown
from coreops_shared.sheets.pieces import text_of
from coreops_shared.suggest import did_you_mean

if TYPE_CHECKING:
    import requests

    from coreops_shared.sheets.google.client import Client

__all__ = ["GoogleSheets"]

_CONNECT: Final = 5.0
_READ: Final = 30.0
"""Seconds; gspread itself would wait for ever."""

_AS_SHOWN: Final = {
    "majorDimension": "ROWS",
    # the text people see: unformatted, a long Discord id would arrive as a rounded number
    "valueRenderOption": "FORMATTED_VALUE",
    "prettyPrint": "false",  # a third of the bytes otherwise is blanks
}
_AS_GIVEN: Final = {"valueInputOption": "RAW"}
"""USER_ENTERED would read ``0042`` as a number (Sheets API, ValueInputOption)."""


Block = tuple[str, Sequence[Sequence[str]]]


class GoogleSheets:
    """A :class:`coreops_hookspecs.SheetsBackend` over the Google Sheets API v4.

    Args:
        credentials: The service account's JSON, or the path of a file with it.
        writable: Whether to ask for the scope that allows writing.
        timeouts: Seconds to wait for a connection and for an answer.
        prepare: Called with each HTTP session before its first use; the seam through which another server is reached.
    """

    name = "google"

    def __init__(
        self,
        credentials: Secret,
        *,
        writable: bool = False,
        timeouts: tuple[float, float] = (_CONNECT, _READ),
        prepare: Callable[[requests.Session], None] | None = None,
    ) -> None:
        self._credentials = credentials
        self._writable = writable
        self._timeouts = timeouts
        self._prepare = prepare
        self._client: Client | None = None
        self._connecting = threading.Lock()

    def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[JsonTable]:
        """Read whole tabs in one ``values:batchGet``, as they come. Raises SheetsError."""
        return self._read(spreadsheet, tabs, "")

    def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Read the first row of each tab in one ``values:batchGet``. Raises SheetsError."""
        return [text_of(table).headers for table in self._read(spreadsheet, tabs, "1:1")]

    def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs with the size of their grids. Raises SheetsError."""
        with self._asking(spreadsheet) as client:
            answer = client.fetch_sheet_metadata(
                spreadsheet, {"fields": "sheets.properties(title,gridProperties(rowCount,columnCount))"}
            )
        with _readable(spreadsheet):
            return [_tab_info(sheet["properties"]) for sheet in answer.get("sheets", ())]

    def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when Drive says it changed, or ``None`` if the account may not ask Drive. Raises SheetsError."""
        try:
            with self._asking(spreadsheet) as client:
                answer = client.get_file_drive_metadata(spreadsheet)
        except SheetsPermissionError:
            return None
        with _readable(spreadsheet):
            return datetime.fromisoformat(answer["modifiedTime"])

    def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows as raw text below the last one; a read and a write. Raises SheetsError."""
        with self._writing(spreadsheet, tab) as client:
            requests = appended(_sheet(client, spreadsheet, tab), rows)
            client.batch_update(spreadsheet, {"requests": requests})

    def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows as raw text with the top left at ``cell``; the tab grows if it must. Raises SheetsError."""
        self.update_many(spreadsheet, tab, [(cell, rows)])

    def update_many(self, spreadsheet: str, tab: str, blocks: Sequence[Block]) -> None:
        """Write blocks of rows in one ``values:batchUpdate``; the tab grows if it must. Raises SheetsError."""
        if not blocks:
            return
        try:
            corners = [_corner(cell, rows) for cell, rows in blocks]
        except ValueError as error:
            raise SheetsError(f'tab "{tab}" of spreadsheet "{spreadsheet}": {error}') from error
        try:
            self._write(spreadsheet, tab, blocks)
        except OutsideGridError:
            bottom, right = (max(sides) for sides in zip(*corners, strict=True))
            self._make_room(spreadsheet, tab, bottom, right)
            self._write(spreadsheet, tab, blocks)

    def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty the cells of an area, of the whole tab without one. Raises SheetsError."""
        try:
            parse_area(area)
        except ValueError as error:
            raise SheetsError(f'tab "{tab}" of spreadsheet "{spreadsheet}": {error}') from error
        with self._writing(spreadsheet, tab) as client:
            client.values_clear(spreadsheet, tab_range(tab, area))

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._connecting:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _read(self, spreadsheet: str, tabs: Sequence[str], area: str) -> Sequence[JsonTable]:
        parameters = {**_AS_SHOWN, "ranges": [tab_range(tab, area) for tab in tabs]}
        try:
            with self._asking(spreadsheet) as client:
                body = client.values_batch_get_bytes(spreadsheet, parameters)
        except UnknownRangeError as error:
            raise self._missing_tab(spreadsheet, tabs) from error
        with _readable(spreadsheet):
            return tables_of(body, spreadsheet, tabs)

    def _write(self, spreadsheet: str, tab: str, blocks: Sequence[Block]) -> None:
        data = [{"range": tab_range(tab, cell), "values": [list(row) for row in rows]} for cell, rows in blocks]
        with self._writing(spreadsheet, tab) as client:
            client.values_batch_update(spreadsheet, {**_AS_GIVEN, "data": data})

    def _make_room(self, spreadsheet: str, tab: str, rows: int, columns: int) -> None:
        with self._writing(spreadsheet, tab) as client:
            requests = grown(_sheet(client, spreadsheet, tab), rows, columns)
            client.batch_update(spreadsheet, {"requests": requests})

    @contextmanager
    def _asking(self, spreadsheet: str) -> Iterator[Client]:
        # gspread and google-auth cost start-up a tenth of a second that a workbook need not pay
        from coreops_shared.sheets.google.client import connect, translated

        with self._connecting:
            if self._client is None:
                self._client = connect(self._credentials, self._writable, self._timeouts, self._prepare)
            client = self._client
        with translated(spreadsheet, client.account):
            yield client

    @contextmanager
    def _writing(self, spreadsheet: str, tab: str) -> Iterator[Client]:
        if not self._writable:
            raise SheetsPermissionError(
                f'tab "{tab}" of spreadsheet "{spreadsheet}": Google Sheets was opened for reading only',
                user_message="The bot may not write to spreadsheets.",
            )
        try:
            with self._asking(spreadsheet) as client:
                yield client
        except UnknownRangeError as error:
            raise self._missing_tab(spreadsheet, [tab]) from error

    def _missing_tab(self, spreadsheet: str, tabs: Sequence[str]) -> SheetsNotFoundError:
        existing = [info.title for info in self.tabs(spreadsheet)]
        missing = [tab for tab in tabs if tab not in existing]
        named = ", ".join(f'"{tab}"{did_you_mean(tab, existing)}' for tab in missing)
        return SheetsNotFoundError(
            f'no tab {named} in spreadsheet "{spreadsheet}"; there are: {", ".join(existing)}',
            user_message=f"The spreadsheet has no tab {named}.",
        )


def _sheet(client: Client, spreadsheet: str, tab: str) -> Mapping[str, Any]:
    answer = client.fetch_sheet_metadata(spreadsheet, {"fields": SHEET_FIELDS})
    with _readable(spreadsheet):
        found = [sheet["properties"] for sheet in answer.get("sheets", ()) if sheet["properties"]["title"] == tab]
    if not found:
        raise UnknownRangeError(f'spreadsheet "{spreadsheet}": no tab "{tab}"')
    properties: Mapping[str, Any] = found[0]
    if "gridProperties" not in properties:
        raise SheetsError(f'tab "{tab}" of spreadsheet "{spreadsheet}" is a chart and has no cells')
    return properties


def _corner(cell: str, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the last row and column of a block. Raises ValueError."""
    top, left = parse_cell(cell)
    return top - 1 + len(rows), left - 1 + max(map(len, rows), default=0)


def _tab_info(properties: Mapping[str, Any]) -> TabInfo:
    grid = properties.get("gridProperties", {})  # a chart sheet has none
    return TabInfo(properties["title"], grid.get("rowCount", 0), grid.get("columnCount", 0))


@contextmanager
def _readable(spreadsheet: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SheetsUnavailableError(
            f'spreadsheet "{spreadsheet}": Google sent an answer that cannot be read ({type(error).__name__}: {error})',
            user_message="Google Sheets answered with nonsense; try again later.",
        ) from error

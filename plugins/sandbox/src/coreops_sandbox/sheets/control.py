"""Sheets in the control API: what a person does with a spreadsheet open in the browser."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from coreops_sandbox.control.body import PREFIX, read
from coreops_sandbox.control.models import Body
from coreops_sandbox.sheets.a1 import Area
from coreops_sandbox.sheets.cells import Cell
from coreops_sandbox.sheets.entry import typed
from coreops_sandbox.sheets.formulas import Calculator
from coreops_sandbox.sheets.reading import rows_of
from coreops_sandbox.sheets.spreadsheets import Spreadsheet, Spreadsheets
from coreops_sandbox.sheets.tab import Tab
from coreops_sandbox.world.lookup import SandboxError, unknown

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PutTab(Body, frozen=True, kw_only=True):
    """``PUT /sandbox/sheets/{id}/{tab}``: all rows of a tab.

    ``input`` as the Sheets API takes it: typed by a person, or kept as it is.
    """

    rows: list[list[str | bool | float | None]]
    input: Literal["USER_ENTERED", "RAW"] = "USER_ENTERED"


class RenameTab(Body, frozen=True, kw_only=True):
    """``PATCH /sandbox/sheets/{id}/{tab}``."""

    title: Title


def add_sheets(app: web.Application, spreadsheets: Spreadsheets) -> None:
    """Add the routes below ``/sandbox/sheets``."""
    desk = _Desk(spreadsheets)
    tab = f"{PREFIX}/sheets/{{id}}/{{tab}}"
    app.add_routes(
        [
            web.get(f"{PREFIX}/sheets", desk.overview),
            web.get(tab, desk.show),
            web.put(tab, desk.put),
            web.patch(tab, desk.rename),
            web.delete(tab, desk.remove),
        ]
    )


class _Desk:
    def __init__(self, spreadsheets: Spreadsheets) -> None:
        self._spreadsheets = spreadsheets

    async def overview(self, request: web.Request) -> web.Response:  # noqa: ARG002  (aiohttp's signature)
        """All spreadsheets and the titles of their tabs."""
        listed = [
            {"id": one.id, "title": one.title, "tabs": [tab.title for tab in one.tabs]} for one in self._spreadsheets
        ]
        return web.json_response({"spreadsheets": listed})

    async def show(self, request: web.Request) -> web.Response:
        """The rows of a tab as people see them; ``?render=FORMULA`` what stands in the cells."""
        spreadsheet, tab = self._found(request)
        render = "FORMULA" if request.query.get("render") == "FORMULA" else "FORMATTED_VALUE"
        return web.json_response(_shown(spreadsheet, tab, render))

    async def put(self, request: web.Request) -> web.Response:
        """Replace all rows of a tab, which is made if need be, as is its spreadsheet."""
        body = await read(request, PutTab)
        spreadsheet = self._spreadsheets.create(request.match_info["id"])
        title = request.match_info["tab"]
        tab = spreadsheet.tab(title) or spreadsheet.add_tab(title)
        tab.fill([[_entered(cell, body.input, spreadsheet) for cell in row] for row in body.rows])
        spreadsheet.touch()
        return web.json_response(_shown(spreadsheet, tab, "FORMATTED_VALUE"))

    async def rename(self, request: web.Request) -> web.Response:
        """Give a tab another title."""
        spreadsheet, tab = self._found(request)
        title = (await read(request, RenameTab)).title
        if spreadsheet.tab(title) not in (None, tab):
            raise SandboxError(f"{spreadsheet.id} has a tab {title!r} already: choose another title")
        tab.title = title
        spreadsheet.touch()
        return web.json_response(_shown(spreadsheet, tab, "FORMATTED_VALUE"))

    async def remove(self, request: web.Request) -> web.Response:
        """Delete a tab."""
        spreadsheet, tab = self._found(request)
        spreadsheet.tabs.remove(tab)
        spreadsheet.touch()
        return web.json_response({"tabs": [one.title for one in spreadsheet.tabs]})

    def _found(self, request: web.Request) -> tuple[Spreadsheet, Tab]:
        spreadsheet = self._spreadsheets.named(request.match_info["id"])
        title = request.match_info["tab"]
        tab = spreadsheet.tab(title)
        if tab is None:
            raise unknown(f"tab in {spreadsheet.id}", title, (one.title for one in spreadsheet.tabs))
        return spreadsheet, tab


def _shown(spreadsheet: Spreadsheet, tab: Tab, render: str) -> dict[str, Any]:
    area = tab.closed(Area())
    return {"tab": tab.title, "rows": rows_of(Calculator(spreadsheet), tab, area, render)}


def _entered(cell: str | bool | float | None, how: str, spreadsheet: Spreadsheet) -> Cell:
    if isinstance(cell, str):
        return typed(cell, spreadsheet.today) if how == "USER_ENTERED" else cell or None
    return cell

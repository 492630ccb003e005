"""The local Google below ``/google``: token endpoint, Sheets API v4 and what it needs of Drive v3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import msgspec
from aiohttp import web
from multidict import MultiMapping

from coreops_sandbox.faults import Faults
from coreops_sandbox.faults.interference import Handler
from coreops_sandbox.sheets import drive, reading, resource, structure, writing
from coreops_sandbox.sheets.accounts import LOOKING_UP, READING, WRITING, Accounts, Token
from coreops_sandbox.sheets.call import Call
from coreops_sandbox.sheets.control import add_sheets
from coreops_sandbox.sheets.errors import GoogleError, invalid, no_spreadsheet
from coreops_sandbox.sheets.faults import GOOGLE_ROOT, TOKEN, middlewares
from coreops_sandbox.sheets.fields import Mask, selected
from coreops_sandbox.sheets.quota import Quota, QuotaLimits
from coreops_sandbox.sheets.spreadsheets import Spreadsheets

_Method = tuple[Callable[[Call], dict[str, Any]], Mask]

_SPREADSHEETS = "/v4/spreadsheets/"
_METHODS: dict[tuple[str, str, str], _Method] = {
    # HTTP method, what stands in the path, custom verb
    ("GET", "spreadsheet", ""): (resource.get, resource.SPREADSHEET),
    ("POST", "spreadsheet", "batchUpdate"): (structure.batch_update, structure.REPLIES),
    ("GET", "values", "batchGet"): (reading.batch_get, reading.VALUE_RANGES),
    ("POST", "values", "batchUpdate"): (writing.batch_update, writing.BATCH_UPDATED),
    ("POST", "values", "batchClear"): (writing.batch_clear, writing.BATCH_CLEARED),
    ("GET", "range", ""): (reading.get, reading.VALUE_RANGE),
    ("PUT", "range", ""): (writing.update, writing.UPDATED),
    ("POST", "range", "append"): (writing.append, writing.APPENDED),
    ("POST", "range", "clear"): (writing.clear, writing.CLEARED),
}
_NOT_FOUND = (
    "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That's an error.</html>"
)


class Google:
    """Accounts, spreadsheets and quota of one local Google.

    Args:
        clock: POSIX seconds.
        limits: Quotas; Google's own if not given.
    """

    def __init__(self, clock: Callable[[], float], limits: QuotaLimits | None = None) -> None:
        self.accounts = Accounts(clock)
        self.spreadsheets = Spreadsheets(clock)
        self.quota = Quota(limits or QuotaLimits(), clock)

    def credentials(self, account: str, url: str) -> str:
        """The key file of a service account as JSON; ``url`` is where this Google is."""
        return json.dumps(self.accounts.credentials(account, url + TOKEN))

    def app(self, faults: Faults) -> web.Application:
        """The application to mount at ``/google``."""
        app = web.Application(middlewares=[_errors_as_google_sends_them, *middlewares(faults)])
        app.router.add_post(TOKEN, self._token)
        app.router.add_get("/drive/v3/files", self._files)
        app.router.add_get("/drive/v3/files/{id}", self._file)
        app.router.add_route("*", _SPREADSHEETS + "{path:.+}", self._sheets)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        own_url = str(request.url)
        return _json(self.accounts.grant(str(form.get("grant_type", "")), str(form.get("assertion", "")), own_url))

    async def _file(self, request: web.Request) -> web.Response:
        self._caller(request).require(LOOKING_UP)
        body = drive.get(self.spreadsheets, request.match_info["id"])
        return _json(selected(body, request.query.get("fields", drive.SHORT), drive.FILE), request.query)

    async def _files(self, request: web.Request) -> web.Response:
        self._caller(request).require(LOOKING_UP)
        body = drive.find(self.spreadsheets, request.query)
        wanted = request.query.get("fields", f"kind,incompleteSearch,nextPageToken,files({drive.SHORT})")
        return _json(selected(body, wanted, drive.LIST), request.query)

    async def _sheets(self, request: web.Request) -> web.Response:
        spreadsheet_id, what, text, verb = _parts(request)
        method = _METHODS.get((request.method, what, verb))
        if method is None:
            return web.Response(text=_NOT_FOUND, content_type="text/html", status=404)
        run, known = method
        is_read = request.method == "GET"
        token = self._caller(request)
        token.require(READING if is_read else WRITING)
        self.quota.spend(token.account, "read" if is_read else "write")
        spreadsheet = self.spreadsheets.get(spreadsheet_id)
        if spreadsheet is None:
            raise no_spreadsheet()
        call = Call(spreadsheet, request.query, _decoded(await request.read()), text)
        return _json(selected(run(call), request.query.get("fields"), known), request.query)

    def _caller(self, request: web.Request) -> Token:
        return self.accounts.identify(request.headers.get("Authorization"))


@web.middleware
async def _errors_as_google_sends_them(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except GoogleError as error:
        return _json(error.body, request.query, error.code, error.headers)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return web.Response(text=_NOT_FOUND, content_type="text/html", status=404)


def _parts(request: web.Request) -> tuple[str, str, str, str]:
    """Spreadsheet, what is asked for, range and verb, from the path as it was sent.

    A colon that is not escaped separates the verb; slashes and colons of a sheet's title come escaped.
    """
    path = request.raw_path.partition("?")[0].partition(_SPREADSHEETS)[2]
    spreadsheet, slash, rest = path.partition("/")
    if not slash:
        spreadsheet, _, verb = spreadsheet.partition(":")
        return unquote(spreadsheet), "spreadsheet", "", verb
    collection, slash, text = rest.partition("/")
    if not slash:
        collection, _, verb = collection.partition(":")
        return unquote(spreadsheet), collection, "", verb
    text, _, verb = text.rpartition(":") if request.method == "POST" else (text, "", "")
    return unquote(spreadsheet), "range" if collection == "values" else "", unquote(text), verb


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(raw or b"{}")
    except msgspec.DecodeError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return body


def _json(
    body: Any, query: MultiMapping[str] | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Indented by two, as Google sends it unless ``prettyPrint=false`` asks for less."""
    raw = msgspec.json.encode(body)
    if query is None or query.get("prettyPrint", "true") != "false":
        raw = msgspec.json.format(raw, indent=2) + b"\n"
    return web.Response(body=raw, status=status, headers=headers, content_type="application/json", charset="UTF-8")


def add_google(app: web.Application, google: Google, faults: Faults) -> None:
    """Mount a local Google at ``/google``, and its part of the control API."""
    app.add_subapp(GOOGLE_ROOT, google.app(faults))
    add_sheets(app, google.spreadsheets)

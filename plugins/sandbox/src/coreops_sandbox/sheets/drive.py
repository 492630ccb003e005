"""The two methods of the Drive API v3 that tell about files: ``files.get`` and ``files.list``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from coreops_sandbox.sheets.errors import GoogleError, no_file
from coreops_sandbox.sheets.fields import Mask, fields
from coreops_sandbox.sheets.spreadsheets import Spreadsheet, Spreadsheets

MIME_TYPE = "application/vnd.google-apps.spreadsheet"
FILE = fields(
    "kind", "id", "name", "mimeType", "createdTime", "modifiedTime", "version", "parents", "owners", "webViewLink"
)
LIST: Mask = {**fields("kind", "nextPageToken", "incompleteSearch"), "files": FILE}
SHORT = "kind,id,name,mimeType"
"""What the Drive API shows of a file unless ``fields`` asks for more."""

_TERM = re.compile(
    r"\s*(?P<name>\w+)\s*(?P<sign>!?=|contains)\s*(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"
)


def get(spreadsheets: Spreadsheets, file_id: str) -> dict[str, Any]:
    """``GET /drive/v3/files/{id}``; raises GoogleError for a file that is not there."""
    spreadsheet = spreadsheets.get(file_id)
    if spreadsheet is None:
        raise no_file(file_id)
    return _file(spreadsheet)


def find(spreadsheets: Spreadsheets, query: Mapping[str, str]) -> dict[str, Any]:
    """``GET /drive/v3/files``: searched by name and type, the latest change first.

    Raises:
        GoogleError: The search is not understood.
    """
    terms = _terms(query.get("q", ""))
    files = [file for spreadsheet in spreadsheets if _fits(file := _file(spreadsheet), terms)]
    files.sort(key=lambda file: str(file["modifiedTime"]), reverse=True)
    start, size = int(query.get("pageToken", "0")), int(query.get("pageSize", "100"))
    body: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False, "files": files[start : start + size]}
    if start + size < len(files):
        body["nextPageToken"] = str(start + size)
    return body


def _file(spreadsheet: Spreadsheet) -> dict[str, Any]:
    return {
        "kind": "drive#file",
        "id": spreadsheet.id,
        "name": spreadsheet.title,
        "mimeType": MIME_TYPE,
        "createdTime": _when(spreadsheet.created),
        "modifiedTime": _when(spreadsheet.modified),
    }


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _terms(text: str) -> list[re.Match[str]]:
    terms, position = [], 0
    while position < len(text.rstrip()):
        found = _TERM.match(text, position)
        if found is None:
            raise _bad_query()
        terms.append(found)
        position = found.end()
        joint = re.compile(r"\s+and\s+|\s*$").match(text, position)
        if joint is None:
            raise _bad_query()
        position = joint.end()
    return terms


def _fits(file: Mapping[str, Any], terms: list[re.Match[str]]) -> bool:
    for term in terms:
        value, text = str(file.get(term["name"], "")), re.sub(r"\\(.)", r"\1", term["text"])
        fits = text.casefold() in value.casefold() if term["sign"] == "contains" else value == text
        if fits == (term["sign"] == "!="):
            return False
    return True


def _bad_query() -> GoogleError:
    reason = {"message": "Invalid Value", "domain": "global", "reason": "invalid", "location": "q"}
    return GoogleError(400, {"error": {"code": 400, "message": "Invalid Value", "errors": [reason]}})

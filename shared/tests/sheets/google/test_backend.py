"""Real gspread and google-auth against a scripted server: what is asked, what is understood, what failures become."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import SheetsBackend, TabInfo, Table
from coreops_hookspecs.errors import (
    SheetsAuthError,
    SheetsError,
    SheetsNotFoundError,
    SheetsPermissionError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_shared.redact import Secret
from coreops_shared.sheets.google import GoogleSheets
from coreops_shared.sheets.pieces import text_of

Connect = Callable[..., GoogleSheets]
Reply = Callable[..., Any]

VALUES = {
    "spreadsheetId": "s",
    "valueRanges": [
        {
            "range": "clans!A1:B3",
            "majorDimension": "ROWS",
            "values": [["clan_tag", "id"], ["EMB", "0082501234567890123"], []],
        },
        {"range": "'it''s'!A1:Z9", "majorDimension": "ROWS"},
    ],
}
TABS = {"sheets": [{"properties": {"title": "clans", "gridProperties": {"rowCount": 9, "columnCount": 2}}}]}


def refused(reply: Reply, status: int, message: str = "no", **headers: str) -> Any:
    body = {"error": {"code": status, "message": message, "status": "X"}}
    return reply(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def test_tabs_are_read_as_text_in_one_batch(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply(VALUES))
    sheets = connect()
    assert isinstance(sheets, SheetsBackend)
    assert list(map(text_of, sheets.read_many("s", ["clans", "it's"]))) == [
        Table("s", "clans", (("clan_tag", "id"), ("EMB", "0082501234567890123"), ())),
        Table("s", "it's", ()),
    ]
    (asked,) = google.asked
    assert (asked.method, asked.host) == ("GET", "sheets.googleapis.com")
    assert asked.path == "/v4/spreadsheets/s/values:batchGet"
    assert asked.query["ranges"] == ["'clans'", "'it''s'"]
    assert asked.query["valueRenderOption"] == ["FORMATTED_VALUE"]
    assert asked.headers["authorization"] == "Bearer ya29.stub"


def test_one_token_serves_many_calls_and_no_other_host_is_asked(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply(TABS))
    sheets = connect()
    for _ in range(3):
        sheets.tabs("s")
    assert google.hosts == {"oauth2.googleapis.com", "sheets.googleapis.com"}
    assert len(google.asked) == 3


def test_tabs_are_listed_with_the_size_of_their_grid(google: Any, connect: Connect, reply: Reply) -> None:
    chart = {"properties": {"title": "Chart1"}}
    google.answer(reply({"sheets": [*TABS["sheets"], chart]}), reply({}))
    assert connect().tabs("s") == [TabInfo("clans", 9, 2), TabInfo("Chart1", 0, 0)]
    assert connect().tabs("s") == []


def test_drive_tells_when_a_spreadsheet_changed(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply({"modifiedTime": "2026-01-02T03:04:05.678Z"}), refused(reply, 403))
    sheets = connect()
    assert sheets.modified_at("s") == datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert sheets.modified_at("s") is None


SHEET = {"sheetId": 7, "title": "clans", "gridProperties": {"rowCount": 9, "columnCount": 2}}


def grid(rows: int, columns: int) -> dict[str, Any]:
    size = {"rowCount": rows, "columnCount": columns}
    properties = {"sheetId": 7, "gridProperties": size}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties(rowCount,columnCount)"}}


def test_rows_are_appended_as_text_below_everything_in_a_tab_that_is_wide_enough(
    google: Any, connect: Connect, reply: Reply
) -> None:
    google.answer(reply({"sheets": [{"properties": SHEET}]}), reply({}))
    connect(writable=True).append("s", "clans", [["0042", "", "x"], ["y"]])
    looked, asked = google.asked
    assert looked.query["fields"] == ["sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"]
    assert (asked.method, asked.path) == ("POST", "/v4/spreadsheets/s:batchUpdate")
    texts = [{"userEnteredValue": {"stringValue": text}} if text else {} for text in ("0042", "", "x", "y")]
    rows = [{"values": texts[:3]}, {"values": texts[3:]}]
    append = {"appendCells": {"sheetId": 7, "rows": rows, "fields": "userEnteredValue"}}
    assert asked.body == {"requests": [grid(9, 3), append]}


def test_a_chart_takes_no_rows(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply({"sheets": [{"properties": {"sheetId": 1, "title": "Chart1"}}]}))
    with pytest.raises(SheetsError, match="is a chart and has no cells"):
        connect(writable=True).append("s", "Chart1", [["x"]])


def test_a_tab_that_is_too_small_for_an_update_grows_first(google: Any, connect: Connect, reply: Reply) -> None:
    refusal = refused(reply, 400, "Range (clans!C9:D10) exceeds grid limits. Max rows: 9, max columns: 2")
    google.answer(refusal, reply({"sheets": [{"properties": SHEET}]}), reply({}))
    connect(writable=True).update("s", "clans", "C9", [["a", "b"], ["c"]])
    assert [asked.method for asked in google.asked] == ["POST", "GET", "POST", "POST"]
    assert google.asked[2].body == {"requests": [grid(10, 4)]}
    assert google.asked[3].body == google.asked[0].body


@pytest.mark.parametrize("cell", ["", "B", "A1:B2"])
def test_an_update_wants_the_address_of_a_cell(google: Any, connect: Connect, cell: str) -> None:
    with pytest.raises(SheetsError, match=r'tab "clans" of spreadsheet "s": .* is not a cell address'):
        connect(writable=True).update("s", "clans", cell, [["x"]])
    assert google.asked == []


def test_cells_are_updated_raw_at_their_address(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply({}))
    connect(writable=True).update("s", "clans", "B2", [["0042"]])
    (asked,) = google.asked
    assert (asked.method, asked.path) == ("POST", "/v4/spreadsheets/s/values:batchUpdate")
    assert asked.body == {"valueInputOption": "RAW", "data": [{"range": "'clans'!B2", "values": [["0042"]]}]}


def test_blocks_are_written_in_one_call_and_none_in_no_call(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply({}))
    sheets = connect(writable=True)
    sheets.update_many("s", "clans", [("B2", [["1"]]), ("C9", [["2"]])])
    sheets.update_many("s", "clans", [])
    (asked,) = google.asked
    assert [block["range"] for block in asked.body["data"]] == ["'clans'!B2", "'clans'!C9"]


def test_headers_are_read_without_the_rows_below(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply(VALUES))
    assert connect().headers("s", ["clans", "it's"]) == [("clan_tag", "id"), ()]
    assert google.asked[0].query["ranges"] == ["'clans'!1:1", "'it''s'!1:1"]


def test_an_area_is_cleared(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply({}))
    sheets = connect(writable=True)
    sheets.clear("s", "clans", "A2:C")
    assert google.asked[0].path == "/v4/spreadsheets/s/values/%27clans%27%21A2%3AC:clear"
    with pytest.raises(SheetsError, match="is not an area"):
        sheets.clear("s", "clans", "x")


def test_a_read_only_backend_refuses_to_write_without_asking(google: Any, connect: Connect) -> None:
    sheets = connect()
    with pytest.raises(SheetsPermissionError, match="opened for reading only"):
        sheets.append("s", "clans", [["x"]])
    with pytest.raises(SheetsPermissionError, match="opened for reading only"):
        sheets.update("s", "clans", "A1", [["x"]])
    assert google.asked == []


@pytest.mark.parametrize("operation", ["read", "append", "update"])
def test_a_missing_tab_lists_those_that_exist(google: Any, connect: Connect, reply: Reply, operation: str) -> None:
    google.answer(refused(reply, 400, "Unable to parse range: 'clan'"), reply(TABS))
    if operation == "append":  # which looks first
        google.answer(reply(TABS))
    sheets = connect(writable=True)
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: sheets.read_many("s", ["clans", "clan"]),
        "append": lambda: sheets.append("s", "clan", [["x"]]),
        "update": lambda: sheets.update("s", "clan", "A1", [["x"]]),
    }
    with pytest.raises(SheetsNotFoundError) as caught:
        calls[operation]()
    assert str(caught.value) == 'no tab "clan"; did you mean "clans" in spreadsheet "s"; there are: clans'
    assert caught.value.user_message == 'The spreadsheet has no tab "clan"; did you mean "clans".'


@pytest.mark.parametrize(
    ("status", "message", "kind", "said"),
    [
        (400, "Invalid value", SheetsError, "Google answers 400 (Invalid value)"),
        (401, "expired", SheetsAuthError, "check GSPREAD_CREDENTIALS"),
        (403, "The caller does not have permission", SheetsPermissionError, "share it with bot@example"),
        (403, "Rate Limit Exceeded", SheetsQuotaError, "Google answers 403"),
        (404, "Requested entity was not found.", SheetsNotFoundError, "check its id"),
        (429, "Quota exceeded for quota metric", SheetsQuotaError, "Google answers 429"),
        (500, "Internal", SheetsUnavailableError, "Google answers 500"),
        (503, "Backend", SheetsUnavailableError, "Google answers 503"),
    ],
)
def test_each_refusal_becomes_the_error_that_fits(
    google: Any, connect: Connect, reply: Reply, status: int, message: str, kind: type[SheetsError], said: str
) -> None:
    google.answer(refused(reply, status, message))
    with pytest.raises(SheetsError) as caught:
        connect().read_many("s", ["clans"])
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert 'spreadsheet "s"' in str(caught.value)
    assert caught.value.user_message.endswith(".")
    assert "bot@example" not in caught.value.user_message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Thu, 01 Jan 2099 00:00:00 GMT"}, pytest.approx(2.3e9, rel=0.1)),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_google_asks_for_is_handed_on(
    google: Any, connect: Connect, reply: Reply, status: int, headers: dict[str, str], seconds: object
) -> None:
    google.answer(refused(reply, status, **headers))
    with pytest.raises(SheetsError) as caught:
        connect().tabs("s")
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("body", [b"<html>502</html>", b'{"error": "text"}', b'{"error": null}', b"[]", b""])
@pytest.mark.parametrize("status", [404, 502])
def test_a_refusal_whose_body_is_not_googles_is_understood_by_its_status(
    google: Any, connect: Connect, reply: Reply, status: int, body: bytes
) -> None:
    google.answer(reply(body, status))
    with pytest.raises(SheetsNotFoundError if status == 404 else SheetsUnavailableError):
        connect().read_many("s", ["clans"])


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"[]",
        b"{}",
        b'{"valueRanges": []}',
        b'{"valueRanges": [[]]}',
        b'{"valueRanges": [{"values": 5}]}',
    ],
)
def test_an_answer_that_makes_no_sense_is_an_outage(google: Any, connect: Connect, reply: Reply, body: bytes) -> None:
    google.answer(reply(body))
    with pytest.raises(SheetsUnavailableError):
        connect().read_many("s", ["clans"])


def test_a_connection_that_breaks_is_an_outage(google: Any, connect: Connect, reply: Reply) -> None:
    sheets = connect()
    google.answer(reply(hang_up=True))
    with pytest.raises(SheetsUnavailableError, match="cannot be reached"):
        sheets.tabs("s")
    google.answer(reply(TABS, cut_at=10))
    with pytest.raises(SheetsUnavailableError, match="cannot be reached"):
        sheets.tabs("s")
    google.answer(reply(TABS))
    assert len(sheets.tabs("s")) == 1


def test_a_server_that_does_not_answer_is_an_outage_after_the_timeout(
    google: Any, connect: Connect, reply: Reply
) -> None:
    done = threading.Event()
    google.answer(reply(TABS, wait_for=done))
    with pytest.raises(SheetsUnavailableError, match="Timeout"):
        connect(timeouts=(0.2, 0.2)).tabs("s")
    done.set()


def test_a_token_that_expired_early_is_renewed_by_itself(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(refused(reply, 401), reply(TABS))
    assert len(connect().tabs("s")) == 1


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [(400, "invalid_grant", SheetsAuthError), (503, "internal_failure", SheetsUnavailableError)],
)
def test_a_refused_token_is_an_error_of_the_account_unless_google_is_down(
    google: Any,
    connect: Connect,
    reply: Reply,
    status: int,
    error: str,
    kind: type[SheetsError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    google.token_replies = [reply({"error": error, "error_description": "Invalid JWT Signature."}, status)] * 9
    with pytest.raises(kind, match=r"spreadsheet \"s\""):
        connect().tabs("s")


def test_no_connection_for_the_token_is_an_outage(google: Any, connect: Connect, reply: Reply) -> None:
    google.token_replies = [reply(hang_up=True)] * 9
    with pytest.raises(SheetsUnavailableError, match="cannot be reached"):
        connect().tabs("s")


def test_credentials_may_be_a_path(google: Any, connect: Connect, reply: Reply, account: Any, tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account))
    google.answer(reply(TABS))
    assert len(connect(credentials=Secret(str(path))).tabs("s")) == 1


@pytest.mark.parametrize("text", ["/no/such/planted.json", "{planted", '{"private_key": "planted"}'])
def test_unusable_credentials_are_an_account_error_that_shows_nothing(connect: Connect, text: str) -> None:
    with pytest.raises(SheetsAuthError) as caught:
        connect(credentials=Secret(text)).tabs("s")
    assert "planted" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_closed_backend_opens_again(google: Any, connect: Connect, reply: Reply) -> None:
    google.answer(reply(TABS))
    sheets = connect()
    sheets.close()
    sheets.tabs("s")
    sheets.close()
    assert len(sheets.tabs("s")) == 1


def test_importing_the_backend_does_not_import_gspread() -> None:
    code = (
        "import sys, coreops_shared.sheets.google, coreops_shared.sheets.async_facade, coreops_shared.sheets.workbook\n"
        "print(sorted({'gspread', 'requests', 'google.auth'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"

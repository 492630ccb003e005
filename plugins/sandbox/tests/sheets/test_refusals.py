"""What Google refuses, and in which words."""

from __future__ import annotations

from typing import Any

import gspread
import pytest

RAW = {"valueInputOption": "RAW"}
READ_ONLY = ("https://www.googleapis.com/auth/spreadsheets.readonly",)


@pytest.mark.parametrize(
    ("path", "code", "status", "said"),
    [
        ("nothing/values/A1", 404, "NOT_FOUND", "Requested entity was not found."),
        ("nothing", 404, "NOT_FOUND", "Requested entity was not found."),
        ("recruitment/values/nope", 400, "INVALID_ARGUMENT", "Unable to parse range: nope"),
        ("recruitment/values/nope!A5:F15", 400, "INVALID_ARGUMENT", "Unable to parse range: nope!A5:F15"),
        ("recruitment/values/Clans", 400, "INVALID_ARGUMENT", "Unable to parse range: Clans"),
        ("recruitment/values/clans!A0", 400, "INVALID_ARGUMENT", "Unable to parse range: clans!A0"),
        ("recruitment/values/clans!A1:", 400, "INVALID_ARGUMENT", "Unable to parse range: clans!A1:"),
        ("recruitment/values/'clans", 400, "INVALID_ARGUMENT", "Unable to parse range: 'clans"),
        (
            "recruitment/values/clans!1001:1200",
            400,
            "INVALID_ARGUMENT",
            "Range (clans!1001:1200) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ("recruitment/values:batchGet?ranges=clans&ranges=no", 400, "INVALID_ARGUMENT", "Unable to parse range: no"),
        (
            "recruitment/values/clans?valueRenderOption=NICE",
            400,
            "INVALID_ARGUMENT",
            (
                "Invalid value at 'value_render_option' "
                '(type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), "NICE"'
            ),
        ),
        (
            "recruitment/values/clans?render=x",
            400,
            "INVALID_ARGUMENT",
            (
                'Invalid JSON payload received. Unknown name "render": Cannot bind query parameter. '
                "Field 'render' could not be found in request message."
            ),
        ),
        ("recruitment?fields=sheets(", 400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
        ("recruitment?includeGridData=true", 501, "UNIMPLEMENTED", "the sandbox sends no grid data"),
    ],
)
def test_a_bad_read_is_refused(local: Any, path: str, code: int, status: str, said: str) -> None:
    response = local.ask("GET", path)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["status"]) == (code, code, status)
    assert error["message"].startswith(said)
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_an_unknown_field_is_named_with_its_path(local: Any) -> None:
    (detail,) = local.ask("GET", "recruitment?fields=sheets.sheetProperties").json()["error"]["details"]
    assert detail == {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [
            {
                "field": "sheets.sheetProperties",
                "description": "Error expanding 'fields' parameter. "
                "Cannot find matching fields for path 'sheets.sheetProperties'.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("area", "body", "said"),
    [
        ("clans!A1", {"values": "X"}, "Invalid value at 'data.values'"),
        ("clans!A1", {"values": [[{}]]}, "Invalid values[0][0]: struct_value"),
        ("clans!A1", {"values": [["x" * 50_001]]}, "Your input contains more than the maximum of 50000 characters"),
        (
            "clans!A1",
            {"rows": []},
            "Invalid JSON payload received. Unknown name \"rows\" at 'data': Cannot find field.",
        ),
        ("clans!A1", {"majorDimension": "X", "values": []}, "Invalid value at 'data.major_dimension'"),
        (
            "clans!A1",
            {"range": "clans!B1", "values": []},
            "Request range[clans!A1] does not match value's range[clans!B1]",
        ),
        (
            "clans!A1:B2",
            {"values": [["a", "b", "c"]]},
            "Requested writing within range [clans!A1:B2], but tried writing to column [C]",
        ),
        (
            "clans!A1:B2",
            {"values": [["a"], ["b"], ["c"]]},
            "Requested writing within range [clans!A1:B2], but tried writing to row [3]",
        ),
        (
            "clans!Z1000",
            {"values": [["a", "b"]]},
            "Range (clans!Z1000:AA1000) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_a_bad_write_is_refused_and_changes_nothing(
    local: Any, clans: gspread.Worksheet, area: str, body: dict[str, Any], said: str
) -> None:
    before, modified = clans.get_values(), clans.spreadsheet.get_lastUpdateTime()
    response = local.ask("PUT", f"recruitment/values/{area}", params=RAW, json=body)
    assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert said in response.json()["error"]["message"]
    assert (clans.get_values(), clans.spreadsheet.get_lastUpdateTime()) == (before, modified)


def test_how_input_is_meant_must_be_said(local: Any) -> None:
    response = local.ask("PUT", "recruitment/values/clans!A1", json={"values": [["x"]]})
    assert response.json()["error"]["message"] == "'valueInputOption' is required but not specified"


@pytest.mark.parametrize("body", [b"{", b"[]", b"5"])
def test_a_body_that_is_no_object_is_refused(local: Any, body: bytes) -> None:
    response = local.ask("POST", "recruitment:batchUpdate", data=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("Invalid JSON payload received.")


def test_a_batch_of_values_is_written_whole_or_not_at_all(local: Any, clans: gspread.Worksheet) -> None:
    data = [{"range": "clans!A2", "values": [["X"]]}, {"range": "nope!A1", "values": [["Y"]]}]
    response = local.ask("POST", "recruitment/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
    assert response.json()["error"]["message"] == "Unable to parse range: nope!A1"
    assert clans.acell("A2").value == "EMB"
    with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range"):
        clans.spreadsheet.values_batch_clear(body={"ranges": ["clans!A2", "nope"]})
    assert clans.acell("A2").value == "EMB"


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (
            {"addSheet": {"properties": {"title": "CLANS"}}},
            'addSheet: A sheet with the name "CLANS" already exists. Please enter another name.',
        ),
        ({"deleteSheet": {"sheetId": 5}}, "deleteSheet: No sheet with id: 5"),
        (
            {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "x"}}},
            "updateSheetProperties: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        (
            {
                "updateSheetProperties": {
                    "properties": {"sheetId": 0, "gridProperties": {"rowCount": 9_999_999}},
                    "fields": "gridProperties.rowCount",
                }
            },
            (
                "updateSheetProperties: This action would increase the number of cells in the workbook "
                "above the limit of 10000000 cells."
            ),
        ),
        (
            {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0}}},
            "deleteDimension: You can't delete all the rows on the sheet.",
        ),
    ],
)
def test_a_batch_of_requests_is_done_whole_or_not_at_all(
    local: Any, clans: gspread.Worksheet, request_: dict[str, Any], said: str
) -> None:
    before = [tab.title for tab in clans.spreadsheet.worksheets()]
    requests = [{"addSheet": {"properties": {"title": "first"}}}, request_]
    error = local.ask("POST", "recruitment:batchUpdate", json={"requests": requests}).json()["error"]
    assert (error["code"], error["message"]) == (400, f"Invalid requests[1].{said}")
    assert [tab.title for tab in clans.spreadsheet.worksheets()] == before


def test_the_last_visible_tab_stays(sheet: gspread.Worksheet) -> None:
    with pytest.raises(gspread.exceptions.APIError, match="You can't hide all the sheets in a document"):
        sheet.hide()
    with pytest.raises(gspread.exceptions.APIError, match="You can't remove all the sheets in a document"):
        sheet.spreadsheet.del_worksheet(sheet)


@pytest.mark.parametrize(
    "request_",
    [{}, {"addSheet": {}, "deleteSheet": {}}, {"deleteSheet": {"sheetId": "x"}}, {"deleteSheet": []}, "x"],
)
def test_a_malformed_request_is_refused(local: Any, request_: object) -> None:
    response = local.ask("POST", "recruitment:batchUpdate", json={"requests": [request_]})
    assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_what_the_sandbox_does_not_do_says_so(local: Any) -> None:
    response = local.ask("POST", "recruitment:batchUpdate", json={"requests": [{"sortRange": {}}]})
    assert response.status_code == 501
    assert "the sandbox does not do sortRange; it does addSheet," in response.json()["error"]["message"]
    unknown = local.ask("POST", "recruitment/values/clans:sort")
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_tab_that_goes_leaves_ref_errors_behind(clans: gspread.Worksheet) -> None:
    config = clans.spreadsheet.worksheet("Config")
    config.update([["=clans!B2", "=Nowhere!A1", "=ZZ1"]], "A5", raw=False)
    assert config.get("A5:C5") == [["Ember Vanguard", "#REF!", "#REF!"]]
    clans.spreadsheet.del_worksheet(clans)
    assert config.get("A5:C5") == [["#REF!", "#REF!", "#REF!"]]
    assert config.get("A5:C5", value_render_option="FORMULA") == [["=clans!B2", "=Nowhere!A1", "=ZZ1"]]


def test_a_file_that_is_not_there_is_refused_as_drive_does(local: Any) -> None:
    response = local.session().get("https://www.googleapis.com/drive/v3/files/nope")
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "File not found: nope."
    assert response.json()["error"]["errors"][0]["reason"] == "notFound"


@pytest.mark.parametrize("query", ["name = x", "name = 'x' or name = 'y'", "(name = 'x')"])
def test_a_search_that_is_not_understood_is_refused(local: Any, query: str) -> None:
    response = local.session().get("https://www.googleapis.com/drive/v3/files", params={"q": query})
    assert (response.status_code, response.json()["error"]["message"]) == (400, "Invalid Value")


def test_scopes_decide_what_a_token_may(local: Any) -> None:
    session = local.session(scopes=READ_ONLY)
    assert local.ask("GET", "recruitment", session).status_code == 200
    for response in (
        local.ask("PUT", "recruitment/values/clans!A1", session, params=RAW, json={"values": [["x"]]}),
        session.get("https://www.googleapis.com/drive/v3/files/recruitment"),
    ):
        error = response.json()["error"]
        assert (response.status_code, error["status"]) == (403, "PERMISSION_DENIED")
        assert error["message"] == "Request had insufficient authentication scopes."
        assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"

"""Editing spreadsheets by hand, over the control API."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
import requests


@pytest.fixture
def edit(local: Any) -> Any:
    """Status and JSON of a request below ``/sandbox/sheets``."""

    def edit(method: str, path: str = "", **body: Any) -> tuple[int, Any]:
        url = f"{local.sandbox.url}/sandbox/sheets{path}"
        response = requests.request(method, url, json=body or None, timeout=5)
        return response.status_code, response.json()

    return edit


def test_spreadsheets_and_tabs_are_listed(edit: Any) -> None:
    tabs = ["Config", "FeatureToggles", "clans"]
    assert edit("GET") == (200, {"spreadsheets": [{"id": "recruitment", "title": "recruitment", "tabs": tabs}]})


def test_rows_are_shown_as_people_see_them_or_as_they_were_entered(edit: Any) -> None:
    edit("PUT", "/recruitment/Config", rows=[["=1+1", "1/2/2026", True, 5, None, "x"]])
    assert edit("GET", "/recruitment/Config")[1]["rows"] == [["2", "1/2/2026", "TRUE", "5", "", "x"]]
    assert edit("GET", "/recruitment/Config?render=FORMULA")[1]["rows"][0][:2] == ["=1+1", 46024]


def test_an_edit_by_hand_is_seen_by_gspread_and_in_the_modification_time(edit: Any, clans: gspread.Worksheet) -> None:
    before = clans.spreadsheet.get_lastUpdateTime()
    status, shown = edit("PUT", "/recruitment/clans", rows=[["clan_tag"], ["007"]])
    assert (status, shown) == (200, {"tab": "clans", "rows": [["clan_tag"], ["7"]]})
    assert clans.get_values() == [["clan_tag"], ["7"]]
    assert clans.spreadsheet.get_lastUpdateTime() > before


def test_raw_rows_stay_as_they_are(edit: Any) -> None:
    assert edit("PUT", "/recruitment/clans", rows=[["007", "=1", ""]], input="RAW")[1]["rows"] == [["007", "=1"]]


def test_a_new_tab_and_a_new_spreadsheet_are_made(edit: Any, local: Any) -> None:
    edit("PUT", "/onboarding/steps", rows=[["step"], ["hello"]])
    assert local.gspread().open("onboarding").sheet1.get_values() == [["step"], ["hello"]]


def test_a_tab_is_renamed_emptied_and_deleted(edit: Any, clans: gspread.Worksheet) -> None:
    assert edit("PUT", "/recruitment/clans", rows=[])[1]["rows"] == []
    assert edit("PATCH", "/recruitment/clans", title="Clans 2") == (200, {"tab": "Clans 2", "rows": []})
    assert clans.spreadsheet.get_worksheet_by_id(clans.id).title == "Clans 2"
    assert edit("DELETE", "/recruitment/Clans%202") == (200, {"tabs": ["Config", "FeatureToggles"]})


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("GET", "/nope/clans", {}, "unknown spreadsheet 'nope'; known: recruitment"),
        ("DELETE", "/recruitment/nope", {}, "unknown tab in recruitment 'nope'; known: Config, FeatureToggles, clans"),
        ("PUT", "/recruitment/clans", {"rows": [[[]]]}, "/sandbox/sheets/recruitment/clans: Expected"),
        ("PUT", "/recruitment/clans", {"cells": []}, "unknown field `cells`; fields: rows, input"),
        ("PATCH", "/recruitment/clans", {"title": ""}, "Expected `str` of length >= 1"),
        ("PATCH", "/recruitment/clans", {"title": "Config"}, "recruitment has a tab 'Config' already"),
    ],
)
def test_what_cannot_be_is_named(edit: Any, method: str, path: str, body: dict[str, Any], said: str) -> None:
    status, answer = edit(method, path, **body)
    assert status == 400
    assert said in answer["error"]

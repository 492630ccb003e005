"""What gspread does, done by gspread: answers have the shapes that Google's have."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.utils import ValueInputOption, ValueRenderOption

ENTERED, RAW = ValueInputOption.user_entered, ValueInputOption.raw
FORMULA, UNFORMATTED = ValueRenderOption.formula, ValueRenderOption.unformatted


def test_a_workbook_of_csv_files_is_read(clans: gspread.Worksheet) -> None:
    assert clans.row_values(1)[:3] == ["clan_tag", "clan_name", "level"]
    assert clans.acell("A2").value == "EMB"
    assert clans.get_all_records()[0]["level"] == 24
    assert (clans.row_count, clans.col_count) == (1000, 26)
    assert [tab.title for tab in clans.spreadsheet.worksheets()] == ["Config", "FeatureToggles", "clans"]


def test_blank_cells_and_rows_at_the_ends_are_left_out(sheet: gspread.Worksheet) -> None:
    sheet.update([["A1", "B1", "", "D1"], ["", "b2", "", ""], ["", "", "", ""], ["A4", 1.5, "", "D4"]], "A1")
    got = sheet.get("A1:D6")
    assert list(got) == [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4", "1.5", "", "D4"]]
    assert (got.range, got.major_dimension) == ("Sheet1!A1:D6", "ROWS")
    assert list(sheet.get("A1:D6", major_dimension="COLUMNS")) == [
        ["A1", "", "", "A4"],
        ["B1", "b2", "", "1.5"],
        [],
        ["D1", "", "", "D4"],
    ]
    assert list(sheet.get("B2:B3")) == [["b2"]]
    assert sheet.get("Z9").range == "Sheet1!Z9"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("A2:2", "Sheet1!A2:Z2"),
        ("2:2", "Sheet1!A2:Z2"),
        ("B:C", "Sheet1!B1:C1000"),
        ("B5:C", "Sheet1!B5:C1000"),
        ("D4:A1", "Sheet1!A1:D4"),
        ("$A$1:$B$2", "Sheet1!A1:B2"),
        ("Y999:AB2000", "Sheet1!Y999:Z1000"),
        ("a1", "Sheet1!A1"),
    ],
)
def test_open_and_reversed_ranges_are_answered_closed(sheet: gspread.Worksheet, asked: str, answered: str) -> None:
    assert sheet.get(asked).range == answered


@pytest.mark.parametrize("title", ["it's here", "D3", "a/b:c!d", "Ärger 2", "R1C1", "2026-01-02 10:00", "log"])
def test_a_tab_of_any_title_is_found_and_named(sheet: gspread.Worksheet, title: str) -> None:
    sheet.update_title(title)
    sheet.update([["x"]], "B2")
    quoted = title if title == "log" else "'" + title.replace("'", "''") + "'"
    assert sheet.get("A1:B2").range == f"{quoted}!A1:B2"
    assert sheet.get_all_values() == [["", ""], ["", "x"]]
    assert sheet.spreadsheet.values_get(quoted)["range"] == f"{quoted}!A1:Z1000"


def test_a_range_without_a_title_means_the_first_tab(clans: gspread.Worksheet) -> None:
    assert clans.spreadsheet.values_get("A1:B1")["values"] == [["KEY", "VALUE"]]
    assert clans.spreadsheet.values_get("clans")["range"] == "clans!A1:Z1000"


def test_several_ranges_come_in_one_answer(clans: gspread.Worksheet) -> None:
    got = clans.spreadsheet.values_batch_get(["clans!A1", "'Config'", "clans!Z1:Z9"])
    assert got["spreadsheetId"] == "recruitment"
    assert [one.get("values") for one in got["valueRanges"]] == [
        [["clan_tag"]],
        [["KEY", "VALUE"], ["clans_tab", "clans"]],
        None,
    ]


def test_what_is_typed_becomes_numbers_dates_and_formulas(sheet: gspread.Worksheet) -> None:
    sheet.update([["=4/2", "2020-01-01", "string", 53], ["=3/2", 0.12, "1999-01-02", ""]], "A1", ENTERED)
    assert sheet.get_values() == [["2", "2020-01-01", "string", "53"], ["1.5", "0.12", "1999-01-02", ""]]
    assert sheet.get(value_render_option=UNFORMATTED) == [[2, 43831, "string", 53], [1.5, 0.12, 36162]]
    assert sheet.get(value_render_option=FORMULA) == [["=4/2", 43831, "string", 53], ["=3/2", 0.12, 36162]]
    as_text = sheet.get(value_render_option=UNFORMATTED, date_time_render_option="FORMATTED_STRING")
    assert as_text == [[2, "2020-01-01", "string", 53], [1.5, 0.12, "1999-01-02"]]


def test_raw_input_stays_as_it_is_and_typed_input_loses_zeros_and_ids(sheet: gspread.Worksheet) -> None:
    row = ["0042", "082501234567890123", "825012345678901234", "TRUE", "=1+1", "'007", "1/2", " x "]
    sheet.append_row(row, value_input_option=RAW)
    sheet.append_row(row, value_input_option=ENTERED)
    raw, typed = sheet.get_values()
    assert raw == row
    assert typed == ["42", "8.25012E+16", "8.25012E+17", "TRUE", "2", "007", "1/2", " x "]
    assert sheet.get("C2", value_render_option=UNFORMATTED) == [[825012345678901234.0]]


def test_nulls_leave_cells_and_blanks_empty_them(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    answer = sheet.update([[None, ""], ["C", None]], "A1:B2")
    assert answer["updatedCells"] == 2
    assert sheet.get_values() == [["a", ""], ["C", "d"]]


def test_an_update_tells_what_it_changed(sheet: gspread.Worksheet) -> None:
    answer = sheet.update([["a", "", "c"], ["d"]], "B2", include_values_in_response=True)
    assert answer == {
        "spreadsheetId": "fresh",
        "updatedRange": "Sheet1!B2:D3",
        "updatedRows": 2,
        "updatedColumns": 3,
        "updatedCells": 4,
        "updatedData": {"range": "Sheet1!B2:D3", "majorDimension": "ROWS", "values": [["a", "", "c"], ["d"]]},
    }
    columns = sheet.update([["x", "y"], ["z"]], "A1", major_dimension="COLUMNS")
    assert (columns["updatedRange"], columns["updatedCells"]) == ("Sheet1!A1:B2", 3)
    assert sheet.get("A1:B2") == [["x", "z"], ["y", "a"]]


def test_a_batch_of_updates_is_counted_once_each(sheet: gspread.Worksheet) -> None:
    data = [
        {"range": "A1:D1", "values": [["A1", "B1", "", "D1"]]},
        {"range": "A4:D4", "values": [["A4", "B4", "", ""]]},
    ]
    answer = sheet.batch_update(data)
    totals = {name: value for name, value in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 4,
        "totalUpdatedCells": 8,
        "totalUpdatedSheets": 1,
    }
    assert [one["updatedRange"] for one in answer["responses"]] == ["Sheet1!A1:D1", "Sheet1!A4:D4"]


def test_clearing_leaves_the_grid(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    assert sheet.batch_clear(["A1", "B2:B9"])["clearedRanges"] == ["Sheet1!A1", "Sheet1!B2:B9"]
    assert sheet.get_values() == [["", "b"], ["c", ""]]
    assert sheet.clear()["clearedRange"] == "Sheet1!A1:Z1000"
    assert sheet.get_values() == [[]]


def test_tabs_are_added_sized_renamed_moved_and_deleted(clans: gspread.Worksheet) -> None:
    spreadsheet = clans.spreadsheet
    added = spreadsheet.add_worksheet("new", rows=3, cols=2)
    assert (added.title, added.row_count, added.col_count, added.index) == ("new", 3, 2, 3)
    added.resize(rows=5)
    added.freeze(rows=1)
    added.update_tab_color("#ff0000")
    added.update_index(0)
    spreadsheet.reorder_worksheets([clans, added])
    again = spreadsheet.worksheet("new")
    assert (again.id, again.row_count, again.col_count, again.frozen_row_count) == (added.id, 5, 2, 1)
    assert [tab.title for tab in spreadsheet.worksheets()][:2] == ["clans", "new"]
    again.hide()
    assert [tab.title for tab in spreadsheet.worksheets(exclude_hidden=True)] == ["clans", "Config", "FeatureToggles"]
    spreadsheet.del_worksheet(again)
    with pytest.raises(gspread.WorksheetNotFound):
        spreadsheet.worksheet("new")


def test_rows_and_columns_are_inserted_and_deleted(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.insert_row(["new"], 2)
    assert sheet.get_values() == [["a", "b"], ["new", ""], ["c", "d"]]
    sheet.delete_rows(1)
    sheet.delete_columns(1)
    assert sheet.get_values("A1:B2") == [[""], ["d"]]
    sheet.insert_cols([["x", "y"]], 1)
    assert sheet.get_values() == [["x", ""], ["y", "d"]]
    assert (sheet.spreadsheet.sheet1.row_count, sheet.spreadsheet.sheet1.col_count) == (1000, 26)


def test_shrinking_a_grid_loses_what_lies_beyond(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.resize(1, 1)
    sheet.resize(2, 2)
    assert sheet.get_values() == [["a"]]


def test_a_spreadsheet_is_opened_by_its_title_and_knows_when_it_changed(local: Any, clock: Any) -> None:
    client = local.gspread()
    spreadsheet = client.open("recruitment")
    assert spreadsheet.id == "recruitment"
    before = spreadsheet.get_lastUpdateTime()
    assert before == client.list_spreadsheet_files()[0]["modifiedTime"]
    spreadsheet.values_get("clans")
    assert spreadsheet.get_lastUpdateTime() == before
    clock.now += 60
    spreadsheet.worksheet("clans").update_acell("A2", "X")
    assert spreadsheet.get_lastUpdateTime() > before
    spreadsheet.update_title('A "new" name')
    assert [one["name"] for one in client.list_spreadsheet_files()] == ['A "new" name']
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("nothing")


def test_every_change_is_seen_in_the_modification_time_however_fast_they_follow(clans: gspread.Worksheet) -> None:
    seen = set()
    for number in range(5):
        clans.update_acell("A2", str(number))
        seen.add(clans.spreadsheet.get_lastUpdateTime())
    assert len(seen) == 5

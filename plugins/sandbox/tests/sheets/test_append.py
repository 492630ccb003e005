"""Where appended rows go: the rules and the trap of ``values.append``, as Google's guide and recordings show them."""

from __future__ import annotations

from typing import Any

import gspread
import pytest

GUIDE = [
    ["x", "y", "z"],
    ["x", "y", "z"],
    [],
    ["", "x", "y"],
    ["", "", "y", "z"],
    ["", "x", "y", "z"],
]
"""The two tables of Google's guide: A1:C2 and B4:D6."""


@pytest.mark.parametrize(
    ("area", "table", "written"),
    [
        (None, "Sheet1!B4:D6", "Sheet1!B7"),
        ("B4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("C5:D5", "Sheet1!B4:D6", "Sheet1!B7"),
        ("B2:D4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("A3:G10", "Sheet1!B4:D6", "Sheet1!B7"),
        ("A1", "Sheet1!A1:C2", "Sheet1!A3"),
        ("E4", None, "Sheet1!E4"),
        ("A4", None, "Sheet1!A4"),
    ],
)
def test_rows_go_below_the_last_table_of_the_range(
    sheet: gspread.Worksheet, area: str | None, table: str | None, written: str
) -> None:
    sheet.update(GUIDE, "A1")
    answer = sheet.append_row(["new"], table_range=area)
    assert (answer.get("tableRange"), answer["updates"]["updatedRange"]) == (table, written)


def test_a_row_with_an_empty_middle_cell_moves_the_next_one_right(sheet: gspread.Worksheet) -> None:
    row = ["1", "", "3"]
    first, second, third = (sheet.append_row(row) for _ in range(3))
    assert "tableRange" not in first
    assert (second["tableRange"], second["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2:E2")
    assert (third["tableRange"], third["updates"]["updatedRange"]) == ("Sheet1!E2", "Sheet1!E3:G3")
    assert sheet.get("A2:2") == [["", "", "1", "", "3"]]


def test_a_range_that_holds_both_halves_does_not_help_and_its_first_cell_does(sheet: gspread.Worksheet) -> None:
    sheet.append_row(["1", "", "3"])
    assert sheet.append_row(["x"], table_range="A1:C")["updates"]["updatedRange"] == "Sheet1!C2"
    assert sheet.append_row(["x"], table_range="A1")["updates"]["updatedRange"] == "Sheet1!A2"


def test_a_full_header_holds_rows_with_gaps_together(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b", "c"], ["1", "", "3"], ["", "", "3"]], "A1")
    assert sheet.append_row(["new"])["updates"]["updatedRange"] == "Sheet1!A4"


def test_inserted_rows_push_down_what_would_be_overwritten(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["1", "2"], ["", ""], ["note"]], "A1")
    sheet.append_rows([["3"], ["4"]], table_range="A1", insert_data_option="INSERT_ROWS")
    assert sheet.get_values() == [["a", "b"], ["1", "2"], ["3", ""], ["4", ""], ["", ""], ["note", ""]]
    sheet.append_rows([["5"], ["6"]], table_range="A1")
    assert [row[0] for row in sheet.get_values()] == ["a", "1", "3", "4", "5", "6"]


def test_the_grid_grows_for_appended_rows_only(sheet: gspread.Worksheet) -> None:
    sheet.resize(2, 2)
    sheet.append_rows([["a", "b"], ["c", "d"]])
    answer = sheet.append_row(["e", "f", "g"])
    assert answer["updates"]["updatedRange"] == "Sheet1!A3:C3"
    again = sheet.spreadsheet.sheet1
    assert (again.row_count, again.col_count) == (3, 3)
    with pytest.raises(gspread.exceptions.APIError, match=r"Range \(Sheet1!A4\) exceeds grid limits"):
        sheet.update([["h"]], "A4")


def test_cells_appended_by_a_request_go_below_everything_from_the_first_column(sheet: gspread.Worksheet) -> None:
    sheet.update(GUIDE, "A1")
    values: list[dict[str, Any]] = [
        {"userEnteredValue": {"stringValue": "0042"}},
        {},
        {"userEnteredValue": {"numberValue": 0}},
        {"userEnteredValue": {"boolValue": True}},
        {"userEnteredValue": {"formulaValue": "=1+1"}},
    ]
    request = {"appendCells": {"sheetId": sheet.id, "rows": [{"values": values}], "fields": "userEnteredValue"}}
    assert sheet.spreadsheet.batch_update({"requests": [request]})["replies"] == [{}]
    assert sheet.get("A7:E7") == [["0042", "", "0", "TRUE", "2"]]

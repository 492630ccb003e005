"""The rows of each tab are found in an answer, whatever its cells and titles say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared.sheets.google.envelope import tables_of

words = st.sampled_from(['"range":', "range", "values", '"values":[', "]]", "},{", "\\", '"', "x", "", '\\"range": '])
cells = st.text('"\\][{}:, ', max_size=4) | words
grids = st.lists(st.lists(cells, max_size=4), max_size=4)


@given(
    st.lists(st.tuples(cells, grids), min_size=1, max_size=5),
    st.sampled_from([{"separators": (",", ":")}, {"indent": 2}, {}]),
)
def test_each_tab_gets_its_rows(tabs: list[tuple[str, list[list[str]]]], writing: dict[str, Any]) -> None:
    ranges = [
        {"range": f"'{title}'!A1:B2", "majorDimension": "ROWS"} | ({"values": rows} if rows else {})
        for title, rows in tabs
    ]
    body = json.dumps({"spreadsheetId": "s", "valueRanges": ranges}, **writing).encode() + b"\n"
    found = tables_of(body, "s", [title for title, _ in tabs])
    assert [(table.spreadsheet, table.tab) for table in found] == [("s", title) for title, _ in tabs]
    assert [json.loads(bytes(table.values)) for table in found] == [rows for _, rows in tabs]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", 'no range for tab "a"'),
        (b"<html>", 'no range for tab "a"'),
        (b'{"valueRanges":[]}', 'no range for tab "a"'),
        (b'{"valueRanges":[{"range":"a"}]}', 'no range for tab "b"'),
        (b'{"valueRanges":[{"range":"a"},{"range":"b","values":[["x"],["y', "it ends in the middle"),
        (b'{"valueRanges":{"range":"a"},"x":{"range":"b"}}', "it has no list of ranges"),
        (b'{"valueRanges":[{"range":"a"},{"range":"b","values":5}]}', 'tab "b" has values that are no rows'),
    ],
)
def test_what_is_no_answer_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tables_of(body, "s", ["a", "b"])

"""Ranges and titles in A1 notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_sandbox.sheets import a1
from coreops_sandbox.sheets.a1 import Area


@pytest.mark.parametrize(
    ("text", "title", "area"),
    [
        ("A1", None, Area(0, 0, 1, 1, is_cell=True)),
        ("$B$3", None, Area(2, 1, 3, 2, is_cell=True)),
        ("a1:c2", None, Area(0, 0, 2, 3)),
        ("C2:A1", None, Area(0, 0, 2, 3)),
        ("A:B", None, Area(0, 0, None, 2)),
        ("2:3", None, Area(1, 0, 3, None)),
        ("A2:C", None, Area(1, 0, None, 3)),
        ("A2:5", None, Area(1, 0, 5, None)),
        ("clans", "clans", Area()),
        ("Log", "Log", Area()),
        ("My tab!A1", "My tab", Area(0, 0, 1, 1, is_cell=True)),
        ("'it''s'!A1", "it's", Area(0, 0, 1, 1, is_cell=True)),
        ("'A1'", "A1", Area()),
        ("'a!b'", "a!b", Area()),
        ("'a!b'!B:B", "a!b", Area(0, 1, None, 2)),
    ],
)
def test_a_range_is_read(text: str, title: str | None, area: Area) -> None:
    assert a1.parse(text) == (title, area)


@pytest.mark.parametrize(
    "text", ["", "!A1", "x!", "x!A", "x!5", "x!A0", "x!A1:", "x!:B2", "x!A1:B2:C3", "'x", "'x'y", "''!A1", "x!ABCD1"]
)
def test_what_is_no_range_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        a1.parse(text)


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("clans", "clans"),
        ("Sheet_1", "Sheet_1"),
        ("D3", "'D3'"),
        ("abc12", "'abc12'"),
        ("R1C1", "'R1C1'"),
        ("true", "'true'"),
        ("my tab", "'my tab'"),
        ("it's", "'it''s'"),
        ("2026", "'2026'"),
    ],
)
def test_a_title_is_quoted_where_it_could_be_something_else(title: str, quoted: str) -> None:
    assert a1.quoted(title) == quoted


@given(st.text(min_size=1), st.integers(0, 10_000), st.integers(0, 18_000), st.integers(1, 50), st.integers(1, 50))
def test_what_is_named_is_read_back(title: str, top: int, left: int, height: int, width: int) -> None:
    area = Area(top, left, top + height, left + width, is_cell=height == width == 1)
    assert a1.parse(a1.named(title, area)) == (title, area)


@given(st.integers(0, 18_277))
def test_columns_are_counted_both_ways(index: int) -> None:
    assert a1.column_index(a1.letters(index)) == index


def test_columns_go_on_after_z() -> None:
    assert [a1.letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]

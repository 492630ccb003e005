"""Cell addresses as Google writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared.sheets.a1 import Area, cell_name, column_name, column_number, parse_area, parse_cell, tab_range


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_count_in_letters_without_a_zero(number: int, letters: str) -> None:
    assert column_name(number) == letters
    assert column_number(letters.lower()) == number


@given(st.integers(1, 10**7), st.integers(1, 18_278))
def test_an_address_reads_back(row: int, column: int) -> None:
    assert parse_cell(cell_name(row, column)) == (row, column)


def test_dollar_signs_do_not_matter() -> None:
    assert parse_cell(" $C$2 ") == (2, 3)


@pytest.mark.parametrize("address", ["", "C", "2", "C0", "2C", "A1:B2", "Ä1", "clans!A1"])
def test_what_is_not_one_cell_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a cell address"):
        parse_cell(address)


def test_a_column_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="not 1 or greater"):
        column_name(0)


def test_a_tab_is_quoted_in_a_range() -> None:
    assert tab_range("clans") == "'clans'"
    assert tab_range("it's 2026", "A1:C") == "'it''s 2026'!A1:C"


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("", Area()),
        ("B2", Area(2, 2, 2, 2)),
        ("a2:c9", Area(2, 1, 9, 3)),
        ("A2:C", Area(2, 1, None, 3)),
        ("A:C", Area(1, 1, None, 3)),
        ("2:9", Area(2, 1, 9, None)),
    ],
)
def test_an_area_is_understood(text: str, area: Area) -> None:
    assert parse_area(text) == area


@pytest.mark.parametrize("text", [":", "A", "5", "C9:A2", "A1:B2:C3", "'x'!A1", "A0"])
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an area|ends before it begins"):
        parse_area(text)

"""What typed text becomes, and how it shows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_sandbox.sheets.cells import Formula, shown, unformatted
from coreops_sandbox.sheets.entry import kept, typed

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "value", "shows"),
    [
        ("24", 24, "24"),
        ("0042", 42, "42"),
        ("-5", -5, "-5"),
        ("+5", 5, "5"),
        (".5", 0.5, "0.5"),
        ("1.50", 1.5, "1.5"),
        ("1,234", 1234, "1,234"),
        ("1,234.5", 1234.5, "1,234.50"),
        ("50%", 0.5, "50%"),
        ("12.5%", 0.125, "12.50%"),
        ("$5", 5, "$5"),
        ("-$5.25", -5.25, "-$5.25"),
        ("1e3", 1000, "1.00E+03"),
        ("123456789012345", 123456789012345, "123456789012345"),
        ("825012345678901234", 825012345678901234.0, "8.25012E+17"),
        ("0.333333333333", 0.333333333333, "0.3333333333"),
        ("0.00001", 0.00001, "0.00001"),
        ("2026-01-02", 46024, "2026-01-02"),
        ("1/2/2026", 46024, "1/2/2026"),
        ("1/2", 46024, "1/2"),
        ("2026-01-02 12:00", 46024.5, "2026-01-02 12:00:00"),
        ("12:00", 0.5, "12:00"),
        ("6:00:30 PM", pytest.approx(0.750347, abs=1e-6), "6:00:30 PM"),
        ("12:00 am", 0, "12:00 AM"),
        ("true", True, "TRUE"),
        ("FALSE", False, "FALSE"),
        (" 7 ", 7, "7"),
    ],
)
def test_typing_is_understood(text: str, value: object, shows: str) -> None:
    cell = typed(text, TODAY)
    assert not isinstance(cell, Formula)
    assert (unformatted(cell), shown(cell)) == (value, shows)


@pytest.mark.parametrize(
    "text",
    [
        "EMB",
        "1,23",
        "1.2.3",
        "13/13/2026",
        "2026-02-30",
        "25:00",
        "13:00 pm",
        "0:00 pm",
        "3-5",
        "=",
        "1 000",
        "$",
        "#1",
    ],
)
def test_other_text_stays_text(text: str) -> None:
    assert typed(text, TODAY) == text


def test_an_apostrophe_keeps_the_rest_and_an_equals_sign_makes_a_formula() -> None:
    assert typed("'007", TODAY) == "007"
    assert typed("=A1", TODAY) == Formula("=A1")
    assert typed("", TODAY) is None


def test_dates_can_be_asked_for_as_text_and_other_numbers_not() -> None:
    day, share = typed("1/2/2026", TODAY), typed("50%", TODAY)
    assert not isinstance(day, Formula)
    assert not isinstance(share, Formula)
    assert unformatted(day, dates_as_text=True) == "1/2/2026"
    assert unformatted(share, dates_as_text=True) == 0.5


@given(st.one_of(st.text(), st.from_regex(r"[-+$]?[0-9,.]{1,20}%?", fullmatch=True), st.dates().map(str)))
def test_what_a_file_says_shows_as_it_is(text: str) -> None:
    cell = kept(text, TODAY)
    assert not isinstance(cell, Formula)
    assert shown(cell) == text


def test_a_file_has_numbers_and_ids() -> None:
    assert [kept(text, TODAY) for text in ("24", "007", "825012345678901234", "TRUE", "=1+1", "")] == [
        24,
        "007",
        "825012345678901234",
        True,
        "=1+1",
        None,
    ]

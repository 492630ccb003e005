"""What people write in cells, read as the field's type."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared.sheets.cells import cell_reader, restricted


class Mode(StrEnum):
    RELAXED = "Relaxed"
    COMPETITIVE = "very competitive"


class Level(Enum):
    LOW = 1
    HIGH = 2


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, "0042", "0042"),
        (str, "1082501234567890123", "1082501234567890123"),
        (int, "1,234", 1234),
        (int, "-12,345,678", -12345678),
        (int, "30.00", 30),
        (int, "007", 7),
        (float, "1,234.5", 1234.5),
        (float, ".5", 0.5),
        (float, "1e3", 1000.0),
        (bool, "TRUE", True),
        (bool, "Yes", True),
        (bool, "1", True),
        (bool, "false", False),
        (bool, "No", False),
        (bool, "0", False),
        (date, "2026-01-31", date(2026, 1, 31)),
        (datetime, "2026-01-31 18:30", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)),
        (datetime, "2026-01-31T18:30:00+02:00", datetime(2026, 1, 31, 18, 30, tzinfo=timezone(timedelta(hours=2)))),
        (Literal["easy", "hard"], "HARD", "hard"),
        (Literal[1, 2], "2", 2),
        (Mode, "relaxed", Mode.RELAXED),
        (Mode, "COMPETITIVE", Mode.COMPETITIVE),
        (Mode, "Very Competitive", Mode.COMPETITIVE),
        (Level, "2", Level.HIGH),
        (tuple[str, ...], "English, German,,", ("English", "German")),
        (tuple[int, ...], "1, 2", (1, 2)),
        (frozenset[str], "a,b,a", frozenset({"a", "b"})),
        (int | None, "5", 5),
        (Annotated[int, "days"], "5", 5),
    ],
)
def test_a_text_is_read_as_the_fields_type(annotation: Any, text: str, value: object) -> None:
    read = cell_reader(annotation).read(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("annotation", "text", "expected"),
    [
        (int, "12,34", "a whole number"),
        (int, "1.5", "a whole number"),
        (int, "٣", "a whole number"),
        (int, "1_000", "a whole number"),
        (float, "nan", "a number"),
        (float, "1e999", "a number"),
        (float, "12 apples", "a number"),
        (float, ".", "a number"),
        (bool, "maybe", "TRUE or FALSE"),
        (date, "31.01.2026", "a date such as 2026-01-31"),
        (datetime, "now", "a date and time such as 2026-01-31 18:30"),
        (Literal["easy", "hard"], "medium", "one of easy, hard"),
        (Mode, "x", "one of Relaxed, very competitive"),
        (tuple[int, ...], "1,x", "a whole number, separated by commas"),
        (int, "#REF!", "a whole number"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_with_an_expectation(annotation: Any, text: str, expected: str) -> None:
    reader = cell_reader(annotation)
    assert reader.expected == expected
    with pytest.raises(ValueError, match=r".+"):
        reader.read(text)


@pytest.mark.parametrize(
    "annotation", [dict[str, int], list[str], int | str, int | str | None, tuple[str, int], object]
)
def test_a_type_no_cell_can_hold_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match="cells cannot be read as"):
        cell_reader(annotation)


def test_optional_fields_take_blanks() -> None:
    assert cell_reader(int | None).nullable
    assert not cell_reader(int).nullable


def test_choices_take_any_case_and_hand_on_the_declared_form() -> None:
    reader = restricted(cell_reader(str), ("Hard", "Normal"))
    assert reader.read("hARD") == "Hard"
    assert reader.expected == "one of Hard, Normal"
    with pytest.raises(ValueError, match="brutal"):
        reader.read("brutal")


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_read_back_with_and_without_thousands_separators(number: int) -> None:
    read = cell_reader(int).read
    assert read(str(number)) == read(f"{number:,}") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back(number: float) -> None:
    assert cell_reader(float).read(repr(number)) == number


@given(st.text(), st.sampled_from([int, float, bool, date, datetime, Level, tuple[int, ...]]))
def test_any_text_is_read_or_refused_and_nothing_else(text: str, annotation: Any) -> None:
    with contextlib.suppress(ValueError):
        cell_reader(annotation).read(text)

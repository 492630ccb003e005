"""Numbers, dates and truth as the spreadsheet's locale shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared.sheets.cells import cell_reader
from coreops_shared.sheets.locales import NEUTRAL, locale_of


@pytest.mark.parametrize(
    ("locale", "annotation", "text", "value"),
    [
        ("de", bool, "WAHR", True),
        ("de", bool, "falsch", False),
        ("de", bool, "TRUE", True),
        ("tr", bool, "YANLIŞ", False),
        ("ru", bool, "ИСТИНА", True),
        ("de_AT", int, "1.234.567", 1234567),
        ("de", float, "1.234,5", 1234.5),
        ("de", float, "12,500", 12.5),
        ("de-CH", float, "1’234.5", 1234.5),
        ("fr", float, "1\u202f234,5", 1234.5),
        ("de", date, "31.01.2026", date(2026, 1, 31)),
        ("de", date, "31.1.2026", date(2026, 1, 31)),
        ("de", date, "2026-01-31", date(2026, 1, 31)),
        ("en_US", date, "1/31/2026", date(2026, 1, 31)),
        ("en_GB", date, "31/01/2026", date(2026, 1, 31)),
        ("nl", date, "31-1-2026", date(2026, 1, 31)),
        ("ja", date, "2026/01/31", date(2026, 1, 31)),
        ("de", datetime, "31.01.2026 18:30:05", datetime(2026, 1, 31, 18, 30, 5, tzinfo=UTC)),
        ("de", datetime, "31.01.2026", datetime(2026, 1, 31, tzinfo=UTC)),
        ("en", datetime, "1/31/2026 6:30 PM", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)),
        ("en", datetime, "1/31/2026, 12:05 AM", datetime(2026, 1, 31, 0, 5, tzinfo=UTC)),
        ("en", datetime, "2026-01-31 18:30", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)),
        ("de", int | None, "1.000", 1000),
        ("de", tuple[bool, ...], "WAHR, FALSCH", (True, False)),
    ],
)
def test_a_cell_is_read_as_its_locale_shows_it(locale: str, annotation: Any, text: str, value: object) -> None:
    assert cell_reader(annotation, locale_of(locale)).read(text) == value


@pytest.mark.parametrize(
    ("locale", "annotation", "text"),
    [
        ("", bool, "WAHR"),
        ("", date, "1/31/2026"),
        ("en", date, "31/01/2026"),
        ("de", date, "31.01.26"),
        ("de", float, "1,234.5"),
        ("de", int, "1,5"),
        ("de", float, "12.50"),
        ("en", datetime, "1/31/2026 25:00"),
    ],
)
def test_what_could_mean_something_else_is_refused(locale: str, annotation: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        cell_reader(annotation, locale_of(locale)).read(text)


def test_the_expectation_shows_a_date_as_the_locale_writes_it() -> None:
    assert cell_reader(date, locale_of("de")).expected == "a date such as 31.01.2026"
    assert cell_reader(date, NEUTRAL).expected == "a date such as 2026-01-31"


def test_an_unknown_locale_is_refused_with_those_that_are_known() -> None:
    assert locale_of(" ") is NEUTRAL
    with pytest.raises(ValueError, match=r'"xx" is not a known locale.*there are: da, de, de_CH'):
        locale_of("xx")


@given(st.integers(-(10**15), 10**15), st.sampled_from(["", "de", "fr", "de_CH", "sv"]))
def test_grouped_numbers_read_back(number: int, name: str) -> None:
    locale = locale_of(name)
    for group in locale.groups:
        written = f"{number:,}".replace(",", group)
        assert locale.integer(written) == number
        assert locale.number(f"{written}{locale.decimal}5") == float(f"{number}.5")


@given(st.text(max_size=12), st.sampled_from(["", "de", "en", "ja"]), st.sampled_from([int, float, date, datetime]))
def test_any_text_is_read_or_refused_and_nothing_else(text: str, name: str, annotation: Any) -> None:
    read = cell_reader(annotation, locale_of(name)).read
    try:
        value = read(text)
    except ValueError:
        return
    assert isinstance(value, annotation)


def test_a_number_with_a_fraction_is_whole_only_within_a_doubles_exactness() -> None:
    assert NEUTRAL.integer("1e3") == 1000
    assert NEUTRAL.integer("82501234567890123") == 82501234567890123
    with pytest.raises(ValueError, match=r"8\.25E\+16"):
        NEUTRAL.integer("8.25E+16")

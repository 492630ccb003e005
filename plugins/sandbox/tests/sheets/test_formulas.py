"""Formulas are worked out, and go wrong as they do at Google."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coreops_sandbox.sheets.a1 import Area
from coreops_sandbox.sheets.cells import Formula
from coreops_sandbox.sheets.entry import typed
from coreops_sandbox.sheets.formulas import Calculator
from coreops_sandbox.sheets.reading import rows_of
from coreops_sandbox.sheets.spreadsheets import Spreadsheet


@pytest.fixture
def spreadsheet() -> Spreadsheet:
    made = Spreadsheet("s", lambda: 1_770_000_000.0)
    rows = [["1", "2", "x"], ["3", "", "2026-01-02"], ["", "TRUE", "=1/0"]]
    made.add_tab("data").fill([[typed(text, made.today) for text in row] for row in rows])
    made.add_tab("it's")
    return made


@pytest.fixture
def value(spreadsheet: Spreadsheet) -> Callable[[str], str]:
    """What a formula in the sheet ``it's`` shows."""

    def value(text: str) -> str:
        tab = spreadsheet.tabs[1]
        tab.fill([[Formula(text)]])
        ((shown,),) = rows_of(Calculator(spreadsheet), tab, tab.closed(Area()), "FORMATTED_VALUE")
        return str(shown)

    return value


@pytest.mark.parametrize(
    ("formula", "shows"),
    [
        ("=1+2*3", "7"),
        ("=(1+2)*3", "9"),
        ("=2^3^2", "64"),
        ("=-2^2", "-4"),
        ("=10-2-3", "5"),
        ("=50%", "0.5"),
        ('="a"&"b ""c"""&1', 'ab "c"1'),
        ("=data!A1+data!$B$1", "3"),
        ("=data!c1", "x"),
        ("=data!C2", "2026-01-02"),
        ("=data!C2+1", "46025"),
        ("=data!B2+5", "5"),
        ("=SUM(data!A1:B2)", "6"),
        ("=SUM(data!A:A, 10)", "14"),
        ("=COUNT(data!A1:C2)", "4"),
        ("=COUNTA(data!A1:C2)", "5"),
        ("=AVERAGE(data!A1:B1)", "1.5"),
        ("=MIN(data!A:B)&MAX(data!A:B)", "13"),
        ("=ROUND(2/3; 2)", "0.67"),
        ("=CONCATENATE(data!A1:C1)", "12x"),
        ('=IF(data!A1<2, "low", "high")', "low"),
        ('=IF("a"="A", 1)', "1"),
        ("=IF(1>2, 1)", "FALSE"),
        ('=IF("a">99, 1)', "1"),
        ("=data!B2=0", "TRUE"),
        ("=TRUE", "TRUE"),
        ('=IFERROR(1/0, "none")', "none"),
        ("= 1 + 1 ", "2"),
    ],
)
def test_a_formula_shows_its_value(value: Callable[[str], str], formula: str, shows: str) -> None:
    assert value(formula) == shows


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("=#REF!", "#REF!"),
        ("=#N/A", "#N/A"),
        ("=nothing!A1", "#REF!"),
        ("=data!ZZ99", "#REF!"),
        ("=A1", "#REF!"),
        ("=1/0", "#DIV/0!"),
        ("=data!C3+1", "#DIV/0!"),
        ("=SUM(data!A1:C3)", "#DIV/0!"),
        ("=AVERAGE(data!C1)", "#DIV/0!"),
        ("=data!C1*2", "#VALUE!"),
        ("=data!A1:B1", "#VALUE!"),
        ("=(0-8)^0.5", "#NUM!"),
        ("=9^9^9^9", "#NUM!"),
        ("=VLOOKUP(1, A:B, 2)", "#NAME?"),
        ("=nonsense", "#NAME?"),
        ("=1+", "#ERROR!"),
        ("=(1", "#ERROR!"),
        ("=SUM(1 2)", "#ERROR!"),
        ("=§", "#ERROR!"),
        ("=" + "(" * 2000 + "1", "#ERROR!"),
    ],
)
def test_a_formula_that_goes_wrong_shows_why(value: Callable[[str], str], formula: str, fault: str) -> None:
    assert value(formula) == fault


def test_formulas_follow_each_other_and_notice_a_circle(spreadsheet: Spreadsheet) -> None:
    tab = spreadsheet.tabs[1]
    tab.fill([[Formula("=B1+1"), Formula("=C1*2"), 5.0], [Formula("=B2"), Formula("=A2")]])
    shown = rows_of(Calculator(spreadsheet), tab, tab.closed(Area()), "UNFORMATTED_VALUE")
    assert shown == [[11, 10, 5], ["#REF!", "#REF!"]]


def test_the_error_of_another_cell_is_passed_on_in_any_rendering(spreadsheet: Spreadsheet) -> None:
    tab = spreadsheet.tabs[0]
    area = Area(2, 2, 3, 3)
    calculator = Calculator(spreadsheet)
    assert rows_of(calculator, tab, area, "FORMATTED_VALUE") == [["#DIV/0!"]]
    assert rows_of(calculator, tab, area, "UNFORMATTED_VALUE") == [["#DIV/0!"]]
    assert rows_of(calculator, tab, area, "FORMULA") == [["=1/0"]]

"""What a cell may hold, and how it shows (Sheets API: ExtendedValue, ValueRenderOption, date and number formats)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's dates have no zone)
"""Day 0 of serial numbers (Sheets API: DateTimeRenderOption)."""
_MOST_DIGITS = 1e15
"""From here on numbers show in scientific notation: what makes of a Discord id ``8.25012E+17``."""
_LEAST = 1e-10


@dataclass(frozen=True, slots=True)
class Formula:
    """What starts with ``=``."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that shows by a pattern; dates and times are numbers too (Sheets API guide, "Date & number formats")."""

    value: float
    pattern: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The value of a formula that went wrong, such as ``#REF!``."""

    code: str


Value = str | bool | float | Number | Fault | None
"""What a cell shows; None is an empty cell."""

Cell = Value | Formula
"""What a cell holds."""


def shown(value: Value) -> str:
    """The text that people see (FORMATTED_VALUE)."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case Number():
            return _PATTERNS[value.pattern](value.value)
        case Fault():
            return value.code
        case _:
            return _automatic(float(value))


def unformatted(value: Value, *, dates_as_text: bool = False) -> str | bool | float:
    """The value as JSON (UNFORMATTED_VALUE); with ``dates_as_text`` as DateTimeRenderOption FORMATTED_STRING asks."""
    match value:
        case Number():
            if dates_as_text and is_date(value):
                return shown(value)
            return _json_number(value.value)
        case Fault():
            return value.code
        case None:
            return ""
        case str() | bool():
            return value
        case _:
            return _json_number(float(value))


def is_date(value: Number) -> bool:
    """Whether it is a date, a time or both."""
    return value.pattern in _DATES


def plain(value: Value) -> Value:
    """A number without its pattern, everything else as it is."""
    return value.value if isinstance(value, Number) else value


def _json_number(number: float) -> float:
    return int(number) if number.is_integer() and abs(number) < _MOST_DIGITS else number


def _automatic(number: float) -> str:
    """The format of a cell nobody formatted: ten digits, all of a whole number's."""
    if number.is_integer() and abs(number) < _MOST_DIGITS:
        return str(int(number))
    if _LEAST <= abs(number) < _MOST_DIGITS:
        return format(Decimal(f"{number:.10g}").normalize(), "f")
    mantissa, _, exponent = f"{number:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _date(text: str, serial: float) -> str:
    """A date and time; ``%-`` parts without leading zeros, ``%i`` the hour of 12 without one."""
    when = EPOCH + timedelta(seconds=round(serial * 86400))
    text = text.replace("%-m", str(when.month)).replace("%-d", str(when.day)).replace("%-H", str(when.hour))
    text = text.replace("%Y", f"{when.year:04d}").replace("%i", str(when.hour % 12 or 12))
    return when.strftime(text)


def _spec(text: str, number: float) -> str:
    return text.format(number)


def _money(spec: str, number: float) -> str:
    return f"{'-' if number < 0 else ''}${abs(number):{spec}}"


_DAYS = {"yyyy-mm-dd": "%Y-%m-%d", "m/d/yyyy": "%-m/%-d/%Y", "m/d": "%-m/%-d"}
_TIMES = {"h:mm": "%-H:%M", "h:mm:ss": "%-H:%M:%S", "h:mm am/pm": "%i:%M %p", "h:mm:ss am/pm": "%i:%M:%S %p"}
_DATES: dict[str, Callable[[float], str]] = {
    pattern: partial(_date, text)
    for pattern, text in {
        **_DAYS,
        **_TIMES,
        **{f"{day} h:mm:ss": f"{text} %-H:%M:%S" for day, text in _DAYS.items()},
    }.items()
}
_PATTERNS: dict[str, Callable[[float], str]] = {
    **_DATES,
    "0%": partial(_spec, "{:.0%}"),
    "0.00%": partial(_spec, "{:.2%}"),
    "#,##0": partial(_spec, "{:,.0f}"),
    "#,##0.00": partial(_spec, "{:,.2f}"),
    "$#,##0": partial(_money, ",.0f"),
    "$#,##0.00": partial(_money, ",.2f"),
    "0.00E+00": partial(_spec, "{:.2E}"),
}

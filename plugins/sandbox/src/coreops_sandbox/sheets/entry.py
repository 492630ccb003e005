"""How input becomes the content of a cell (Sheets API: ValueInputOption), in a spreadsheet of the locale en_US."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from coreops_sandbox.sheets.cells import EPOCH, Cell, Formula, Number, shown

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<money>\$?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<rest>(?:\.\d*)?)"
    r"(?P<power>(?:[eE][+-]?\d{1,3})?)(?P<percent>%?)"
)
_ISO_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_US_DAY = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}))?")
_TIME = re.compile(r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?P<half>\s?[aApP][mM])?")


def typed(text: str, today: date) -> Cell:
    """What a person's typing becomes (USER_ENTERED): ``0042`` the number 42, ``1/2`` the second of January.

    Args:
        text: As typed; a leading apostrophe keeps the rest as it is.
        today: Gives its year to dates without one.
    """
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if text.startswith("=") and len(text) > 1:
        return Formula(text)
    stripped = text.strip()
    if stripped.upper() in {"TRUE", "FALSE"}:
        return stripped.upper() == "TRUE"
    number = _number(stripped)
    if number is None:
        number = _moment(stripped, today)
    return text if number is None else number


def kept(text: str, today: date) -> Cell:
    """What shows exactly as ``text``: the typed value where that is the case, the text itself otherwise.

    So a CSV file becomes a sheet whose numbers are numbers and whose ids have all their digits.
    """
    cell = typed(text, today)
    return cell if not isinstance(cell, Formula) and shown(cell) == text else text


def _number(text: str) -> float | Number | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    value = float(f"{part['sign']}{part['digits'].replace(',', '')}{part['rest']}{part['power']}")
    cents = ".00" if part["rest"].strip(".") else ""
    if part["percent"]:
        return Number(value / 100, f"0{cents}%")
    if part["money"]:
        return Number(value, f"$#,##0{cents}")
    if part["power"]:
        return Number(value, "0.00E+00")
    return Number(value, f"#,##0{cents}") if "," in part["digits"] else value


def _moment(text: str, today: date) -> Number | None:
    """A date, a time, or a date and a time."""
    day_text, _, time_text = text.partition(" ")
    day, clock = _day(day_text, today), _time(time_text.strip())
    if day is not None and not time_text:
        return day
    if day is not None and clock is not None:
        return Number(day.value + clock.value, f"{day.pattern} h:mm:ss")
    return _time(text) if day is None else None


def _day(text: str, today: date) -> Number | None:
    for shape, pattern in ((_ISO_DAY, "yyyy-mm-dd"), (_US_DAY, "m/d/yyyy")):
        found = shape.fullmatch(text)
        if found is None:
            continue
        year = found["y"] or str(today.year)
        try:
            day = date(int(year), int(found["m"]), int(found["d"]))
        except ValueError:
            return None
        return Number(float((day - EPOCH.date()).days), pattern if found["y"] else "m/d")
    return None


def _time(text: str) -> Number | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, half = int(found["h"]), (found["half"] or "").strip().lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        clock = datetime.combine(EPOCH, time(hour, int(found["m"]), int(found["s"] or 0)))
    except ValueError:
        return None
    pattern = f"h:mm{':ss' if found['s'] else ''}{' am/pm' if half else ''}"
    return Number((clock - EPOCH).total_seconds() / 86400, pattern)

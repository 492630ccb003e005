"""Cron expressions as they are written: what their fields may hold, and how croniter is asked for it. Pure.

Five fields as in crontab(5), or one of its nicknames such as ``@daily``. Besides, ``L`` is the last day of a month,
``5L`` its last Friday and ``5#2`` its second one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from croniter import croniter
from croniter.croniter import CroniterError

from coreops_hookspecs.errors import DeclarationError

__all__ = ["FIELDS", "alternatives", "checked_fields", "five_fields"]

FIELDS: Final = ("minute", "hour", "day of month", "month", "day of week")
"""Names of the five fields, in order."""

_ITEM: Final = re.compile(r"(\*|(?P<first>\d{1,2}|[a-z]{3})(-(?P<last>\d{1,2}|[a-z]{3}))?)(/\d{1,2})?", re.ASCII)
_LAST: Final = "l"
_OF_A_WEEKDAY: Final = re.compile(r"(\d|[a-z]{3})(l|#[1-5])", re.ASCII)
_NICKNAMES: Final[Mapping[str, str]] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_EXPECTED: Final = (
    "give 0-59, a list, a range or a step like */15",
    "give 0-23, a list, a range or a step like */2",
    "give 1-31, a list, a range, a step like */2, or L for the last day",
    "give 1-12 or jan-dec, a list, a range or a step like */3",
    "give 0-7 or sun-sat (0 and 7 are Sunday), a list, a range, a step like */2, 5#2 (second Friday), 5L (last one)",
)


def five_fields(expression: str) -> str:
    """Return an expression in lower case with single blanks, a nickname as the five fields it stands for."""
    given = " ".join(expression.lower().split())
    return _NICKNAMES.get(given, given)


def checked_fields(expression: str) -> Sequence[str]:
    """Return the five fields. Raises DeclarationError naming the first field that is wrong."""
    fields = expression.split()
    if len(fields) != len(FIELDS):
        msg = f"cron {expression!r} has {len(fields)} fields; give five: {', '.join(FIELDS)}"
        raise DeclarationError(msg)
    for position, (name, text) in enumerate(zip(FIELDS, fields, strict=True)):
        others = ["*"] * len(FIELDS)
        others[position] = text
        if not _follows_crontab(position, text) or not all(map(_is_in_range, alternatives(" ".join(others)))):
            msg = f"field {name} of cron {expression!r} cannot be {text!r}; {_EXPECTED[position]}"
            raise DeclarationError(msg)
    return fields


def _follows_crontab(position: int, text: str) -> bool:
    """Tell whether a field is as said above: croniter alone also takes other extensions and backward ranges."""
    return all(_is_item(position, item) for item in text.split(","))


def _is_item(position: int, item: str) -> bool:
    names = {3: _MONTHS, 4: _WEEKDAYS}.get(position, ())
    if position == 2 and item == _LAST:
        return True
    if position == 4 and (of_a_weekday := _OF_A_WEEKDAY.fullmatch(item)):
        return _number(of_a_weekday[1], position, names) is not None
    matched = _ITEM.fullmatch(item)
    if matched is None:
        return False
    ends = [_number(end, position, names) for end in (matched["first"], matched["last"]) if end is not None]
    return None not in ends and ends == sorted(ends, key=lambda end: end or 0)


def _number(text: str, position: int, names: Sequence[str]) -> int | None:
    if text.isdecimal():
        return int(text)
    return names.index(text) + (position == 3) if text in names else None


def _is_in_range(expression: str) -> bool:
    try:
        croniter(expression)
    except CroniterError:
        return False
    return True


def alternatives(expression: str) -> Sequence[str]:
    """Return expressions that together fire when this one does, each of a kind that croniter knows."""
    minute, hour, day, month, weekday = expression.split()
    items = weekday.split(",")
    of_a_weekday = [item for item in items if _OF_A_WEEKDAY.fullmatch(item)]
    if not of_a_weekday:
        return (expression,)
    plain = ",".join(item for item in items if item not in of_a_weekday)
    weekdays = [*map(_for_croniter, of_a_weekday), *([plain] if plain else [])]
    both = day.startswith("*")
    found = [f"{minute} {hour} {day if both else '*'} {month} {each}" for each in weekdays]
    return (*found, *(() if both else (f"{minute} {hour} {day} {month} *",)))


def _for_croniter(item: str) -> str:
    """Turn ``5L`` into croniter's way to write it."""
    if not item.endswith(_LAST):
        return item
    day = item.removesuffix(_LAST)
    return f"{_LAST}{_number(day, 4, _WEEKDAYS)}"

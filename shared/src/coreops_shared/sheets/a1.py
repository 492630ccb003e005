"""A1 notation of cells and ranges (Google Sheets API guide, "Cell references")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Area", "cell_name", "column_name", "column_number", "parse_area", "parse_cell", "quote_tab", "tab_range"]

_AREA: Final = re.compile(r"([A-Za-z]{1,3})?([1-9][0-9]{0,7})?(?::([A-Za-z]{1,3})?([1-9][0-9]{0,7})?)?")
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,7})")


def column_name(number: int) -> str:
    """Return the letters of a column counted from 1: 1 is ``A``, 27 is ``AA``. Raises ValueError below 1."""
    if number < 1:
        raise ValueError(f"column {number} is not 1 or greater")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column counted from 1: ``A`` is 1, ``aa`` is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """Return the address of a cell, both counted from 1: ``(2, 3)`` is ``C2``."""
    return f"{column_name(column)}{row}"


def parse_cell(address: str) -> tuple[int, int]:
    """Return row and column, counted from 1, of an address such as ``C2`` or ``$C$2``. Raises ValueError."""
    match = _CELL.fullmatch(address.strip())
    if match is None:
        raise ValueError(f'"{address}" is not a cell address such as C2')
    return int(match[2]), column_number(match[1])


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, counted from 1; ``None`` is where the tab ends."""

    top: int = 1
    left: int = 1
    bottom: int | None = None
    right: int | None = None


def parse_area(text: str) -> Area:
    """Return the area of ``B2``, ``A2:C9``, ``A2:C``, ``A:C`` or ``2:9``; all cells for nothing. Raises ValueError."""
    if not text.strip():
        return Area()
    match = _AREA.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise ValueError(f'"{text}" is not an area of cells such as A2:C9')
    left, top, right, bottom = match.groups()
    if ":" not in text:
        right, bottom = left, top
        if not (left and top):
            raise ValueError(f'"{text}" is not an area of cells such as A2:C9')
    area = Area(
        int(top or 1),
        column_number(left) if left else 1,
        int(bottom) if bottom else None,
        column_number(right) if right else None,
    )
    if (area.bottom or area.top) < area.top or (area.right or area.left) < area.left:
        raise ValueError(f'"{text}" ends before it begins; write it as A2:C9')
    return area


def quote_tab(tab: str) -> str:
    """Return the tab's title quoted for a range: ``it's`` is ``'it''s'``."""
    return "'" + tab.replace("'", "''") + "'"


def tab_range(tab: str, area: str = "") -> str:
    """Return a range in a tab, ``'clans'!A1:C9``; without ``area`` the whole tab."""
    return f"{quote_tab(tab)}!{area}" if area else quote_tab(tab)

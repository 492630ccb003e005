"""A1 notation of cells and ranges (Google Sheets API guide, "Cell references")."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["cell_name", "column_name", "column_number", "parse_cell", "quote_tab", "tab_range"]

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


def quote_tab(tab: str) -> str:
    """Return the tab's title quoted for a range: ``it's`` is ``'it''s'``."""
    return "'" + tab.replace("'", "''") + "'"


def tab_range(tab: str, area: str = "") -> str:
    """Return a range in a tab, ``'clans'!A1:C9``; without ``area`` the whole tab."""
    return f"{quote_tab(tab)}!{area}" if area else quote_tab(tab)

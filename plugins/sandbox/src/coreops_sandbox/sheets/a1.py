"""A1 notation: what names a range of cells (Sheets API guide, "Cell references")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_CORNER = r"\$?([A-Za-z]{0,3})\$?([0-9]{0,8})"
_CELLS = re.compile(rf"{_CORNER}(?::{_CORNER})?")
_QUOTED = re.compile(r"'((?:[^']|'')+)'(?:!(.+))?")
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*")
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, counted from 0, its ends not included; an end of None is the sheet's.

    Args:
        top: First row.
        left: First column.
        bottom: Row behind the last one.
        right: Column behind the last one.
        is_cell: Named as one cell; what is written there may be larger.
    """

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None
    is_cell: bool = False


def parse(text: str) -> tuple[str | None, Area]:
    """The title, None for the first sheet, and the area of a range such as ``'My tab'!A1:B`` or ``clans``.

    Raises:
        ValueError: It is no range.
    """
    if found := _QUOTED.fullmatch(text):
        return found[1].replace("''", "'"), area(found[2]) if found[2] else Area()
    title, bang, cells = text.rpartition("!")
    if text.startswith("'") or (bang and not title):
        raise ValueError(text)
    if bang:
        return title, area(cells)
    try:
        return None, area(text)
    except ValueError:
        if not text:
            raise
        return text, Area()


def area(text: str) -> Area:
    """The area of ``A1``, ``A1:B2``, ``A:B``, ``1:2`` or ``A2:C``; raises ValueError for anything else."""
    found = _CELLS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    letters, number, letters_2, number_2 = found.groups()
    if letters_2 is None:
        if not (letters and number):
            raise ValueError(text)
        row, col = _index(number), column_index(letters)
        return Area(row, col, row + 1, col + 1, is_cell=True)
    if not (letters or number) or not (letters_2 or number_2) or (not letters and letters_2 and not number_2):
        raise ValueError(text)
    top, bottom = _span(number, number_2, _index)
    left, right = _span(letters, letters_2, column_index)
    return Area(top, left, bottom, right)


def column_index(letters: str) -> int:
    """``A`` is 0, ``aa`` is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def letters(index: int) -> str:
    """The column at an index from 0: 0 is ``A``, 26 is ``AA``."""
    return (letters(index // 26 - 1) if index > 25 else "") + chr(65 + index % 26)


def named(title: str, area: Area) -> str:
    """A closed area as Google writes it: ``clans!A1:L20``, ``'D3'!A1`` for a single cell."""
    assert area.bottom is not None
    assert area.right is not None
    first = f"{letters(area.left)}{area.top + 1}"
    last = f"{letters(area.right - 1)}{area.bottom}"
    return f"{quoted(title)}!{first}" if first == last else f"{quoted(title)}!{first}:{last}"


def quoted(title: str) -> str:
    """A title as it stands before ``!``: in quotes where it could be read as something else."""
    if _PLAIN_TITLE.fullmatch(title) and not _LOOKS_LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def _index(number: str) -> int:
    if not int(number):
        raise ValueError(number)
    return int(number) - 1


def _span(first: str, last: str, index: Callable[[str], int]) -> tuple[int, int | None]:
    """Start and end of one dimension; the corners of a range may stand in any order."""
    if not last:
        return (index(first) if first else 0), None
    if not first:
        return 0, index(last) + 1
    low, high = sorted((index(first), index(last)))
    return low, high + 1

"""Many cells of one column at once: what JSON's own reader made of them becomes the field's values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, Literal

from coreops_shared.sheets.headers import FieldPlan

__all__ = ["BAD", "Read", "json_type", "values_of"]

BAD: Final = object()
"""Stands for a value that could not be read."""

_BLANK: Final = Literal[""]

_REPEATED: Final = 8
"""How often a text stands in a column's first piece on average, at least, to be held once only."""

_MOST_HELD: Final = 1000

Read = Callable[[Sequence[Any]], tuple[Sequence[Any], Sequence[int]]]
"""Turns the cells of a column into values and says which places are bad."""


def json_type(plan: FieldPlan, *, blank: bool) -> Any:
    """Return the type as which msgspec reads the cell: the field's own where both read alike, text otherwise."""
    native: Any = plan.reader.native
    if native not in {int, float}:
        return str
    return native | _BLANK if blank else native


def values_of(plan: FieldPlan, *, blank: bool) -> Read | None:
    """Return what reads a column whose cells have arrived as :func:`json_type`; ``None`` if they are the values.

    Args:
        plan: The field.
        blank: Whether a cell may be blank.
    """
    fill = plan.blank if blank else None
    native = plan.reader.native
    if native is str:
        return _Texts(fill).read
    if native is int and fill is None:
        return None
    if native is not None:
        return lambda cells: _numbers(cells, fill, finite=native is int)
    known = _Known(plan, fill)
    return known.read


class _Texts:
    """Texts without the blanks around them; where few different ones stand in many cells, each is held once."""

    def __init__(self, fill: Callable[[], Any] | None) -> None:
        self._fill = fill
        self._held: _Held | None = None
        self._looked = False

    def read(self, cells: Sequence[str]) -> tuple[Sequence[Any], Sequence[int]]:
        held = self._held
        if held is not None:
            texts = _looked_up(held, cells)
            if len(held) > _MOST_HELD:
                self._held = None
            return _filled(texts, self._fill) if held.blank else (texts, ())
        texts = list(map(str.strip, cells))
        if not self._looked:
            self._looked = True
            self._held = _Held() if len(set(texts)) <= len(texts) / _REPEATED else None
        return (texts, ()) if all(texts) else _filled(texts, self._fill)


class _Held(dict[str, str]):
    """Texts by the cells they stand in."""

    blank = False

    def __missing__(self, cell: str) -> str:
        text = self[cell] = cell.strip()
        self.blank = self.blank or not text
        return text


def _numbers(
    cells: Sequence[Any], fill: Callable[[], Any] | None, *, finite: bool
) -> tuple[Sequence[Any], Sequence[int]]:
    has_blanks = fill is not None and str in set(map(type, cells))
    numbers = [cell for cell in cells if cell != ""] if has_blanks else cells
    if not finite and not math.isfinite(sum(numbers)):  # msgspec reads "nan" and "inf"
        return cells, [place for place, cell in enumerate(cells) if cell != "" and not math.isfinite(cell)]
    return _filled(cells, fill) if has_blanks else (cells, ())


def _filled(cells: Sequence[Any], fill: Callable[[], Any] | None) -> tuple[Sequence[Any], Sequence[int]]:
    blanks = [place for place, value in enumerate(cells) if value == ""]
    if fill is None:
        return cells, blanks
    values = list(cells)
    for place in blanks:
        values[place] = fill()
    return values, ()


class _Known(dict[str, Any]):
    """Values by the text they were read from: where few words stand in many cells, each is read once."""

    def __init__(self, plan: FieldPlan, fill: Callable[[], Any] | None) -> None:
        super().__init__()
        self._reader = plan.reader
        self._fill = fill
        self._failed = False

    def read(self, cells: Sequence[str]) -> tuple[Sequence[Any], Sequence[int]]:
        self._failed = False
        values = _looked_up(self, cells)
        return values, [place for place, value in enumerate(values) if value is BAD] if self._failed else ()

    def __missing__(self, cell: str) -> Any:
        text = cell.strip()
        if not text and self._fill is not None:
            return self._fill()
        try:
            value = self._reader.read(text) if text else BAD
        except ValueError:
            value = BAD
        if value is BAD:
            self._failed = True
        elif self._reader.pure:
            self[cell] = value
        return value


def _looked_up(values: dict[str, Any], cells: Sequence[str]) -> Sequence[Any]:
    return itemgetter(*cells)(values) if len(cells) > 1 else [values[cell] for cell in cells]

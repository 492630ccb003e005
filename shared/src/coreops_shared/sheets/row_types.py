"""As what msgspec reads the rows of a tab: one type that fits any, and one that knows the words of the tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from coreops_shared.sheets.by_column import json_type
from coreops_shared.sheets.cells import ERRORS
from coreops_shared.sheets.headers import BoundColumn

__all__ = ["RowType", "Words"]

_MOST_WORDS: Final = 64
_REPEATED: Final = 4
"""How often each word of a column stands in a piece on average, at least, for the column to be one of few words."""
_MOST_MISSES: Final = 3
"""Pieces with a word that was not known, after which words are not looked for any more in a tab."""


class RowType:
    """The type of a row as an array.

    Google leaves blank cells away at the end of a row, and only there. Where the last cell must not be blank, all rows
    are of one length, and plain tuples do.

    Args:
        columns: Where the record's fields stand.
        key: Field that is the key.
        width: How many cells the header row has.
        words: The only texts that stand in a column, by its index.
    """

    def __init__(
        self, columns: Sequence[BoundColumn], key: str, width: int, words: Mapping[int, Sequence[str]] | None = None
    ) -> None:
        words = words or {}
        bound = {column.index: column.plan for column in columns}
        required = max(index for index, plan in bound.items() if plan.blank is None or plan.field == key)
        kinds: list[Any] = [Any] * (max(bound) + 1)
        for index, plan in bound.items():
            kinds[index] = json_type(plan, blank=plan.blank is not None and plan.field != key)
        for index, texts in words.items():
            kinds[index] = Literal[tuple(texts)]
        self.as_they_are = frozenset(
            index
            for index, texts in words.items()
            if bound[index].reader.native is str and all(text and text == text.strip() for text in texts)
        )
        """Columns whose cells are their field's values."""
        self._plain = required == width - 1
        row: Any = tuple[tuple(kinds)] if self._plain else _struct(kinds, required)  # type: ignore[misc]
        self.all = msgspec.json.Decoder(list[row], strict=False)
        self.one = msgspec.json.Decoder(row, strict=False)

    def columns(self, rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Turn rows into columns."""
        return list(zip(*(rows if self._plain else map(msgspec.structs.astuple, rows)), strict=True))


def _struct(kinds: Sequence[Any], required: int) -> type[msgspec.Struct]:
    fields: list[Any] = [
        (f"c{index}", kind) if index <= required else (f"c{index}", kind, "") for index, kind in enumerate(kinds)
    ]
    return msgspec.defstruct("Row", fields, array_like=True, gc=False)


class Words:
    """The words of those columns in which few stand many times, such as modes and ranks.

    Once they are known msgspec hands over the same text for each cell, instead of making one that is looked up and
    thrown away. A piece with a word that is not known is read as any other tab, and the word learnt.

    Args:
        columns: Where the record's fields stand.
        key: Field that is the key.
        width: How many cells the header row has.
    """

    def __init__(self, columns: Sequence[BoundColumn], key: str, width: int) -> None:
        self._columns, self._key, self._width = columns, key, width
        self._texts: dict[int, dict[str, None]] | None = None
        self._type: RowType | None = None
        self._left = _MOST_MISSES

    def decode(self, piece: bytes) -> tuple[RowType, list[Any]] | None:
        """Read a piece, or return ``None`` if the words are not known. Raises msgspec.DecodeError."""
        if self._type is None:
            return None
        try:
            return self._type, self._type.all.decode(piece)
        except msgspec.ValidationError:
            self._type = None
            self._left -= 1
            return None

    def look_at(self, cells: Sequence[Sequence[Any]]) -> None:
        """Learn the words of a piece that was read without knowing them; its cells come by column."""
        if self._left <= 0 or not cells:
            return
        known, found = self._texts, {}
        for column in self._columns:
            place, values = column.index, cells[column.index]
            if column.plan.field == self._key or column.plan.reader.native in {int, float}:
                continue
            if known is not None and place not in known:
                continue
            texts = {**(known or {}).get(place, {}), **dict.fromkeys(values)}
            most = _MOST_WORDS if known else min(_MOST_WORDS, len(values) // _REPEATED)
            if len(texts) <= most and ERRORS.isdisjoint(texts):
                found[place] = texts
        self._texts = found
        words = {place: tuple(texts) for place, texts in found.items()}
        self._type = RowType(self._columns, self._key, self._width, words) if words else None
        self._left = self._left if words else 0

"""Rows straight from bytes: msgspec reads a piece of JSON into typed rows, and columns become records at once.

A row with a cell that this cannot read, or reads differently from :class:`RowReader`, is handed to that one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec

from coreops_shared.sheets.by_column import Read, values_of
from coreops_shared.sheets.by_row import RowReader
from coreops_shared.sheets.cells import ERRORS
from coreops_shared.sheets.collected import Collected
from coreops_shared.sheets.headers import BoundColumn, RecordPlan
from coreops_shared.sheets.pieces import row_text
from coreops_shared.sheets.row_types import RowType, Words

__all__ = ["BlockReader"]

R = TypeVar("R")

# what comes before the group is one byte, which the regular expression engine looks for as fast as memory is read
_ERROR: Final = re.compile(b"#(?:%b)" % b"|".join(re.escape(error[1:].encode()) for error in sorted(ERRORS)))
_QUOTE: Final = ord('"')


class BlockReader(Generic[R]):
    """Reads JSON arrays of rows, one after the other.

    Args:
        plan: What the record asks for.
        columns: Where its fields stand; the key's column must be among them.
        width: How many cells the header row has.
        by_row: Reads the rows that this cannot read.
        into: Takes what becomes of the others; the same as that of ``by_row``.
    """

    def __init__(
        self,
        plan: RecordPlan[R],
        columns: Sequence[BoundColumn],
        width: int,
        by_row: RowReader[R],
        into: Collected[R],
    ) -> None:
        self._by_row = by_row
        self._into = into
        self._next = 2  # the header row is the first
        self._build = _builder(plan)
        bound = {column.plan.field: column.index for column in columns}
        self._fields = [
            _Field(bound.get(field.field), values_of(field, blank=field.field != plan.spec.key), field.default)
            for field in plan.fields
        ]
        self._key = next(place for place, field in enumerate(plan.fields) if field.field == plan.spec.key)
        self._key_is_text = plan.fields[self._key].reader.native is str
        self._type = RowType(columns, plan.spec.key, width)
        self._words = Words(columns, plan.spec.key, width)
        self._apart = msgspec.json.Decoder(list[msgspec.Raw])

    def read(self, piece: bytes) -> None:
        """Read the next rows. Raises msgspec.DecodeError, having done nothing, if they are not whole JSON."""
        apart: list[msgspec.Raw] | None = None
        try:
            kind, rows = self._words.decode(piece) or (self._type, self._type.all.decode(piece))
            places: Sequence[int] = range(len(rows))
        except msgspec.ValidationError:
            kind, apart = self._type, self._apart.decode(piece)
            rows, places = self._one_by_one(apart)
        count = len(rows) if apart is None else len(apart)
        errors = [found.span() for found in _ERROR.finditer(piece)]
        padded = any(piece[start - 1] != _QUOTE or piece[end] != _QUOTE for start, end in errors)
        places, columns = self._columns(kind, rows, places, failed=bool(errors), padded=padded)
        places, columns, records = self._records(places, columns)
        written = self._written(columns)
        if len(places) == count and (self._key_is_text or all(written)):
            self._into.add_all(self._next, written, records)
        else:
            self._merge(self._apart.decode(piece) if apart is None else apart, places, written, records)
        self._next += count

    def _one_by_one(self, apart: Sequence[msgspec.Raw]) -> tuple[list[Any], list[int]]:
        rows: list[Any] = []
        places: list[int] = []
        for place, raw in enumerate(apart):
            try:
                rows.append(self._type.one.decode(raw))
            except msgspec.ValidationError:
                continue
            places.append(place)
        return rows, places

    def _columns(
        self, kind: RowType, rows: Sequence[Any], places: Sequence[int], *, failed: bool, padded: bool
    ) -> tuple[Sequence[int], list[Sequence[Any]]]:
        """Return the values of each field of the rows that are good, and the places of those.

        Args:
            kind: What msgspec has read them as.
            rows: The rows.
            places: Which rows of the piece they are.
            failed: Whether a cell may show the error of a formula.
            padded: Whether it may do so with blanks around.
        """
        cells = kind.columns(rows)
        if kind is self._type:
            self._words.look_at(cells)
        columns: list[Sequence[Any]] = []
        values: Sequence[Any]
        bad: set[int] = set()
        for field in self._fields:
            if field.index is None or not rows:
                columns.append([field.default() for _ in rows] if field.default is not None else [])
                continue
            values = cells[field.index]
            if padded:
                bad.update(
                    place for place, cell in enumerate(values) if isinstance(cell, str) and cell.strip() in ERRORS
                )
            elif failed and not ERRORS.isdisjoint(values):
                bad.update(place for place, cell in enumerate(values) if cell in ERRORS)
            if field.read is not None and field.index not in kind.as_they_are:
                values, wrong = field.read(values)
                bad.update(wrong)
            columns.append(values)
        return _without(bad, places, columns) if bad else (places, columns)

    def _records(
        self, places: Sequence[int], columns: list[Sequence[Any]]
    ) -> tuple[Sequence[int], list[Sequence[Any]], list[R]]:
        try:
            return places, columns, list(map(self._build, *columns))
        except ValueError:  # from the __post_init__ of one of them
            bad: set[int] = set()
            records: list[R] = []
            for place, values in enumerate(zip(*columns, strict=True)):
                try:
                    records.append(self._build(*values))
                except ValueError:
                    bad.add(place)
            return *_without(bad, places, columns), records

    def _written(self, columns: Sequence[Sequence[Any]]) -> Sequence[str]:
        keys = columns[self._key]
        return keys if self._key_is_text else ["" if key is None else str(key).strip() for key in keys]

    def _merge(
        self, apart: Sequence[msgspec.Raw], places: Sequence[int], written: Sequence[str], records: Sequence[R]
    ) -> None:
        start = taken = 0
        for bad in sorted(set(range(len(apart))).difference(places)):
            end = taken + bad - start
            self._take(start, written[taken:end], records[taken:end])
            self._by_row.read(self._next + bad, row_text(apart[bad]))
            start, taken = bad + 1, end
        self._take(start, written[taken:], records[taken:])

    def _take(self, start: int, written: Sequence[str], records: Sequence[R]) -> None:
        """Hand on the records of rows that follow each other; ``start`` is the place of the first."""
        first = self._next + start
        if self._key_is_text or all(written):
            if records:
                self._into.add_all(first, written, records)
            return
        for number, (text, record) in enumerate(zip(written, records, strict=True), start=first):
            self._into.add(number, text, record)


class _Field:
    __slots__ = ("default", "index", "read")

    def __init__(self, index: int | None, read: Read | None, default: Callable[[], Any] | None) -> None:
        self.index = index
        self.read = read
        self.default = default


def _builder(plan: RecordPlan[R]) -> Callable[..., R]:
    """Return what makes a record of values in the order of the plan's fields."""
    record, names = plan.spec.record, [field.field for field in plan.fields]
    parameters = inspect.signature(record).parameters.values()
    if [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD] == names:
        return record
    return lambda *values: record(**dict(zip(names, values, strict=True)))


def _without(
    bad: set[int], places: Sequence[int], columns: Sequence[Sequence[Any]]
) -> tuple[Sequence[int], list[Sequence[Any]]]:
    kept = [place for place in range(len(places)) if place not in bad]
    return [places[place] for place in kept], [[column[place] for place in kept] for column in columns]

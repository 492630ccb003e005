"""Typed rows: the text of a tab becomes records, in pieces, and every bad cell is named.

This is the path for tables that are text already; it never raises for a bad cell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from coreops_hookspecs import BucketSpec, RowProblem, Table
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.headers import BoundColumn, RecordPlan, compile_spec

__all__ = ["Parsed", "aparse", "parse"]

R = TypeVar("R")

CHUNK: Final = 250
"""Rows read before the event loop gets its turn: some milliseconds."""

KEPT_PROBLEMS: Final = 10
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R]):
    """What a tab gave.

    Args:
        rows: Records in the order of the tab.
        by_key: The same by key, case-folded.
        problems: The first ten bad cells.
        problem_count: How many rows were left out.
    """

    rows: tuple[R, ...]
    by_key: Mapping[str, R]
    problems: tuple[RowProblem, ...]
    problem_count: int


def parse(spec: BucketSpec[R], table: Table) -> Parsed[R]:
    """Read a whole table at once.

    Raises:
        SheetsSchemaError: headers are missing or repeated; all of them are listed.
        DeclarationError: the bucket's record cannot be read from cells.
    """
    reader = _Reader(compile_spec(spec), table)
    for _ in reader.chunks(len(table.rows) or 1):
        pass
    return reader.result()


async def aparse(spec: BucketSpec[R], table: Table, chunk: int = CHUNK) -> Parsed[R]:
    """Read a table like :func:`parse`, giving the event loop its turn after each ``chunk`` rows."""
    reader = _Reader(compile_spec(spec), table)
    for _ in reader.chunks(chunk):
        await asyncio.sleep(0)
    return reader.result()


class _Reader(Generic[R]):
    """Reads rows one by one and collects what became of them."""

    def __init__(self, plan: RecordPlan[R], table: Table) -> None:
        self._spec = plan.spec
        self._columns = plan.bind(table)
        self._key_index = next((one.index for one in self._columns if one.plan.field == plan.spec.key), 0)
        self._table = table
        self._rows: list[R] = []
        self._by_key: dict[str, R] = {}
        self._first_row: dict[str, int] = {}
        self._problems: list[RowProblem] = []
        self._left_out = 0

    def chunks(self, chunk: int) -> Iterator[None]:
        rows = self._table.rows
        for start in range(1, len(rows), chunk):
            for number, row in enumerate(rows[start : start + chunk], start=start + 1):
                self._read(number, row)
            yield

    def result(self) -> Parsed[R]:
        return Parsed(tuple(self._rows), MappingProxyType(self._by_key), tuple(self._problems), self._left_out)

    def _read(self, number: int, row: tuple[str, ...]) -> None:
        if not any(text.strip() for text in row):
            return
        values: dict[str, Any] = {}
        problems = [
            problem for column in self._columns if (problem := _read_cell(column, number, row, values)) is not None
        ]
        if not problems:
            problems = self._keep(number, values)
        if problems:
            self._left_out += 1
            self._problems += problems[: KEPT_PROBLEMS - len(self._problems)]

    def _keep(self, number: int, values: dict[str, Any]) -> list[RowProblem]:
        written = str(values.get(self._spec.key, "")).strip()
        key = written.casefold()
        cell = cell_name(number, self._key_index + 1)
        if not key:
            return [RowProblem(cell, "", "a key (required)")]
        if key in self._first_row:
            first = cell_name(self._first_row[key], self._key_index + 1)
            return [RowProblem(cell, _shortened(written), f"unique; {first} has the same key")]
        try:
            record = self._spec.record(**values)
        except ValueError as error:  # the record's own __post_init__
            return [RowProblem(cell, _shortened(written), f"a row that fits: {error}")]
        self._first_row[key] = number
        self._by_key[key] = record
        self._rows.append(record)
        return []


def _read_cell(column: BoundColumn, number: int, row: tuple[str, ...], values: dict[str, Any]) -> RowProblem | None:
    plan, reader = column.plan, column.plan.reader
    text = row[column.index].strip() if column.index < len(row) else ""
    if not text:
        if plan.has_default:
            return None
        if reader.nullable:
            values[plan.field] = None
            return None
        return RowProblem(cell_name(number, column.index + 1), "", f"{reader.expected or 'a value'} (required)")
    try:
        values[plan.field] = reader.read(text)
    except ValueError as error:
        return RowProblem(cell_name(number, column.index + 1), _shortened(text), reader.expected or str(error))
    return None


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

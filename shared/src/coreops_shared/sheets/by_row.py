"""Rows read one by one: the path for text and for rows with a bad cell, and the measure of every faster one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from coreops_hookspecs import RowProblem
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.cells import ERRORS
from coreops_shared.sheets.collected import Collected, shortened
from coreops_shared.sheets.headers import BoundColumn, FieldPlan, RecordPlan

__all__ = ["RowReader"]

R = TypeVar("R")


class RowReader(Generic[R]):
    """Reads rows of text; never raises for a bad cell.

    Args:
        plan: What the record asks for.
        columns: Where its fields stand.
        into: Takes what becomes of each row.
    """

    def __init__(self, plan: RecordPlan[R], columns: Sequence[BoundColumn], into: Collected[R]) -> None:
        self._record = plan.spec.record
        self._key = plan.spec.key
        self._key_column = next((one.index + 1 for one in columns if one.plan.field == self._key), 1)
        self._columns = [(one.plan.field, one.index, one.plan.reader.read, one.plan) for one in columns]
        self._into = into

    def read(self, number: int, row: Sequence[str]) -> None:
        """Read the row of that number, counted from 1; a blank one is none."""
        row = [text.strip() for text in row]
        failed = not ERRORS.isdisjoint(row)
        if not any(row):
            return
        width = len(row)
        values: dict[str, Any] = {}
        problems: list[RowProblem] = []
        for field, index, read, plan in self._columns:
            text = row[index] if index < width else ""
            if not text:
                if plan.blank is None:
                    problems.append(_blank(cell_name(number, index + 1), plan))
                elif plan.default is None:
                    values[field] = None
                continue
            if failed and text in ERRORS:
                problems.append(RowProblem(cell_name(number, index + 1), text, _wanted(plan)))
                continue
            try:
                values[field] = read(text)
            except ValueError as error:
                problems.append(_bad(cell_name(number, index + 1), text, plan, error))
        self._keep(number, values, problems)

    def _keep(self, number: int, values: dict[str, Any], problems: list[RowProblem]) -> None:
        key = values.get(self._key)
        written = "" if key is None else str(key).strip()
        if problems:
            self._into.leave_out(problems)
            return
        if not written:
            self._into.leave_out_keyless(number)
            return
        try:
            record = self._record(**values)
        except ValueError as error:  # the record's own __post_init__
            cell = cell_name(number, self._key_column)
            self._into.leave_out([RowProblem(cell, shortened(written), f"a row that fits: {error}")])
        else:
            self._into.add(number, written, record)


def _blank(cell: str, plan: FieldPlan) -> RowProblem:
    return RowProblem(cell, "", f"{plan.reader.expected or 'a value'} (required)")


def _wanted(plan: FieldPlan) -> str:
    """Return what a cell should show in place of a formula's error."""
    if plan.reader.native is str or not plan.reader.expected:
        return f"{plan.reader.expected or 'a value'}, but the error of a formula"
    return plan.reader.expected


def _bad(cell: str, text: str, plan: FieldPlan, error: ValueError) -> RowProblem:
    return RowProblem(cell, shortened(text), plan.reader.expected or str(error))

"""What accepted writes mean for a tab as it is: what has to be written, what is there already, what cannot be. Pure.

Whether a write was done although its answer got lost is read from the tab: a row with its key and its texts is done. So
the same writes may be planned again after any interruption, and nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from coreops_hookspecs import Table
from coreops_hookspecs.outbox import Write, WriteKind
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.headers import folded
from coreops_shared.suggest import did_you_mean

__all__ = ["Plan", "batch", "merged", "plan"]

_LARGEST: Final = 100
"""Writes that go into one call at most."""


@dataclass(slots=True)
class Plan:
    """What has to be written.

    Args:
        blocks: Single cells of rows that exist.
        rows: Rows to append.
        refused: Why a write cannot be done, by its number; nothing of it is in the others.
    """

    blocks: list[tuple[str, Sequence[Sequence[str]]]] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def _same_row(text: str) -> str:
    """Return what two keys of the same row have in common."""
    return text.strip().casefold()


def batch(writes: Sequence[Write]) -> tuple[Write, ...]:
    """Return the first writes of a tab's queue that may go together.

    Each is for another row: of two changes to one row, done together, the first could not be told from one that is
    still to be done.
    """
    taken: list[Write] = []
    rows: set[str] = set()
    for write in writes[:_LARGEST]:
        row = _same_row(write.row)
        if row in rows or folded(write.key) != folded(writes[0].key):
            break
        rows.add(row)
        taken.append(write)
    return tuple(taken)


def merged(writes: Sequence[Write], row: str, key: str) -> Mapping[str, str]:
    """Return what writes leave in one row, by header."""
    texts: dict[str, str] = {}
    for write in writes:
        if _same_row(write.row) == _same_row(row) and folded(write.key) == folded(key):
            texts |= write.values
    return texts


def plan(writes: Sequence[Write], table: Table) -> Plan:
    """Compare writes (see :func:`batch`) with a tab."""
    made = Plan()
    headers = [folded(header) for header in table.headers]
    rows = _rows_by_key(table, headers.index(folded(writes[0].key))) if folded(writes[0].key) in headers else {}
    for write in writes:
        problem = _headers_problem(write, table, headers)
        if not problem:
            problem = _place(write, _Tab(table, headers, rows.get(_same_row(write.row), ())), made)
        if problem:
            made.refused[write.number] = problem
    return made


@dataclass(frozen=True, slots=True)
class _Tab:
    """A tab as one write sees it: with the numbers of the rows that have its key."""

    table: Table
    headers: list[str]
    found: Sequence[int]

    def cells(self, texts: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
        """Yield column (from 0), text wanted and text found for each header, in the row that was found."""
        row = self.table.rows[self.found[0] - 1]
        for header, text in texts.items():
            column = self.headers.index(folded(header))
            yield column, text, row[column] if column < len(row) else ""

    def names(self, columns: Iterable[int]) -> str:
        return ", ".join(
            f"{cell_name(self.found[0], column + 1)} ({self.table.headers[column]})" for column in sorted(columns)
        )


def _place(write: Write, tab: _Tab, made: Plan) -> str:
    """Add to the plan what a write takes; return why it cannot be done."""
    what = f'with the {write.key} "{write.row}"'
    if len(tab.found) > 1:
        column = tab.headers.index(folded(write.key)) + 1
        cells = " and ".join(cell_name(number, column) for number in tab.found[:2])
        return f"two rows {what}: {cells}; make them different"
    if tab.found:
        return _change(write, tab, made, what)
    if write.kind is WriteKind.UPDATE:
        return f"no row {what}; it was taken away, or never there"
    texts = {tab.headers.index(folded(header)): text for header, text in write.values.items()}
    made.rows.append(tuple(texts.get(column, "") for column in range(max(texts) + 1)))
    return ""


def _change(write: Write, tab: _Tab, made: Plan, what: str) -> str:
    """Add to the plan which cells of the row that was found differ; return why they may not be changed."""
    values = {header: text for header, text in write.values.items() if folded(header) != folded(write.key)}
    different = {column: wanted for column, wanted, found in tab.cells(values) if wanted != found}
    if not different:  # done before, or so by chance: nothing is left to do
        return ""
    if write.kind is WriteKind.APPEND and write.expected is not None:
        return f"a row {what} is there already and has something else in {tab.names(different)}"
    done = {column for column, _, _ in tab.cells(values)} - set(different)
    edited = [column for column, text, found in tab.cells(write.expected or {}) if text != found and column not in done]
    if edited:
        return f"somebody else edited {tab.names(edited)} meanwhile; nothing was overwritten"
    made.blocks += [(cell_name(tab.found[0], column + 1), [[wanted]]) for column, wanted in different.items()]
    return ""


def _headers_problem(write: Write, table: Table, headers: Sequence[str]) -> str:
    problems = []
    for name in dict.fromkeys([write.key, *write.values, *(write.expected or {})]):
        count = headers.count(folded(name))
        if count == 0:
            problems.append(f'no column "{name}"{did_you_mean(name, table.headers)}')
        elif count > 1:
            problems.append(f'column "{name}" stands {count} times')
    return "; ".join(problems)


def _rows_by_key(table: Table, column: int) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, row in enumerate(table.rows[1:], start=2):
        if column < len(row):
            numbers.setdefault(_same_row(row[column]), []).append(number)
    return numbers

"""What the rows of one tab have become so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from coreops_hookspecs import RowProblem
from coreops_shared.sheets.a1 import cell_name

__all__ = ["Collected", "Parsed", "shortened"]

R = TypeVar("R")

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

    rows: tuple[R, ...] = field(repr=False)
    by_key: Mapping[str, R] = field(repr=False)
    problems: tuple[RowProblem, ...]
    problem_count: int


class Collected(Generic[R]):
    """Takes records in the order of the tab, each key once.

    Args:
        key_column: Where the key stands, counted from 1, for messages.
    """

    def __init__(self, key_column: int) -> None:
        self._key_column = key_column
        self._rows: list[R] = []
        self._by_key: dict[str, R] = {}
        self._runs: list[tuple[int, int]] = []
        self._unique = True
        self._problems: list[RowProblem] = []
        self._left_out = 0

    def add(self, number: int, written: str, record: R) -> None:
        """Take the record of the row of that number, or name its key if that is blank or taken."""
        key = written.casefold()
        if not key:
            self.leave_out_keyless(number)
        elif key in self._by_key:
            self.leave_out([RowProblem(self._cell(number), shortened(written), self._taken(key))])
        else:
            self._run(number)
            self._by_key[key] = record
            self._rows.append(record)

    def add_all(self, first: int, written: Sequence[str], records: Sequence[R]) -> None:
        """Take the records of rows that follow each other, their keys not blank; ``first`` is the first's number."""
        if self._unique:
            before = len(self._rows)
            self._by_key.update(zip(map(str.casefold, written), records, strict=True))
            if len(self._by_key) == before + len(records):
                self._run(first)
                self._rows += records
                return
            # a key was taken: go back, and look at each from now on; a dictionary keeps the order of first insertion
            self._by_key = dict(zip(islice(self._by_key, before), self._rows, strict=True))
            self._unique = False
        for number, (text, record) in enumerate(zip(written, records, strict=True), start=first):
            self.add(number, text, record)

    def leave_out(self, problems: Sequence[RowProblem]) -> None:
        """Count a row that cannot be read, and keep its problems if they are among the first."""
        self._left_out += 1
        self._problems += problems[: KEPT_PROBLEMS - len(self._problems)]

    def leave_out_keyless(self, number: int) -> None:
        """Leave out the row of that number, which has no key."""
        self.leave_out([RowProblem(self._cell(number), "", "a key (required)")])

    def result(self) -> Parsed[R]:
        """Return what has been taken."""
        return Parsed(tuple(self._rows), MappingProxyType(self._by_key), tuple(self._problems), self._left_out)

    def _taken(self, key: str) -> str:
        if len(self._problems) >= KEPT_PROBLEMS:
            return ""  # nobody will read it, and to look for the first one takes time
        place = next(place for place, taken in enumerate(self._by_key) if taken == key)
        start, number = self._runs[bisect_right(self._runs, place, key=lambda run: run[0]) - 1]
        return f"unique; {self._cell(number + place - start)} has the same key"

    def _run(self, number: int) -> None:
        """Note the number of the next row, unless it follows that of the last."""
        place = len(self._rows)
        if not self._runs or number - place != self._runs[-1][1] - self._runs[-1][0]:
            self._runs.append((place, number))

    def _cell(self, number: int) -> str:
        return cell_name(number, self._key_column)


def shortened(text: str) -> str:
    """Return the text, or the beginning of a long one."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

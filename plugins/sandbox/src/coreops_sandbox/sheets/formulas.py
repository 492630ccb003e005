"""Works formulas out: references, operators and the functions that people use most.

A function that exists at Google and not here shows ``#NAME?``, as one that exists nowhere.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coreops_sandbox.sheets.cells import Cell, Fault, Formula, Value, plain, shown
from coreops_sandbox.sheets.grammar import Call, Literal, Node, Reference, read
from coreops_sandbox.sheets.spreadsheets import Spreadsheet
from coreops_sandbox.sheets.tab import Tab

REF, VALUE, DIV, NAME, NUM, ERROR = map(Fault, ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#ERROR!"))


class _FailedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Calculator:
    """Values of a spreadsheet's cells; remembers what it has worked out, so make one for each request."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self._spreadsheet = spreadsheet
        self._known: dict[tuple[int, int, int], Value] = {}

    def row(self, tab: Tab, number: int, left: int, cells: Sequence[Cell]) -> list[Value]:
        """The values of cells that stand side by side from a place on."""
        return [
            self._formula(tab, number, left + at, cell) if isinstance(cell, Formula) else cell
            for at, cell in enumerate(cells)
        ]

    def _formula(self, tab: Tab, row: int, col: int, formula: Formula) -> Value:
        place = (tab.sheet_id, row, col)
        if place not in self._known:
            self._known[place] = REF  # what a formula sees that leads back to itself
            try:
                self._known[place] = self._scalar(tab, read(formula.text[1:]))
            except _FailedError as error:
                self._known[place] = error.fault
            except (ValueError, RecursionError):
                self._known[place] = ERROR
        return self._known[place]

    def _scalar(self, tab: Tab, node: Node) -> Value:
        values = list(self._values(tab, node))
        if len(values) != 1:
            raise _FailedError(VALUE)
        if isinstance(values[0], Fault):
            raise _FailedError(values[0])
        return values[0]

    def _values(self, tab: Tab, node: Node) -> Iterator[Value]:
        match node:
            case Literal():
                yield node.value
            case Reference():
                yield from self._cells(tab, node)
            case Call():
                yield self._call(tab, node)

    def _cells(self, tab: Tab, node: Reference) -> Iterator[Value]:
        target = tab if node.title is None else self._spreadsheet.tab(node.title)
        if target is None or target.starts_outside(node.area):
            raise _FailedError(REF)
        area = target.closed(node.area)
        assert area.bottom is not None
        assert area.right is not None
        for row in range(area.top, area.bottom):
            for col in range(area.left, area.right):
                cell = target.get(row, col)
                yield self._formula(target, row, col, cell) if isinstance(cell, Formula) else cell

    def _call(self, tab: Tab, node: Call) -> Value:
        if node.name in _OPERATORS and len(node.arguments) == 2:
            left, right = (self._scalar(tab, argument) for argument in node.arguments)
            return _OPERATORS[node.name](left, right)
        if node.name == "IF" and len(node.arguments) in {2, 3}:
            chosen = node.arguments[1:2] if self._scalar(tab, node.arguments[0]) else node.arguments[2:]
            return self._scalar(tab, chosen[0]) if chosen else False
        if node.name == "IFERROR" and len(node.arguments) in {1, 2}:
            try:
                return self._scalar(tab, node.arguments[0])
            except _FailedError:
                return self._scalar(tab, node.arguments[1]) if node.arguments[1:] else None
        if node.name not in _FUNCTIONS:
            raise _FailedError(NAME)
        values = [plain(value) for argument in node.arguments for value in self._values(tab, argument)]
        for value in values:
            if isinstance(value, Fault):
                raise _FailedError(value)
        return _FUNCTIONS[node.name](values)


def _number(value: Value) -> float:
    bare = plain(value)
    if isinstance(bare, str):
        try:
            return float(bare)
        except ValueError:
            raise _FailedError(VALUE) from None
    return float(bare) if isinstance(bare, bool | int | float) else 0.0


def _arithmetic(apply: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        try:
            result = apply(_number(left), _number(right))
        except ZeroDivisionError:
            raise _FailedError(DIV) from None
        except OverflowError:
            raise _FailedError(NUM) from None
        if isinstance(result, complex):
            raise _FailedError(NUM)
        return result

    return run


def _compared(apply: Callable[[tuple[int, Any], tuple[int, Any]], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: apply(_rank(left, right), _rank(right, left))


def _rank(value: Value, other: Value) -> tuple[int, Any]:
    """What to compare a value by: text comes after every number, TRUE after every text, a blank is like the other."""
    match plain(value):
        case None:
            return (1, "") if isinstance(other, str) else (0, 0.0)
        case str() as text:
            return 1, text.casefold()
        case bool() as flag:
            return 2, flag
        case number:
            return 0, number


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "^": _arithmetic(operator.pow),
    "&": lambda left, right: shown(left) + shown(right),
    "=": _compared(operator.eq),
    "<>": _compared(operator.ne),
    "<": _compared(operator.lt),
    ">": _compared(operator.gt),
    "<=": _compared(operator.le),
    ">=": _compared(operator.ge),
}


def _numbers(values: Sequence[Value]) -> list[float]:
    return [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _average(values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    if not numbers:
        raise _FailedError(DIV)
    return sum(numbers) / len(numbers)


def _round(values: Sequence[Value]) -> Value:
    return round(_number(values[0]), int(_number(values[1])) if values[1:] else 0) if values else None


_FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "SUM": lambda values: float(sum(_numbers(values))),
    "COUNT": lambda values: float(len(_numbers(values))),
    "COUNTA": lambda values: float(sum(value is not None for value in values)),
    "AVERAGE": _average,
    "MIN": lambda values: min(_numbers(values), default=0.0),
    "MAX": lambda values: max(_numbers(values), default=0.0),
    "ROUND": _round,
    "CONCATENATE": lambda values: "".join(map(shown, values)),
}

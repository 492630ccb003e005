"""Reads formulas: literals, references, operators and calls, as a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coreops_sandbox.sheets.a1 import Area, parse
from coreops_sandbox.sheets.cells import Fault, Value

_COLUMN = r"\$?[A-Za-z]{1,3}"
_END = rf"{_COLUMN}(?:\$?\d+)?"
_CELLS = rf"(?:(?:'(?:[^']|'')+'|[^\W\d]\w*)!)?{_COLUMN}(?:\$?\d+(?::{_END})?|:{_END})(?![\w(])"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<text>"(?:[^"]|"")*")
  | (?P<fault>\#(?:REF!|N/A|DIV/0!|NAME\?|VALUE!|NUM!|NULL!|ERROR!))
  | (?P<cells>{_CELLS})
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d][\w.]*)
  | (?P<sign><=|>=|<>|[-+*/^&=<>(),;%])
    )""",
    re.VERBOSE,
)
_STRENGTH = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}
_SIGN_STRENGTH = 5


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the formula."""

    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells of this sheet or of another one."""

    title: str | None
    area: Area


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name in capitals, or an operator by its sign, with what it is applied to."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Reference | Call


def read(text: str) -> Node:
    """The tree of a formula without its ``=``; raises ValueError if it is none."""
    reader = _Reader(_tokens(text))
    tree = reader.expression(0)
    if reader.next is not None:
        raise ValueError(text)
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise ValueError(text)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        position = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> str | None:
        """The text of the token that comes."""
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def expression(self, strength: int) -> Node:
        """Everything that operators above a strength hold together."""
        node = self._operand()
        while (sign := self.next) is not None:
            if sign == "%":
                self._at += 1
                node = Call("/", (node, Literal(100.0)))
                continue
            binding = _STRENGTH.get(sign, 0)
            if binding <= strength:
                break
            self._at += 1
            node = Call(sign, (node, self.expression(binding)))
        return node

    def _operand(self) -> Node:
        kind, text = self._take()
        match kind:
            case "number":
                return Literal(float(text))
            case "text":
                return Literal(text[1:-1].replace('""', '"'))
            case "fault":
                return Literal(Fault(text))
            case "cells":
                return Reference(*parse(text))
            case "word":
                return self._word(text)
            case _:
                return self._signed(text)

    def _signed(self, text: str) -> Node:
        if text == "(":
            node = self.expression(0)
            self._expect(")")
            return node
        if text in {"-", "+"}:
            return Call(text, (Literal(0.0), self.expression(_SIGN_STRENGTH)))
        raise ValueError(text)

    def _word(self, text: str) -> Node:
        if self.next != "(":
            is_bool = text.upper() in {"TRUE", "FALSE"}
            return Literal(text.upper() == "TRUE" if is_bool else Fault("#NAME?"))
        self._expect("(")
        arguments: list[Node] = []
        while self.next != ")":
            if arguments and self._take()[1] not in {",", ";"}:
                raise ValueError(text)
            arguments.append(self.expression(0))
        self._expect(")")
        return Call(text.upper(), tuple(arguments))

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ValueError("the formula ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise ValueError(sign)

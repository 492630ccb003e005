"""How the text of one cell, or of one setting, becomes a typed value."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

__all__ = ["CellReader", "cell_reader", "restricted"]

_INTEGER: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0+)?")
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the text of a cell that is not blank.

    Args:
        read: Returns the value; raises ``ValueError`` for a text that does not fit.
        expected: What fits, to follow ``is not``.
        nullable: Whether a blank cell is ``None``.
    """

    read: Callable[[str], Any]
    expected: str
    nullable: bool = False


def cell_reader(annotation: Any) -> CellReader:
    """Return the reader for a record field's annotation.

    Known are ``str``, ``int`` (also ``1,234``), ``float``, ``bool`` (``TRUE``, ``yes``, ``1`` …), ``date`` and
    ``datetime`` (ISO 8601; UTC where no offset stands), ``Literal``, ``Enum`` (by value or name), ``tuple[T, ...]`` and
    ``frozenset[T]`` (separated by commas), and each of them ``| None``.

    Raises:
        TypeError: the annotation is none of these.
    """
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum_reader(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return cell_reader(arguments[0])
    if origin is Literal:
        return _choice_reader({str(choice): choice for choice in arguments})
    if origin in {Union, types.UnionType}:
        return _optional_reader(annotation, arguments)
    if (origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis) or origin is frozenset:
        return _list_reader(origin, cell_reader(arguments[0]))
    raise TypeError(f"cells cannot be read as {annotation!r}")


def restricted(reader: CellReader, choices: Iterable[str]) -> CellReader:
    """Return a reader that takes only these texts, whatever their case, and hands on their declared form."""
    allowed = _choice_reader({choice: choice for choice in choices})
    return CellReader(lambda text: reader.read(allowed.read(text)), allowed.expected, reader.nullable)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text.partition(".")[0].replace(",", ""))


def _float(text: str) -> float:
    if not _FLOAT.fullmatch(text):
        raise ValueError(text)
    number = float(text.replace(",", ""))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.casefold())
    if value is None:
        raise ValueError(text)
    return value


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


_SIMPLE: Final[dict[Any, CellReader]] = {
    str: CellReader(str, "text"),
    int: CellReader(_integer, "a whole number"),
    float: CellReader(_float, "a number"),
    bool: CellReader(_boolean, "TRUE or FALSE"),
    date: CellReader(date.fromisoformat, "a date such as 2026-01-31"),
    datetime: CellReader(_instant, "a date and time such as 2026-01-31 18:30"),
}


def _choice_reader(choices: dict[str, Any]) -> CellReader:
    by_folded = {name.casefold(): value for name, value in choices.items()}

    def read(text: str) -> Any:
        try:
            return by_folded[text.casefold()]
        except KeyError:
            raise ValueError(text) from None

    return CellReader(read, "one of " + ", ".join(choices))


def _enum_reader(enum: type[Enum]) -> CellReader:
    values = {str(member.value): member for member in enum}
    read = _choice_reader({member.name: member for member in enum} | values).read
    return CellReader(read, "one of " + ", ".join(values))


def _optional_reader(annotation: Any, arguments: tuple[Any, ...]) -> CellReader:
    others = [argument for argument in arguments if argument is not type(None)]
    if len(others) != 1 or len(others) == len(arguments):
        raise TypeError(f"cells cannot be read as {annotation!r}: more than one type besides None")
    inner = cell_reader(others[0])
    return CellReader(inner.read, inner.expected, nullable=True)


def _list_reader(build: Callable[[list[Any]], Any], inner: CellReader) -> CellReader:
    def read(text: str) -> Any:
        return build([inner.read(part.strip()) for part in text.split(",") if part.strip()])

    expected = "text separated by commas" if inner.expected == "text" else f"{inner.expected}, separated by commas"
    return CellReader(read, expected)

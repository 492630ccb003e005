"""How the text of one cell, or of one setting, becomes a typed value."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from coreops_shared.sheets.locales import NEUTRAL, Locale

__all__ = ["ERRORS", "CellReader", "cell_reader", "restricted"]

ERRORS: Final = frozenset({"#DIV/0!", "#ERROR!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""What a cell shows whose formula fails (Sheets API: ``ErrorType``); never a value, not even of a column of text."""


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the text of a cell that is not blank.

    Args:
        read: Returns the value; raises ``ValueError`` for a text that does not fit.
        expected: What fits, to follow ``is not``.
        nullable: Whether a blank cell is ``None``.
        native: The type as which JSON's own reader reads it alike, or ``None`` if it reads it differently.
        pure: Whether equal texts may share one value: the reader is this module's, not a plugin's.
    """

    read: Callable[[str], Any]
    expected: str
    nullable: bool = False
    native: type[str] | type[int] | type[float] | None = None
    pure: bool = True


def cell_reader(annotation: Any, locale: Locale = NEUTRAL) -> CellReader:
    """Return the reader for a record field's annotation.

    Known are ``str``, ``int`` (also ``1,234``), ``float``, ``bool`` (``TRUE``, ``yes``, ``1`` …), ``date`` and
    ``datetime`` (ISO 8601; UTC where no offset stands), ``Literal``, ``Enum`` (by value or name), ``tuple[T, ...]`` and
    ``frozenset[T]`` (separated by commas), and each of them ``| None``. Numbers, dates and truth also as the locale
    writes them.

    Raises:
        TypeError: the annotation is none of these.
    """
    simple = _simple_readers(locale).get(annotation)
    if simple is not None:
        return simple
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum_reader(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return cell_reader(arguments[0], locale)
    if origin is Literal:
        return _choice_reader({str(choice): choice for choice in arguments})
    if origin in {Union, types.UnionType}:
        return _optional_reader(annotation, arguments, locale)
    if (origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis) or origin is frozenset:
        return _list_reader(origin, cell_reader(arguments[0], locale))
    raise TypeError(f"cells cannot be read as {annotation!r}")


def restricted(reader: CellReader, choices: Iterable[str]) -> CellReader:
    """Return a reader that takes only these texts, whatever their case, and hands on their declared form."""
    allowed = _choice_reader({choice: choice for choice in choices})
    return replace(reader, read=lambda text: reader.read(allowed.read(text)), expected=allowed.expected, native=None)


def _simple_readers(locale: Locale) -> dict[Any, CellReader]:
    return {
        str: CellReader(str, "text", native=str),
        int: CellReader(locale.integer, "a whole number", native=int if locale.native else None),
        float: CellReader(locale.number, "a number", native=float if locale.native else None),
        bool: CellReader(locale.boolean, "TRUE or FALSE"),
        date: CellReader(locale.day, f"a date such as {locale.today}"),
        datetime: CellReader(locale.instant, f"a date and time such as {locale.today} 18:30"),
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


def _optional_reader(annotation: Any, arguments: tuple[Any, ...], locale: Locale) -> CellReader:
    others = [argument for argument in arguments if argument is not type(None)]
    if len(others) != 1 or len(others) == len(arguments):
        raise TypeError(f"cells cannot be read as {annotation!r}: more than one type besides None")
    return replace(cell_reader(others[0], locale), nullable=True)


def _list_reader(build: Callable[[list[Any]], Any], inner: CellReader) -> CellReader:
    def read(text: str) -> Any:
        return build([inner.read(part.strip()) for part in text.split(",") if part.strip()])

    expected = "text separated by commas" if inner.expected == "text" else f"{inner.expected}, separated by commas"
    return CellReader(read, expected)

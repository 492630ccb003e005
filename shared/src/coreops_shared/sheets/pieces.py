"""JSON rows in pieces: a large tab is cut where a row ends, so that no step takes long.

Where a row ends is guessed, by looking for ``],[``, and the guess is proved: what is cut out is read as whole JSON by
whoever asked. A cut inside a cell's text leaves a string without its end, which no JSON reader accepts (RFC 8259,
section 7), so a wrong guess is always refused, never misread. It is then made again, looking at every quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from coreops_hookspecs import JsonTable, Table
from coreops_hookspecs.errors import SheetsUnavailableError

__all__ = ["PIECE", "first_row", "read_pieces", "row_text", "text_of"]

PIECE: Final = 32_768
"""Bytes of a piece, or little more: some 200 rows, half a millisecond."""

_BOUNDARY: Final = re.compile(rb"\]\s*,\s*\[")
_SEPARATOR: Final = re.compile(rb"\s*(?:,\s*|\Z)")
_ROW: Final = re.compile(rb'\s*\[(?:[^"\[\]]++|"(?:[^"\\]++|\\.)*+")*+\]', re.DOTALL)
_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError)


def first_row(table: JsonTable) -> tuple[tuple[str, ...], int]:
    """Return the header row and where the next row starts. Raises SheetsUnavailableError for what is no such array."""
    values = table.values
    if values[:1] != b"[" or values[-1:] != b"]":
        raise _malformed(table)
    end = len(values) - 1
    found = _ROW.match(values, 1, end)
    if found is None:
        if bytes(values[1:end]).strip():
            raise _malformed(table)
        return (), end
    try:
        return row_text(found[0]), _next(table, found.end(), end)
    except _UNREADABLE as error:
        raise _malformed(table) from error


def read_pieces(table: JsonTable, at: int, read: Callable[[bytes], None], size: int = PIECE) -> Iterator[None]:
    """Hand the rows from ``at`` on to ``read``, as one JSON array after the other; yield after each.

    Args:
        table: The rows.
        at: Where a row starts.
        read: Reads an array; raises ``msgspec.DecodeError``, having done nothing, if it is not whole.
        size: Bytes of a piece, or little more.

    Raises:
        SheetsUnavailableError: the rows are no JSON.
    """
    values, end = table.values, len(table.values) - 1
    view = memoryview(values)
    while at < end:
        guess = _BOUNDARY.search(values, at + size, end)
        stop = end if guess is None else guess.start() + 1
        try:
            try:
                read(b"".join((b"[", view[at:stop], b"]")))
            except msgspec.DecodeError:
                stop = _row_end(table, at, end, size)
                read(b"".join((b"[", view[at:stop], b"]")))
        except _UNREADABLE as error:
            raise _malformed(table) from error
        at = _next(table, stop, end)
        yield


def row_text(row: bytes | msgspec.Raw) -> tuple[str, ...]:
    """Return the texts of one row."""
    try:
        return _TEXTS.decode(row)
    except msgspec.ValidationError:  # cells of other kinds than text, which Google does not send when asked for text
        return tuple(map(_cell, msgspec.json.decode(row, type=list[Any])))


def text_of(table: Table | JsonTable) -> Table:
    """Return the whole table as text. Raises SheetsUnavailableError."""
    if isinstance(table, Table):
        return table
    headers, at = first_row(table)
    rows = [headers] if headers or at < len(table.values) - 1 else []
    apart = msgspec.json.Decoder(list[msgspec.Raw])

    def read(piece: bytes) -> None:
        rows.extend(map(row_text, apart.decode(piece)))

    for _ in read_pieces(table, at, read):
        pass
    return Table(table.spreadsheet, table.tab, tuple(rows))


def _row_end(table: JsonTable, at: int, end: int, size: int) -> int:
    """Return where the first row ends that reaches ``size`` bytes, or the last row."""
    start = at
    while (found := _ROW.match(table.values, at, end)) is not None:
        if found.end() - start >= size:
            return found.end()
        at = _next(table, found.end(), end)
        if at >= end:
            return found.end()
    raise _malformed(table)


def _next(table: JsonTable, stop: int, end: int) -> int:
    found = _SEPARATOR.match(table.values, stop, end)
    if found is None:
        raise _malformed(table)
    return found.end()


def _cell(value: Any) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case _:
            return str(value)


def _malformed(table: JsonTable) -> SheetsUnavailableError:
    return SheetsUnavailableError(
        f'tab "{table.tab}" of spreadsheet "{table.spreadsheet}": its rows arrived as something that is no JSON array '
        "of rows; read it again",
        user_message="The spreadsheet's answer could not be read; try again later.",
    )

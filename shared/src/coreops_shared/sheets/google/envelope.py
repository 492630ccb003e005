"""The body of an answer to ``values:batchGet``, taken apart without reading its cells.

JSON's own readers would hold the interpreter for a millisecond per megabyte. Here the keys alone are looked for: inside
a string every quote has a backslash before it, and after a text in a list there is no colon, so ``"range":`` and
``"values":`` are keys wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from coreops_hookspecs import JsonTable

__all__ = ["tables_of"]

_WINDOW: Final = 1_000_000
"""Bytes looked through at once: less than a millisecond."""

_COLON: Final = re.compile(rb"\s*:\s*")


def tables_of(body: bytes, spreadsheet: str, tabs: Sequence[str]) -> list[JsonTable]:
    """Return the rows of each tab, still as JSON (Sheets API: ``BatchGetValuesResponse``, ``ValueRange``).

    Raises:
        ValueError: the body is no such answer for so many tabs.
    """
    starts = []
    at = 0
    for tab in tabs:
        at = _value(body, b"range", at, len(body))
        if at < 0:
            raise ValueError(f'no range for tab "{tab}"')
        starts.append(at)
    if not body.rstrip().endswith(b"}"):
        raise ValueError("it ends in the middle")
    last = body.rfind(b"]")
    if last < at:
        raise ValueError("it has no list of ranges")
    ends = [*starts[1:], last]
    return [
        JsonTable(spreadsheet, tab, _rows(body, tab, start, end))
        for tab, start, end in zip(tabs, starts, ends, strict=True)
    ]


def _rows(body: bytes, tab: str, start: int, end: int) -> bytes | memoryview:
    """Return the array under ``values`` of the range object around ``start``; one without any has no rows."""
    at = _value(body, b"values", start, end)
    if at < 0:
        return b"[]"
    stop = body.rfind(b"]", at, end)
    if stop < 0:
        raise ValueError(f'tab "{tab}" has values that are no rows')
    return memoryview(body)[at : stop + 1]


def _value(body: bytes, key: bytes, at: int, end: int) -> int:
    """Return where the value of the next such key starts, or -1."""
    quoted = b'"%b"' % key
    while at < end:
        found = body.find(quoted, at, min(at + _WINDOW, end))
        if found < 0:
            at += _WINDOW - len(quoted)
            continue
        at = found + len(quoted)
        colon = _COLON.match(body, at, end)
        if colon is not None:
            return colon.end()
    return -1

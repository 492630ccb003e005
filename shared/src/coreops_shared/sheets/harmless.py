"""Texts in CSV files that no spreadsheet program takes for a formula when somebody opens the file.

A text that begins as a formula does gets an apostrophe in front, the mark by which spreadsheets keep a text as it is
typed; reading takes it away again. Which beginnings those are: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["harmless", "has_marks", "unmarked"]

_BEGINS: Final = "=+\\-@\t\r\n＝＋－＠"
_FORMULA: Final = re.compile(f"'*[{_BEGINS}]")
_NUMBER: Final = re.compile(r"[+-]?[\d.,]+%?")
_MARKED: Final = re.compile(f"'+[{_BEGINS}]")


def harmless(text: str) -> str:
    """Return what to write for ``text``: the same, or with an apostrophe in front. Numbers stay numbers."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unmarked(text: str) -> str:
    """Return the text that :func:`harmless` was given."""
    return text[1:] if _MARKED.match(text) else text


def has_marks(content: str) -> bool:
    """Tell whether :func:`unmarked` may change any cell of a file's content; quick."""
    return "'" in content and _MARKED.search(content) is not None

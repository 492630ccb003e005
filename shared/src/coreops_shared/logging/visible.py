"""Characters that steer a terminal, or turn the direction of a text, made visible, so that no value of a log line can
begin a line of its own, colour one, or hide a part of it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["on_lines", "on_one_line", "visible"]

# C0 and C1 controls and DEL (ECMA-48), line and paragraph separators, bidirectional controls (Unicode UAX 9)
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_INDENT: Final = "\n    "


def visible(text: str) -> str:
    """Return the text with each such character as its escape; line ends and tabs stay."""
    return _UNSEEN.sub(_escape, text) if not text.isprintable() else text


def on_one_line(text: str) -> str:
    """Return the text without line ends."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def on_lines(text: str) -> str:
    """Return the text with its further lines indented, so that none of them looks like a line of the log."""
    return visible(text.replace("\r\n", "\n")).replace("\n", _INDENT)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"

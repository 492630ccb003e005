"""Divides a long answer into pages that each keep within Discord's limits, and writes it out as one text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from coreops.telemetry.phrases import shorten
from coreops_hookspecs import CardField

__all__ = ["NARROW", "WIDE", "Page", "divide", "written_out"]

_FIELD: Final = 1000
_FIELDS: Final = 20
WIDE: Final = 3500
"""Characters on a page; Discord allows more (6,000), but nobody reads it."""
NARROW: Final = 1500
"""Characters on a page that is shown without an embed, where Discord allows 2,000 in all."""


@dataclass(slots=True)
class Page:
    """What one card shows."""

    text: list[str]
    fields: list[CardField]


def divide(text: str | Sequence[str], fields: Sequence[CardField] = (), room: int = WIDE) -> list[Page]:
    """Return the pages of an answer, at least one; nothing is left out but the ends of lines above 1,000 characters.

    Args:
        text: Its body; a sequence is one entry a line.
        fields: Its named parts; a long one goes on in a further field or on the next page.
        room: Characters on a page.
    """
    pages = [Page(list(lines), []) for lines in _filled(_lines(text), room)] or [Page([], [])]
    for field in (part for each in fields for part in _parts(each)):
        page = pages[-1]
        if len(page.fields) == _FIELDS or _size(page) + _length(field) > room:
            pages.append(page := Page([], []))
        page.fields.append(field)
    return pages


def written_out(title: str, text: str | Sequence[str], fields: Sequence[CardField] = ()) -> str:
    """Return the whole answer as a text file."""
    parts = [title, "", *_lines(text)]
    for field in fields:
        parts += ["", field.name, *_lines(field.text)]
    return "\n".join(parts).strip() + "\n"


def _lines(text: str | Sequence[str]) -> list[str]:
    return text.split("\n") if isinstance(text, str) and text else list(text)


def _filled(lines: Sequence[str], room: int, size: Callable[[str], int] = len) -> Iterator[Sequence[str]]:
    """Yield as many lines at a time as have room together."""
    kept: list[str] = []
    for line in (shorten(line, _FIELD) for line in lines):
        if kept and sum(map(size, kept)) + len(kept) + size(line) > room:
            yield kept
            kept = []
        kept.append(line)
    if kept:
        yield kept


def _parts(field: CardField) -> Iterator[CardField]:
    lines = _lines(field.text) if not isinstance(field.text, str) or len(field.text) > _FIELD else [field.text]
    for number, part in enumerate(list(_filled(lines, _FIELD)) or [[]]):
        yield CardField(field.name if number == 0 else "…", list(part), inline=field.inline)


def _length(field: CardField) -> int:
    return len(field.name) + sum(len(line) + 1 for line in field.text)


def _size(page: Page) -> int:
    return sum(len(line) + 1 for line in page.text) + sum(map(_length, page.fields))

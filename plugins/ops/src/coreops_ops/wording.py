"""Instants, lengths of time and near misses in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches

from coreops_hookspecs import CardField

__all__ = ["ago", "code", "count", "mention", "millis", "named", "near", "pages", "span", "tail"]

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def ago(instant: datetime) -> str:
    """Return Discord's relative timestamp, which each reader's client keeps current."""
    return f"<t:{int(instant.timestamp())}:R>"


def span(seconds: float) -> str:
    """Return a length of time in its largest whole unit: ``3 h``, ``41 min``."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "s"))
    return f"{seconds / size:.0f} {unit}"


def millis(seconds: float | None) -> str:
    """Return milliseconds, or a dash where the figure is unknown."""
    return "—" if seconds is None else f"{seconds * 1000:.0f} ms"


def near(name: str, known: Iterable[str]) -> str:
    """Return a question that names the closest known name, or an empty text."""
    matches = get_close_matches(name.lower()[:100], list(known), n=1)
    return f" Did you mean `{matches[0]}`?" if matches else ""


def code(value: object, limit: int = 60) -> str:
    """Return a text from outside as inline code, so that nothing in it is a mention or markup."""
    text = " ".join(str(value).replace("`", "'").split())
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`" if text else "—"


def count(number: int, what: str) -> str:
    """Return a number with its noun: ``1 row``, ``2 rows``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def mention(actor: str) -> str:
    """Return an actor for people: a mention of a user, or the name of what acted."""
    kind, _, identifier = actor.partition(":")
    return f"<@{identifier}>" if kind == "user" else actor


def named(text: str) -> str:
    """Return a text in which actors are named for people, as in ``by user:1``."""
    return re.sub(r"\buser:(\d+)", r"<@\1>", text)


def tail(identifier: str) -> str:
    """Return the last four characters of a spreadsheet's id: enough to tell it by, too little to open it with."""
    return f"…{identifier[-4:]}" if identifier else "not set"


def pages(name: str, lines: Sequence[str], limit: int = 1000) -> list[CardField]:
    """Return lines as as many fields of a card as they need, the first of them named."""
    fields: list[CardField] = []
    page: list[str] = []
    for line in lines:
        if page and sum(map(len, page)) + len(page) + len(line) > limit:
            fields.append(CardField("" if fields else name, page))
            page = []
        page.append(line)
    return [*fields, CardField("" if fields else name, page)] if page else fields

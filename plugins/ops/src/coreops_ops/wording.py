"""Instants, lengths of time, counts and near misses in the words of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from coreops_hookspecs import CardField, Commands

__all__ = ["ago", "code", "mention", "millis", "named", "near", "parts", "rows", "span", "tables", "tail"]

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


def near(name: str, known: Iterable[str], commands: Commands) -> str:
    """Return a question that names the closest known name, or an empty text."""
    matches = get_close_matches(name.lower()[:100], list(known), n=1)
    return f" {commands.say('Did you mean {names}?', names=f'`{matches[0]}`')}" if matches else ""


def code(value: object, limit: int = 60) -> str:
    """Return a text from outside as inline code, so that nothing in it is a mention or markup."""
    text = " ".join(str(value).replace("`", "'").split())
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`" if text else "—"


def rows(number: int, commands: Commands) -> str:
    """Return a number of rows: ``1 row``, ``2 rows``."""
    return commands.say_many("{count} row", "{count} rows", number)


def tables(number: int, commands: Commands) -> str:
    """Return a number of tables."""
    return commands.say_many("{count} table", "{count} tables", number)


def mention(actor: str) -> str:
    """Return an actor for people: a mention of a user, or the name of what acted."""
    kind, _, identifier = actor.partition(":")
    return f"<@{identifier}>" if kind == "user" else actor


def named(text: str) -> str:
    """Return a text in which actors are named for people, as in ``by user:1``."""
    return re.sub(r"\buser:(\d+)", r"<@\1>", text)


def tail(identifier: str, commands: Commands) -> str:
    """Return the last four characters of a spreadsheet's id: enough to tell it by, too little to open it with."""
    return f"…{identifier[-4:]}" if identifier else commands.say("not set")


def parts(named_lines: Mapping[str, Sequence[str]]) -> list[CardField]:
    """Return a part of an answer for each name that has lines; ``Commands.show`` divides what is long."""
    return [CardField(name, list(lines)) for name, lines in named_lines.items() if lines]

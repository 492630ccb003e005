"""Instants, lengths of time and near misses in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

__all__ = ["ago", "millis", "near", "span"]

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

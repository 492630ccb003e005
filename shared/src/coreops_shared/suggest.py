"""Did you mean: the closest known name, for error messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["closest", "did_you_mean"]


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, whatever its case, or ``None`` if none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "x"`` to end a message with, or an empty text."""
    match = closest(name, known)
    return f'; did you mean "{match}"' if match else ""

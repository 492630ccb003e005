"""Durations and errors in words, the same in every log line, notice and page."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.redact import redact

__all__ = ["duration", "error_text", "shorten"]

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def duration(seconds: float | timedelta) -> str:
    """Return a length of time with at most two units, for example ``41 min``, ``3 h 5 min`` or ``250 ms``."""
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    if total < 0:
        return f"-{duration(-total)}"
    if total < 10:
        return _short(total)
    whole = round(total)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _pair(whole // _MINUTE, "min", whole % _MINUTE if whole < 10 * _MINUTE else 0, "s")
    if whole < _DAY:
        return _pair(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "min")
    return _pair(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def error_text(error: BaseException | None, limit: int = 300) -> str:
    """Return an error for people: redacted, on one line, with its type unless it is one of ours."""
    if error is None:
        return ""
    text = " ".join(str(error).split())
    if not isinstance(error, CoreOpsError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return shorten(redact(text), limit)


def shorten(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters, the last of them an ellipsis when something was cut."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _short(total: float) -> str:
    if 0 < total < 1:
        return f"{max(round(total * 1000), 1)} ms"
    return f"{total:.2f}".rstrip("0").rstrip(".") + " s"


def _pair(big: int, big_unit: str, small: int, small_unit: str) -> str:
    return f"{big} {big_unit} {small} {small_unit}" if small else f"{big} {big_unit}"

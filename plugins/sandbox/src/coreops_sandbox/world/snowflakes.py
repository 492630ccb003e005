"""Discord's ids and timestamps, drawn from an injected clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, where snowflakes start (Discord docs, Reference, "Snowflakes")."""


class Snowflakes:
    """Makes ids that grow strictly, even when the clock stands still or goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """The next id, as the decimal string that Discord's JSON uses."""
        moment = (int(self._clock() * 1000) - EPOCH_MS) << 22
        self._last = max(self._last + 1, moment)
        return str(self._last)


def seconds_of(snowflake: str) -> float:
    """The POSIX time, in seconds, at which an id was made."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


def timestamp(seconds: float) -> str:
    """ISO 8601 with microseconds and offset, as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def is_snowflake(value: object) -> bool:
    """Whether a JSON value can be an id: decimal digits that fit in 64 bits."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text.isascii() and text.isdigit() and int(text) < 1 << 63

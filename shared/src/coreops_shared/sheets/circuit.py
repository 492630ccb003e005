"""A circuit that opens when a spreadsheet's store is down, so that nobody waits for it in vain, and probes. Pure."""

from __future__ import annotations

from typing import ClassVar, Final

from coreops_hookspecs.errors import SheetsUnavailableError

__all__ = ["Circuit", "CircuitOpenError"]

_FAILURES: Final = 5
"""Attempts that must fail one after the other until the circuit opens."""
_FIRST: Final = 15.0
_LONGEST: Final = 300.0
"""Seconds until the store is probed; doubled from one failed probe to the next."""


class CircuitOpenError(SheetsUnavailableError):
    """The store was not asked, because it has been failing."""

    retryable: ClassVar[bool] = False


class Circuit:
    """What is known of one spreadsheet's store. Instants are monotonic seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = _FIRST
        self._until = 0.0
        self._error = ""

    @property
    def probing(self) -> bool:
        """Whether the next attempt is a probe, which is not repeated."""
        return self._failures >= _FAILURES

    def check(self, spreadsheet: str, now: float) -> None:
        """Raise CircuitOpenError while the store is not to be asked."""
        if not self.probing or now >= self._until:
            return
        left = self._until - now
        raise CircuitOpenError(
            f'spreadsheet "{spreadsheet}": not asked, because the last {self._failures} attempts failed '
            f"({self._error}); tried again in {left:.0f} s",
            retry_after=left,
            user_message="The spreadsheet has not been answering; the bot tries it again in a moment.",
        )

    def succeeded(self) -> None:
        """Close the circuit."""
        self._failures, self._pause = 0, _FIRST

    def failed(self, error: str, now: float) -> None:
        """Count a failed attempt; open the circuit after some, and for longer after a failed probe."""
        self._failures += 1
        self._error = error
        if self.probing:
            self._until = now + self._pause
            self._pause = min(2 * self._pause, _LONGEST)

"""What never reached us, counted: a loss that is not counted looks like a quiet guild."""

from __future__ import annotations

from collections.abc import Callable

from coreops.gateway.pulse import Pulse

__all__ = ["LossCount"]


class LossCount:
    """Counts the sessions that could not be resumed, and for how long nothing was heard at their end.

    Discord sends again what a resumed session missed; what was sent to a session that is not resumed is gone (Discord
    docs, Gateway, Resuming).

    Args:
        pulse: Knows when something last came.
        monotonic: Seconds that never go back.
    """

    def __init__(self, pulse: Pulse, monotonic: Callable[[], float]) -> None:
        self._pulse = pulse
        self._monotonic = monotonic
        self._heard_at: float | None = None
        self.sessions = 0
        self.seconds = 0.0

    def disconnected(self) -> None:
        """The connection ended; from the last sign of life on nothing was heard."""
        ages = [age for age in (self._pulse.event_age(), self._pulse.ack_age()) if age is not None]
        if self._heard_at is None:
            self._heard_at = self._monotonic() - min(ages, default=0.0)

    def resumed(self) -> None:
        """The session goes on: Discord sent what was missed."""
        self._heard_at = None

    def renewed(self) -> None:
        """A new session began. The first one of all ends no other."""
        if self._heard_at is not None:
            self.sessions += 1
            self.seconds += self._monotonic() - self._heard_at
        self._heard_at = None

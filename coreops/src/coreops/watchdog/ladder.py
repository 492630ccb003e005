"""What to do about trouble: say it, reconnect, exit. Pure.

One rung a look, and each only while the trouble lasts. Reconnecting has a budget, so a connection that breaks again
and again ends in an exit, after which a supervisor starts a fresh process.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from coreops.watchdog.signals import LATE_START, Limits, Signal

__all__ = ["Action", "Budget", "Ladder"]


class Action(StrEnum):
    """The rungs, lowest first; ``recovered`` tells that trouble is over."""

    NONE = ""
    LOG = "log"
    RECONNECT = "reconnect"
    EXIT = "exit"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many reconnects are tried within so many seconds before the only thing left is to exit."""

    reconnects: int = 3
    window: float = 3600.0


class Ladder:
    """Where the watchdog stands.

    Args:
        limits: How long a reconnect gets to help.
        budget: How often reconnecting is tried.
    """

    def __init__(self, limits: Limits, budget: Budget | None = None) -> None:
        self._limits = limits
        self._budget = budget or Budget()
        self._reconnects: deque[float] = deque(maxlen=self._budget.reconnects)
        self._rung = Action.NONE
        self._reconnected_at = 0.0

    def judge(self, signal: Signal | None, now: float) -> Action:
        """Return what to do now.

        Args:
            signal: The trouble seen at this look, if any.
            now: Monotonic seconds.
        """
        if signal is None:
            was, self._rung = self._rung, Action.NONE
            return Action.NONE if was is Action.NONE else Action.RECOVERED
        if signal.name == LATE_START:
            self._rung = Action.EXIT  # there is nothing yet that could be reconnected
            return self._rung
        if self._rung is Action.NONE:
            self._rung = Action.LOG
            return self._rung
        if self._rung is Action.LOG:
            self._rung = Action.EXIT if self._is_spent(now) else Action.RECONNECT
            if self._rung is Action.RECONNECT:
                self._reconnects.append(now)
                self._reconnected_at = now
            return self._rung
        if now - self._reconnected_at >= self._limits.disconnect_grace:
            self._rung = Action.EXIT
            return self._rung
        return Action.NONE  # the reconnect still has time to help

    def _is_spent(self, now: float) -> bool:
        spent = len(self._reconnects) == self._reconnects.maxlen
        return spent and now - self._reconnects[0] < self._budget.window

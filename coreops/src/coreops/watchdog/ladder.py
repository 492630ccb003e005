"""What to do about trouble: say it, reconnect, restart the gateway, exit. Pure.

One rung a look, and each only while the trouble lasts. Restarting has a budget, so a connection that breaks again and
again ends in an exit, after which a supervisor starts a fresh process.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from coreops.watchdog.signals import LATE_START, UNREACHABLE, Limits, Signal

__all__ = ["Action", "Budget", "Ladder"]


class Action(StrEnum):
    """The rungs, lowest first; ``recovered`` tells that trouble is over, ``stay`` that an exit is one too many."""

    NONE = ""
    LOG = "log"
    RECONNECT = "reconnect"
    RESTART = "restart gateway"
    EXIT = "exit"
    STAY = "stay"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Budget:
    """How often something is tried within so many seconds.

    Args:
        restarts: Restarts of the gateway, before the only thing left is to exit.
        exits: Exits of one process after the other, before the runtime stays up instead, for whoever looks at it.
        window: The seconds.
    """

    restarts: int = 3
    exits: int = 5
    window: float = 3600.0


class Ladder:
    """Where the watchdog stands.

    Args:
        limits: A restart gets ``disconnect_grace`` to help, a reconnect half of it.
        budget: How often restarting is tried.
    """

    def __init__(self, limits: Limits, budget: Budget | None = None) -> None:
        self._limits = limits
        self._budget = budget or Budget()
        self._restarts: deque[float] = deque(maxlen=self._budget.restarts)
        self._rung = Action.NONE
        self._since = 0.0

    def judge(self, signal: Signal | None, now: float) -> Action:
        """Return what to do now.

        Args:
            signal: The trouble seen at this look, if any.
            now: Monotonic seconds.
        """
        if signal is None:
            was, self._rung = self._rung, Action.NONE
            return Action.NONE if was is Action.NONE else Action.RECOVERED
        following = self._next(signal, now)
        if following is Action.NONE:
            return following
        self._rung, self._since = following, now
        if following is Action.RESTART:
            self._restarts.append(now)
        return following

    def reset(self) -> None:
        """Begin from below, as if the trouble were new."""
        self._rung = Action.NONE

    def _next(self, signal: Signal, now: float) -> Action:
        """Return the rung that follows, or none while the present one has time to help."""
        if signal.name == LATE_START:
            return Action.EXIT  # there is nothing yet that could be reconnected
        if self._rung is Action.NONE:
            return Action.LOG
        if signal.name == UNREACHABLE:
            return Action.NONE
        if self._rung is Action.LOG:
            return Action.EXIT if self._is_spent(now) else Action.RECONNECT
        helped_for = now - self._since
        if self._rung is Action.RECONNECT:
            return Action.RESTART if helped_for >= self._limits.disconnect_grace / 2 else Action.NONE
        return Action.EXIT if helped_for >= self._limits.disconnect_grace else Action.NONE

    def _is_spent(self, now: float) -> bool:
        spent = len(self._restarts) == self._restarts.maxlen
        return spent and now - self._restarts[0] < self._budget.window

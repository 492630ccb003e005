"""The circuit breaker that puts a faulty plugin into quarantine. Pure: time comes in as an argument."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

__all__ = ["Breaker", "BreakerPolicy"]


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to stop calling a plugin and when to try again.

    Args:
        faults: Faults within ``window`` that open the breaker.
        window: Seconds.
        cooldown: Seconds of the first quarantine; each further one in a row is twice as long.
        longest: Upper bound of a quarantine in seconds.
    """

    faults: int = 5
    window: float = 60.0
    cooldown: float = 30.0
    longest: float = 900.0


class Breaker:
    """Closed: calls pass. Open: they are skipped until ``retry_at``. Half-open: one call decides.

    All instants are monotonic seconds.
    """

    __slots__ = ("_faults", "_openings", "_policy", "_trial", "retry_at")

    def __init__(self, policy: BreakerPolicy) -> None:
        self._policy = policy
        self._faults: deque[float] = deque(maxlen=policy.faults)
        self._openings = 0
        self._trial = False
        self.retry_at: float | None = None
        """When a skipped plugin is tried again, or ``None`` while calls pass."""

    def allow(self, now: float) -> bool:
        """Tell whether a call may pass; after the cooldown exactly one may, until it has ended."""
        if self.retry_at is None:
            return True
        if now < self.retry_at or self._trial:
            return False
        self._trial = True
        return True

    def is_open(self, now: float) -> bool:
        """Tell whether calls are skipped, without taking the trial call."""
        return self.retry_at is not None and (now < self.retry_at or self._trial)

    def hold(self, retry_at: float) -> None:
        """Open the breaker by hand until an instant, ``math.inf`` for no end; then one call decides as ever."""
        self._trial = False
        self._faults.clear()
        self.retry_at = retry_at

    def success(self) -> bool:
        """Note a call that ended well; tell whether it closed the breaker."""
        if not self._trial:
            return False
        self.reset()
        return True

    def withdraw(self) -> None:
        """Give back the trial call when it ended without telling anything, as by cancellation."""
        self._trial = False

    def fault(self, now: float) -> bool:
        """Note a fault; tell whether it opened the breaker."""
        if self._trial:
            return self._open(now)
        if self.retry_at is not None:
            return False
        self._faults.append(now)
        full = len(self._faults) == self._policy.faults
        return full and now - self._faults[0] <= self._policy.window and self._open(now)

    def reset(self) -> None:
        """Close the breaker and forget."""
        self._faults.clear()
        self._openings = 0
        self._trial = False
        self.retry_at = None

    def _open(self, now: float) -> bool:
        self._trial = False
        self._faults.clear()
        cooldown = min(self._policy.cooldown * 2**self._openings, self._policy.longest)
        self._openings += 1
        self.retry_at = now + cooldown
        return True

"""Trying again, for as long as it takes: Discord comes back, and a process that ended does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential, wait_random

from coreops_hookspecs.errors import UpstreamError
from coreops_shared.clock import Clock

__all__ = ["Outage", "Pace", "Patience"]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: the first pause between two tries, the longest, and what one try may take.

    A connection that did not last ``settled`` counts like a try that failed: the next pause is longer.
    """

    first: float = 1.0
    longest: float = 60.0
    attempt: float = 30.0
    settled: float = 60.0


@dataclass(frozen=True, slots=True)
class Outage:
    """What keeps from connecting, since when, how often it was tried, and when it is next (UTC)."""

    reason: str
    since: datetime
    tries: int
    next_at: datetime


class Patience:
    """Tries until it works, with pauses that double.

    Args:
        pace: How fast.
        clock: Time, and what waits.
        told: Called with the outage when it begins, and at each further try.
    """

    def __init__(self, pace: Pace, clock: Clock, told: Callable[[Outage], None]) -> None:
        self._pace = pace
        self._clock = clock
        self._told = told
        self._short = 0
        self._since: datetime | None = None
        self.outage: Outage | None = None
        """What is the matter now; ``None`` while nothing is."""

    async def until_done(self, attempt: Callable[[], Awaitable[None]]) -> None:
        """Repeat ``attempt`` while it raises UpstreamError; any other error goes on to the caller."""
        pace = self._pace
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(UpstreamError),
            wait=wait_exponential(multiplier=pace.first, max=pace.longest) + wait_random(0, pace.first),
            sleep=self._clock.sleep,
            before_sleep=self._note,
        )
        try:
            await retrying(attempt)
        finally:
            self.outage = self._since = None

    async def rest(self, lasted: float) -> None:
        """Wait before a connection that ended after ``lasted`` seconds is opened anew."""
        self._short = 0 if lasted >= self._pace.settled else self._short + 1
        if self._short > 1:
            await self._clock.sleep(min(self._pace.longest, self._pace.first * 2 ** min(self._short, 10)))

    def _note(self, state: RetryCallState) -> None:
        now = self._clock.now()
        self._since = self._since or now
        pause = state.next_action.sleep if state.next_action is not None else 0.0
        error = state.outcome.exception() if state.outcome is not None else None
        self.outage = Outage(str(error), self._since, state.attempt_number, now + timedelta(seconds=pause))
        self._told(self.outage)

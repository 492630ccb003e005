"""Time as a dependency: the system's clock, and one that tests move by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

__all__ = ["Clock", "ManualClock", "SystemClock"]

_SETTLE_STEPS: Final = 50
"""Turns of the event loop that :meth:`ManualClock.run_for` grants to what it woke."""


class Clock(Protocol):
    """Where the runtime gets its time from."""

    def now(self) -> datetime:
        """Return the wall-clock instant, aware, in UTC. It may jump."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back; only differences mean something."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of monotonic time."""
        ...


class SystemClock:
    """The clock of the machine."""

    monotonic = staticmethod(time.monotonic)

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until it is moved.

    Args:
        start: The first instant; must be aware.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), woken))
        await woken

    @property
    def sleepers(self) -> int:
        """How many tasks wait on this clock now."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Jump ``seconds`` ahead at once and wake every sleeper that is due, earliest first.

        As after a suspended machine, a task that sleeps in a loop wakes once, not once per interval.
        """
        self._move_to(self._elapsed + seconds)

    async def run_for(self, seconds: float) -> None:
        """Let ``seconds`` pass: stop at each sleeper's instant and let the event loop settle there."""
        target = self._elapsed + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            self._move_to(self._sleepers[0][0])
            await self._settle()
        self._move_to(target)
        await self._settle()

    def _move_to(self, instant: float) -> None:
        self._elapsed = max(self._elapsed, instant)
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)

    @staticmethod
    async def _settle() -> None:
        for _ in range(_SETTLE_STEPS):
            await asyncio.sleep(0)

"""The budget of requests that a store allows: waiting for a turn instead of being refused.

Google counts reads and writes apart, per account and minute (Sheets API, "Usage limits"). When a request reaches Google
is not known, only that it does before its answer is here. A request therefore holds its place from the moment it is
sent until a minute after its answer: then no minute at Google's can hold more of them than allowed, wherever it begins.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from coreops_hookspecs import SheetsQuota
from coreops_shared.clock import Clock, SystemClock

__all__ = ["Cost", "Governor", "Priority", "Spent", "Turn", "spent"]

_MINUTE: Final = 60.0


class Priority(IntEnum):
    """Who goes first. Each but the first leaves a part of the budget to those before it."""

    INTERACTIVE = 0
    REFRESH = 1
    DIGEST = 2


_LEFT_TO_OTHERS: Final = {Priority.INTERACTIVE: 0.0, Priority.REFRESH: 0.1, Priority.DIGEST: 0.25}


@dataclass(frozen=True, slots=True)
class Cost:
    """How many requests a call takes at most."""

    reads: int = 0
    writes: int = 0


@dataclass(slots=True)
class Spent:
    """How many requests a call has taken; the store counts them."""

    reads: int = 0
    writes: int = 0


spent: ContextVar[Spent | None] = ContextVar("spent", default=None)
"""Where the store counts the requests of the call it is serving."""


@dataclass(order=True, slots=True)
class _Waiting:
    priority: Priority
    order: int
    moved: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class _Budget:
    """One kind of request."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self.limit = limit
        self._clock = clock
        self._ended: deque[float] = deque()
        self._going = 0
        self._closed_until = 0.0

    def pause(self, count: int, priority: Priority) -> float | None:
        """Return the seconds until so many may be sent, or ``None`` if that depends on answers still to come."""
        now = self._clock.monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        usable = max(count, self.limit - int(self.limit * _LEFT_TO_OTHERS[priority]))
        too_many = self.used() + count - usable
        if count == 0 or too_many <= 0:
            return 0.0
        return self._ended[too_many - 1] + _MINUTE - now if too_many <= len(self._ended) else None

    def used(self) -> int:
        """Return how many count now."""
        now = self._clock.monotonic()
        while self._ended and self._ended[0] + _MINUTE <= now:
            self._ended.popleft()
        return self._going + len(self._ended)

    def begin(self, count: int) -> None:
        self._going += count

    def end(self, count: int, used: int) -> None:
        self._going -= count
        self._ended.extend([self._clock.monotonic()] * used)

    def close(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, self._clock.monotonic() + seconds)


class Governor:
    """Gives calls their turn, so that the store has never to refuse one.

    Args:
        reads: Requests a minute that read.
        writes: Requests a minute that write.
        clock: Measures and waits.
    """

    def __init__(self, *, reads: int = 60, writes: int = 60, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._reads = _Budget(reads, self._clock)
        self._writes = _Budget(writes, self._clock)
        self._line: list[_Waiting] = []
        self._order = itertools.count()

    async def turn(self, cost: Cost, priority: Priority) -> Turn:
        """Wait for a turn; whoever gets one must end it. Cancelling is safe."""
        waiting = _Waiting(priority, next(self._order))
        heapq.heappush(self._line, waiting)
        try:
            while self._line[0] is not waiting or (pause := self._pause(cost, priority)) != 0:
                waiting.moved.clear()
                if self._line[0] is not waiting or pause is None:
                    await waiting.moved.wait()
                else:
                    await self._clock.sleep(pause)
            self._reads.begin(cost.reads)
            self._writes.begin(cost.writes)
            return Turn(self, cost)
        finally:
            self._line.remove(waiting)
            heapq.heapify(self._line)
            self._move()

    def end(self, cost: Cost, used: Spent) -> None:
        """Take a turn back that took so many requests."""
        self._reads.end(cost.reads, used.reads)
        self._writes.end(cost.writes, used.writes)
        self._move()

    def refused(self, seconds: float) -> None:
        """Send nothing for a while: the store has refused a request, others must be using the same account."""
        self._reads.close(seconds)
        self._writes.close(seconds)

    def usage(self) -> SheetsQuota:
        """Return what counts now."""
        return SheetsQuota(
            self._reads.used(), self._reads.limit, self._writes.used(), self._writes.limit, len(self._line)
        )

    def _pause(self, cost: Cost, priority: Priority) -> float | None:
        reads = self._reads.pause(cost.reads, priority)
        writes = self._writes.pause(cost.writes, priority)
        return None if reads is None or writes is None else max(reads, writes)

    def _move(self) -> None:
        if self._line:
            self._line[0].moved.set()


class Turn:
    """The right to make a call."""

    def __init__(self, governor: Governor, cost: Cost) -> None:
        self._governor = governor
        self._cost = cost
        self.spent = Spent()

    def end(self) -> None:
        """Give the turn back; :attr:`spent` says what it took."""
        self._governor.end(self._cost, self.spent)

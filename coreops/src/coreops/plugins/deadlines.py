"""Deadlines for many calls at the price of one timer.

``asyncio.timeout`` costs about 4 µs a call, most of it for a timer that almost never fires. Here a call only puts a
slot into a dictionary; one sweeper per event loop looks at all slots every :data:`PERIOD` seconds and runs only while
there are any, so a deadline is met late by up to that period.
"""

from __future__ import annotations

import asyncio
from typing import Final

__all__ = ["PERIOD", "Deadlines", "Slot"]

PERIOD: Final = 0.05
"""Seconds between two sweeps."""


class Slot:
    """One running call: its task, when it must end (loop time, seconds) and whether the sweeper cancelled it."""

    __slots__ = ("at", "cancelling", "expired", "task")

    def __init__(self, task: asyncio.Task[object], at: float) -> None:
        self.task = task
        self.at = at
        self.cancelling = task.cancelling()
        self.expired = False

    def absorb(self) -> bool:
        """Take back the sweeper's cancellation; tell whether it was the only one.

        Another cancellation that came at the same time wins and must be let through, as in ``asyncio.timeout``.
        """
        return self.expired and self.task.uncancel() <= self.cancelling

    @property
    def cancelled_from_outside(self) -> bool:
        """Whether somebody other than the sweeper asked the task to end since the slot was opened."""
        return self.task.cancelling() > self.cancelling


class Deadlines:
    """The open slots of one event loop."""

    def __init__(self, period: float = PERIOD) -> None:
        self._period = period
        self._slots: set[Slot] = set()
        self._timer: asyncio.TimerHandle | None = None

    def open(self, timeout: float) -> Slot:
        """Open a slot for the running task that is cancelled ``timeout`` seconds from now."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        if task is None:
            msg = "a deadline needs a running task"
            raise RuntimeError(msg)
        slot = Slot(task, loop.time() + timeout)
        self._slots.add(slot)
        if self._timer is None:
            self._timer = loop.call_later(self._period, self._sweep, loop)
        return slot

    def close(self, slot: Slot) -> None:
        """Close a slot; its task will not be cancelled any more."""
        self._slots.discard(slot)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for slot in [slot for slot in self._slots if slot.at <= now]:
            slot.expired = True
            self._slots.discard(slot)
            slot.task.cancel()
        self._timer = loop.call_later(self._period, self._sweep, loop) if self._slots else None

"""Deadlines for many calls at the price of one timer.

``asyncio.timeout`` costs about 4 µs a call, most of it for a timer that almost never fires. Here a call only puts a
slot into a dictionary; one sweeper per event loop looks at all slots every :data:`PERIOD` seconds and runs only while
there are any, so a deadline is met late by up to that period.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

__all__ = ["PERIOD", "Deadlines", "Slot"]

PERIOD: Final = 0.05
"""Seconds between two sweeps."""


class Slot:
    """A deadline that one call has for itself or that calls started together share."""

    __slots__ = ("at", "expired", "seconds", "tasks")

    def __init__(self, at: float, seconds: float, *tasks: asyncio.Task[Any]) -> None:
        self.at = at
        self.seconds = seconds
        self.tasks = list(tasks)
        self.expired = False


class Deadlines:
    """The open slots of one event loop."""

    def __init__(self, period: float = PERIOD) -> None:
        self._period = period
        self._slots: set[Slot] = set()
        self._timer: asyncio.TimerHandle | None = None

    def open(self, timeout: float, *tasks: asyncio.Task[Any], spent: float = 0.0) -> Slot:
        """Open a slot whose tasks are cancelled at its end; tasks may be added later.

        Args:
            timeout: Seconds from now.
            tasks: Those that are going already.
            spent: Seconds of ``timeout`` that have passed already.
        """
        loop = asyncio.get_running_loop()
        slot = Slot(loop.time() + timeout - spent, timeout, *tasks)
        self._slots.add(slot)
        if self._timer is None:
            self._timer = loop.call_later(self._period, self._sweep, loop)
        return slot

    def close(self, slot: Slot) -> None:
        """Close a slot; its tasks will not be cancelled any more."""
        self._slots.discard(slot)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for slot in [slot for slot in self._slots if slot.at <= now]:
            slot.expired = True
            self._slots.discard(slot)
            for task in slot.tasks:
                task.cancel()
        self._timer = loop.call_later(self._period, self._sweep, loop) if self._slots else None

"""The watchdog's own thread: measures how late the event loop is, and looks at what holds it.

A coroutine that blocks the thread meets no deadline, because deadlines need the loop. So a second thread hands the loop
a beat again and again; when one is not taken in time it reads the loop thread's stack.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from coreops.watchdog.frames import Place, blame

__all__ = ["LoopSampler", "SamplerTimes"]


@dataclass(frozen=True, slots=True)
class SamplerTimes:
    """Seconds: between beats, until the loop counts as held, and until it counts as dead."""

    interval: float = 0.05
    hold: float = 0.25
    dead: float = 210.0


class LoopSampler:
    """Watches one event loop from a thread of its own. Callbacks run in that thread.

    Args:
        owner_of: Returns the plugin that a module belongs to, or an empty text.
        held: Told where the loop is held, as soon as it is.
        released: Told where it was held, and for how many seconds.
        dead: Told where, once, when the loop has been held so long that it will not come back.
        times: See :class:`SamplerTimes`.
    """

    def __init__(
        self,
        *,
        owner_of: Callable[[str], str],
        held: Callable[[Place], None],
        released: Callable[[Place, float], None],
        dead: Callable[[Place, float], None],
        times: SamplerTimes | None = None,
    ) -> None:
        self._owner_of = owner_of
        self._held = held
        self._released = released
        self._dead = dead
        self._times = times or SamplerTimes()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.lag: float | None = None
        """Seconds that the loop last needed to take a beat; ``None`` before the first."""

    def start(self) -> None:
        """Begin to watch the loop of the calling thread."""
        loop, thread = asyncio.get_running_loop(), threading.get_ident()
        self._thread = threading.Thread(target=self._run, args=(loop, thread), name="coreops-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns when the thread has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        while not self._stopping.wait(self._times.interval):
            beat, sent = threading.Event(), time.monotonic()
            try:
                loop.call_soon_threadsafe(beat.set)
            except RuntimeError:  # the loop was closed
                return
            if not beat.wait(self._times.hold):
                self._look(beat, sent, thread)
            self.lag = time.monotonic() - sent

    def _look(self, beat: threading.Event, sent: float, thread: int) -> None:
        """Stay with a loop that did not take its beat until it does, or until the watch ends."""
        place = self._sample(thread)
        if place is not None:
            self._held(place)
        told = False
        while not beat.wait(self._times.hold) and not self._stopping.is_set():
            place = place or self._sample(thread)
            took = time.monotonic() - sent
            if place is not None and took > self._times.dead and not told:
                told = True
                self._dead(place, took)
        if place is not None and beat.is_set():
            self._released(place, time.monotonic() - sent)

    def _sample(self, thread: int) -> Place | None:
        frame = sys._current_frames().get(thread)  # noqa: SLF001 - the documented way to another thread's stack
        return None if frame is None else blame(frame, self._owner_of)

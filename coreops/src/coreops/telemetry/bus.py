"""The telemetry bus: what happened, handed to whoever listens, without ever holding up what happens.

Each subscriber has a bounded queue and a task of its own: a slow one misses events (they are counted), a failing one is
logged, and neither touches the others. What a subscriber publishes while it handles an event, and whatever follows
from that, is not handed to it again; so nothing on the bus can go round in circles.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, ContextVar
from functools import partial
from typing import Final

from coreops.telemetry.phrases import error_text
from coreops_hookspecs.context import Logger
from coreops_hookspecs.telemetry import Event
from coreops_shared import trace

__all__ = ["Bus", "Subscriber"]

Subscriber = Callable[[Event], Awaitable[None]]

_handling: Final[ContextVar[frozenset[_Subscription]]] = ContextVar("coreops_handling", default=frozenset())
"""The subscribers on whose behalf the running code acts."""


class _Subscription:
    def __init__(self, name: str, call: Subscriber, capacity: int) -> None:
        self.name = name
        self.call = call
        self.queue: asyncio.Queue[tuple[Event, frozenset[_Subscription]]] = asyncio.Queue(capacity)
        self.dropped = 0
        self.task: asyncio.Task[None] | None = None


class Bus:
    """Events in, subscribers out. Publish from the event loop's thread only.

    Args:
        log: Told of subscribers that fail.
        capacity: Events that may wait for one subscriber.
        keep: Events kept for :meth:`recent`.
    """

    def __init__(self, log: Logger, *, capacity: int = 1000, keep: int = 500) -> None:
        self._log = log
        self._capacity = capacity
        self._recent: deque[Event] = deque(maxlen=keep)
        self._subscriptions: list[_Subscription] = []
        self._dropped = 0
        self._running = False

    @property
    def dropped(self) -> int:
        """Deliveries given up since the start because a subscriber was too slow."""
        return self._dropped

    def publish(self, event: Event) -> None:
        """Hand an event to every subscriber. Never blocks, never raises; a full queue loses it and is counted."""
        self._recent.append(event)
        via = _handling.get()
        for subscription in self._subscriptions:
            if subscription in via:
                continue
            try:
                subscription.queue.put_nowait((event, via))
            except asyncio.QueueFull:
                self._lose(subscription)

    def recent(self, limit: int = 50) -> Sequence[Event]:
        """Return the latest events, newest first."""
        return tuple(reversed(self._recent))[:limit]

    def subscribe(self, call: Subscriber, *, name: str) -> Callable[[], None]:
        """Hand every event from now on to ``call``, one at a time. Returns what ends that.

        Args:
            call: Coroutine function; what it raises is logged.
            name: For logs.
        """
        subscription = _Subscription(name, call, self._capacity)
        self._subscriptions.append(subscription)
        if self._running:
            self._serve(subscription)
        return partial(self._unsubscribe, subscription)

    async def start(self) -> None:
        """Begin to deliver, first of all what was published before."""
        self._running = True
        for subscription in self._subscriptions:
            if subscription.task is None:
                self._serve(subscription)

    async def stop(self, grace: float = 1.0) -> None:
        """Deliver what waits, for at most ``grace`` seconds, and stop."""
        self._running = False
        served = [each for each in self._subscriptions if each.task is not None]
        if served:
            drained = [asyncio.create_task(each.queue.join()) for each in served]
            _, stuck = await asyncio.wait(drained, timeout=grace)
            for task in stuck:
                task.cancel()
        tasks = [each.task for each in served if each.task is not None]
        for each in served:
            self._end(each)
        if tasks:
            await asyncio.wait(tasks)

    def _serve(self, subscription: _Subscription) -> None:
        # an empty context: whoever subscribes must not lend its trace or plugin to every event
        subscription.task = asyncio.create_task(
            self._deliver(subscription), name=f"bus {subscription.name}", context=Context()
        )

    async def _deliver(self, subscription: _Subscription) -> None:
        while True:
            event, via = await subscription.queue.get()
            _handling.set(via | {subscription})
            with trace.span(event.trace), trace.acting(event.actor):
                (failure,) = await asyncio.gather(subscription.call(event), return_exceptions=True)
            subscription.queue.task_done()
            if isinstance(failure, Exception):
                self._log.error("subscriber failed", subscriber=subscription.name, error=error_text(failure))

    def _lose(self, subscription: _Subscription) -> None:
        self._dropped += 1
        subscription.dropped += 1
        if subscription.dropped == 1:
            self._log.warning("subscriber is too slow, events are lost", subscriber=subscription.name)

    def _unsubscribe(self, subscription: _Subscription) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)
        self._end(subscription)

    @staticmethod
    def _end(subscription: _Subscription) -> None:
        if subscription.task is not None:
            subscription.task.cancel()
            subscription.task = None

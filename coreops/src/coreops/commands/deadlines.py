"""How long a handler may take: a short time to its first answer, and Discord's fifteen minutes in all.

A handler that has answered may go on: it waits for a button or a form that its caller has to fill in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from coreops.plugins.deadlines import Deadlines

__all__ = ["LIFETIME", "Answered", "answered_within"]

LIFETIME: Final = 900.0
"""Seconds for which an interaction can be answered (Discord docs, Receiving and Responding to Interactions)."""


class Answered(asyncio.Event):
    """Set by lightbulb with the first answer or deferral; calls :attr:`then` when the handler has answered."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], None] | None = None
        self._on_behalf = False

    def set(self) -> None:
        """Note the first answer."""
        super().set()
        if not self._on_behalf:
            self.answered()

    def answered(self) -> None:
        """Note that the handler itself has answered."""
        if self.then is not None:
            self.then()

    @contextmanager
    def on_behalf(self) -> Iterator[None]:
        """What is set inside the ``with`` block is not the handler's own answer."""
        self._on_behalf = True
        try:
            yield
        finally:
            self._on_behalf = False


async def answered_within(
    deadlines: Deadlines, seconds: float, sent: asyncio.Event, proceed: Callable[[], Awaitable[None]]
) -> None:
    """Await ``proceed()``, which must answer, or end, within ``seconds``, and end within :data:`LIFETIME`.

    Args:
        deadlines: Watches the time, for many calls at the price of one timer.
        seconds: Time until the first answer.
        sent: Set with the first answer.
        proceed: Runs the handler.

    Raises:
        TimeoutError: it did neither.
    """
    task = asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"
    cancelling = task.cancelling()
    slot = deadlines.open(seconds, task)
    end = slot.at - seconds + LIFETIME

    def lift() -> None:
        slot.at = end

    if isinstance(sent, Answered):
        sent.then = lift
    try:
        await proceed()
    except asyncio.CancelledError:
        if not slot.expired or task.uncancel() > cancelling:
            raise
        msg = f"no answer within {seconds:g} s; defer first, or answer sooner"
        if slot.at == end:
            msg = f"no end within {LIFETIME:g} s, after which an interaction cannot be answered"
        raise TimeoutError(msg) from None
    finally:
        deadlines.close(slot)
        if isinstance(sent, Answered):
            sent.then = None

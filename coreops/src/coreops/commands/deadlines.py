"""How long a handler may take: a short time to its first answer, and Discord's fifteen minutes in all.

A handler that has answered may go on: it waits for a button or a form that its caller has to fill in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

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


async def answered_within(seconds: float, sent: asyncio.Event, proceed: Callable[[], Awaitable[None]]) -> None:
    """Await ``proceed()``, which must answer, or end, within ``seconds``.

    Args:
        seconds: Time until the first answer.
        sent: Set with the first answer.
        proceed: Runs the handler.

    Raises:
        TimeoutError: it did neither.
    """
    limit = asyncio.timeout(seconds)

    def lift() -> None:
        if not limit.expired():
            limit.reschedule(None)

    if isinstance(sent, Answered):
        sent.then = lift
    try:
        async with limit:
            await proceed()
    except TimeoutError as error:
        if not limit.expired():
            raise
        msg = f"no answer within {seconds:g} s; defer first, or answer sooner"
        raise TimeoutError(msg) from error
    finally:
        if isinstance(sent, Answered):
            sent.then = None

"""Reads again by itself what could not be read, so that an outage needs nobody's hand when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

__all__ = ["CatchUp"]

_FIRST: Final = 5.0
_LONGEST: Final = 300.0
"""Seconds between two attempts; doubled from one to the next."""


class CatchUp:
    """Attempts, further and further apart, until one succeeds.

    Args:
        attempt: Tells whether it succeeded.
        sleep: Waits, in seconds.
    """

    def __init__(self, attempt: Callable[[], Awaitable[bool]], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._attempt = attempt
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless it is at it already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="catch up")

    async def stop(self) -> None:
        """Give up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        pause = _FIRST
        await self._sleep(pause)
        while not await self._attempt():
            pause = min(pause * 2, _LONGEST)
            await self._sleep(pause)

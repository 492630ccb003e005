"""Notices what somebody edits in the worksheets of a store that people reach past the bot, and has it told.

Nothing is taken over: ``Config`` holds access rules too, and edits of several cells belong together, so when they hold
is for a person to say, with ``ops reload``. As with tables, an edit is over once a tab has stayed as it is from one
look to the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from coreops.operations.worksheets import KeptWorksheets
from coreops_shared.clock import Clock
from coreops_shared.sheets.edits import Edits

__all__ = ["WorksheetWatch"]

_LOOK: Final = 0.5
"""Seconds from one look to the next."""


class WorksheetWatch:
    """Looks for edits.

    Args:
        worksheets: Know how they looked when they were read, and how they look now.
        clock: Pauses.
        edited: Told the title of a worksheet that is not what was read, once for each edit.
    """

    def __init__(self, worksheets: KeptWorksheets, clock: Clock, edited: Callable[[str], None]) -> None:
        self._worksheets = worksheets
        self._clock = clock
        self._edited = edited
        self._edits: Edits[str] = Edits()
        self._told: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, in a store where edits can be noticed."""
        if self._worksheets.watchable:
            self._task = asyncio.create_task(self._run(), name="worksheets watch")

    async def stop(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(_LOOK)
            looks = await self._worksheets.looks()
            for title in self._edits.over(looks):
                if self._told.get(title) != (now := looks[title][1]):
                    self._told[title] = now
                    self._edited(title)

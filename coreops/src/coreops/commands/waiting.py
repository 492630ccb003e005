"""Shows a caller that a slow command is being worked on, before Discord gives it up.

An interaction must be answered within three seconds (Discord docs, Receiving and Responding to Interactions), so a
handler that takes longer than two is deferred on its behalf. A message gets the typing indicator, which lasts ten
seconds (Discord docs, Trigger Typing Indicator), again and again until the reply is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import hikari

from coreops.commands.context import CommandContext
from coreops.commands.invocation import Invocation
from coreops.commands.message_interaction import MessageInteraction
from coreops_hookspecs import Logger
from coreops_hookspecs.errors import CommandError

__all__ = ["Patience", "Waiting"]

_AGAIN: Final = 8.0
"""Seconds between two typing indicators."""


class Waiting:
    """One command that is being worked on."""

    __slots__ = ("at", "interaction", "invocation", "task")

    def __init__(self, at: float, interaction: hikari.PartialInteraction, invocation: Invocation) -> None:
        self.at = at
        self.interaction = interaction
        self.invocation = invocation
        self.task: asyncio.Task[None] | None = None


class Patience:
    """Asks callers for patience. One timer serves all commands, because all wait equally long.

    Args:
        after: Seconds that a handler may take until then.
        log: The structured logger.
    """

    def __init__(self, after: float, log: Logger) -> None:
        self._after = after
        self._log = log
        self._waiting: dict[Waiting, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def during(self, interaction: hikari.PartialInteraction, invocation: Invocation) -> AsyncIterator[None]:
        """Ask for patience while the ``async with`` block takes long."""
        waiting = self.begin(interaction, invocation)
        try:
            yield
        finally:
            await self.settle(waiting)

    def begin(self, interaction: hikari.PartialInteraction, invocation: Invocation) -> Waiting:
        """Ask for patience from some time on; :meth:`settle` must follow."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(loop.time() + self._after, interaction, invocation)
        self._waiting[waiting] = None
        if self._timer is None:
            self._timer = loop.call_at(waiting.at, self._late, loop)
        return waiting

    def forget(self, waiting: Waiting) -> bool:
        """Ask no more; tell whether nothing was asked, so that there is nothing to :meth:`settle`."""
        self._waiting.pop(waiting, None)
        return waiting.task is None

    async def settle(self, waiting: Waiting) -> None:
        """Ask no more, and wait until nothing is asked; a second call does nothing."""
        self.forget(waiting)
        task = waiting.task
        if task is not None and not task.done():
            if isinstance(waiting.interaction, MessageInteraction):
                task.cancel()
            await asyncio.wait([task])  # a deferral on its way is let through: an answer must come after it

    def _late(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ask the callers of all that take too long by now; they stand in the order of their times."""
        self._timer = None
        now = loop.time()
        for waiting in list(self._waiting):
            if waiting.at > now:
                self._timer = loop.call_at(waiting.at, self._late, loop)
                return
            del self._waiting[waiting]
            waiting.task = loop.create_task(self._ask(waiting.interaction, waiting.invocation), name="patience")

    async def _ask(self, interaction: hikari.PartialInteraction, invocation: Invocation) -> None:
        try:
            if isinstance(interaction, MessageInteraction):
                while not interaction.replied:
                    await interaction.replies.defer()
                    await asyncio.sleep(_AGAIN)
            elif invocation.press is not None:
                await invocation.press.ask_for_patience()
            elif isinstance(invocation.context, CommandContext):
                await invocation.context.ask_for_patience()
        except (hikari.HikariError, CommandError) as error:
            self._log.debug("the caller could not be asked for patience", error=str(error))

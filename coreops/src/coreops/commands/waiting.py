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

__all__ = ["Patience"]

_AGAIN: Final = 8.0
"""Seconds between two typing indicators."""


class Patience:
    """Asks callers for patience.

    Args:
        after: Seconds that a handler may take until then.
        log: The structured logger.
    """

    def __init__(self, after: float, log: Logger) -> None:
        self._after = after
        self._log = log

    @asynccontextmanager
    async def during(self, interaction: hikari.PartialInteraction, invocation: Invocation) -> AsyncIterator[None]:
        """Ask for patience while the ``async with`` block takes long."""
        asking: list[asyncio.Task[None]] = []

        def late() -> None:
            asking.append(loop.create_task(self._ask(interaction, invocation), name="patience"))

        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._after, late)
        try:
            yield
        finally:
            timer.cancel()
            for task in asking:
                if isinstance(interaction, MessageInteraction):
                    task.cancel()
                await asyncio.wait([task])  # a deferral on its way is let through: an answer must come after it

    async def _ask(self, interaction: hikari.PartialInteraction, invocation: Invocation) -> None:
        try:
            if isinstance(interaction, MessageInteraction):
                while not interaction.replies.any:
                    await interaction.replies.defer()
                    await asyncio.sleep(_AGAIN)
            elif invocation.press is not None:
                await invocation.press.ask_for_patience()
            elif isinstance(invocation.context, CommandContext):
                await invocation.context.ask_for_patience()
        except (hikari.HikariError, CommandError) as error:
            self._log.debug("the caller could not be asked for patience", error=str(error))

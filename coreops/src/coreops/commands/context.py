"""lightbulb's context, which also notes whose form was opened, and can be deferred on behalf of a slow handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hikari
import lightbulb

from coreops.commands.deadlines import Answered

__all__ = ["CommandContext"]


class CommandContext(lightbulb.Context):
    """The context of a command.

    ``opens`` is told the custom id of each form, whose submission names no message and so nobody's command.
    """

    __slots__ = ("opens",)

    opens: Callable[[str], None]

    async def ask_for_patience(self) -> None:
        """Defer the answer unless there is one; the handler must still give it in the time it has."""
        sent = self.initial_response_sent
        if isinstance(sent, Answered):
            with sent.on_behalf():
                await super().defer()

    async def defer(self, *, ephemeral: bool = False) -> None:
        """Defer the answer."""
        await super().defer(ephemeral=ephemeral)
        self._note()

    async def respond(self, content: hikari.UndefinedOr[Any] = hikari.UNDEFINED, **options: Any) -> Any:
        """Answer, or follow up."""
        sent = await super().respond(content, **options)
        self._note()
        return sent

    async def respond_with_modal(self, title: str, custom_id: str, *components: Any, **more: Any) -> None:
        """Open a form."""
        self.opens(custom_id)
        await super().respond_with_modal(title, custom_id, *components, **more)

    def _note(self) -> None:
        """Say that the handler has answered, which a deferral on its behalf did not."""
        if isinstance(self.initial_response_sent, Answered):
            self.initial_response_sent.answered()

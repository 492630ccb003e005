"""A message as an interaction: lightbulb runs a command for it as for any other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import hikari
from hikari.interactions.base_interactions import (
    InteractionCallback,
    InteractionCallbackResource,
    InteractionCallbackResponse,
)

from coreops.commands.responses import Replies
from coreops_hookspecs.errors import UsageError

__all__ = ["MessageInteraction"]


class MessageInteraction(hikari.CommandInteraction):
    """A command that was written as a message. Its responses are replies to that message.

    Args:
        replies: Sends them.
        received_at: Monotonic seconds at which the message was seen.
        read_options: Reads the message's arguments into ``options`` and ``resolved``; raises UsageError.
        name: Path of the command that it asks for.
        fields: What every interaction has.
    """

    __slots__ = ("_name", "_read_options", "received_at", "replies")

    def __init__(
        self,
        *,
        replies: Replies,
        received_at: float,
        read_options: Callable[[MessageInteraction], Awaitable[None]],
        name: str,
        **fields: Any,
    ) -> None:
        super().__init__(**fields)
        self.replies = replies
        self.received_at = received_at
        self._read_options = read_options
        self._name = name

    async def prepare(self) -> None:
        """Read the arguments; the door calls it once the caller has been let in. Raises UsageError."""
        await self._read_options(self)

    async def create_initial_response(
        self, response_type: Any, content: hikari.UndefinedOr[Any] = hikari.UNDEFINED, **options: Any
    ) -> InteractionCallbackResponse:
        """Reply, or show the typing indicator for a deferred response."""
        if response_type == hikari.ResponseType.DEFERRED_MESSAGE_CREATE:
            await self.replies.defer()
            return self._callback(None)
        return self._callback(await self.replies.send(content, **options))

    async def edit_initial_response(
        self, content: hikari.UndefinedNoneOr[Any] = hikari.UNDEFINED, **options: Any
    ) -> hikari.Message:
        """Change the first reply; after a deferral this is what sends it."""
        if self.replies.any:
            return await self.replies.edit(self.replies.first, content, **options)
        given = {name: value for name, value in options.items() if value is not None}
        return await self.replies.send(hikari.UNDEFINED if content is None else content, **given)

    async def fetch_initial_response(self) -> hikari.Message:
        """Fetch the first reply."""
        return await self.replies.fetch(self.replies.first)

    async def delete_initial_response(self) -> None:
        """Delete the first reply."""
        await self.replies.delete(self.replies.first)

    async def execute(self, content: hikari.UndefinedOr[Any] = hikari.UNDEFINED, **options: Any) -> hikari.Message:
        """Send a further reply."""
        return await self.replies.send(content, **options)

    async def fetch_message(self, message: hikari.SnowflakeishOr[hikari.Message]) -> hikari.Message:
        """Fetch one of the replies."""
        return await self.replies.fetch(int(message))

    async def edit_message(
        self,
        message: hikari.SnowflakeishOr[hikari.Message],
        content: hikari.UndefinedNoneOr[Any] = hikari.UNDEFINED,
        **options: Any,
    ) -> hikari.Message:
        """Change one of the replies."""
        return await self.replies.edit(int(message), content, **options)

    async def delete_message(self, message: hikari.SnowflakeishOr[hikari.Message]) -> None:
        """Delete one of the replies."""
        await self.replies.delete(int(message))

    async def create_modal_response(self, *_: Any, **__: Any) -> InteractionCallbackResponse:
        """Refuse: Discord opens forms for interactions only. Raises UsageError."""
        msg = f"command {self._name!r} opens a form, which a message cannot; use the slash command"
        raise UsageError(msg, user_message=f"This opens a form. Use /{self._name} instead.")

    def _callback(self, message: hikari.Message | None) -> InteractionCallbackResponse:
        kind = hikari.ResponseType.DEFERRED_MESSAGE_CREATE if message is None else hikari.ResponseType.MESSAGE_CREATE
        sent: hikari.UndefinedOr[hikari.Message] = hikari.UNDEFINED if message is None else message
        return InteractionCallbackResponse(
            interaction=InteractionCallback(
                id=self.id,
                type=self.type,
                activity_instance_id=hikari.UNDEFINED,
                response_message_id=hikari.UNDEFINED if message is None else message.id,
                response_message_loading=message is None,
                response_message_ephemeral=False,
            ),
            resource=InteractionCallbackResource(type=kind, activity_instance=hikari.UNDEFINED, message=sent),
        )

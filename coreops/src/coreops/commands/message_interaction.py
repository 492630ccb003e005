"""A message as an interaction: lightbulb runs a command for it as for any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import attrs
import hikari
from hikari.interactions.base_interactions import (
    InteractionCallback,
    InteractionCallbackResource,
    InteractionCallbackResponse,
)

from coreops.commands.leaves import Leaf
from coreops.commands.prefix import Word
from coreops.commands.responses import Replies
from coreops.commands.spoken import SpokenMessage
from coreops.commands.translate import nest
from coreops_hookspecs.errors import UsageError

__all__ = ["MessageInteraction"]

_FIELDS: Final = frozenset(field.name for field in attrs.fields(hikari.CommandInteraction))


Options = Sequence[hikari.CommandInteractionOption]


class Desk(Protocol):
    """Fills in what a message interaction is asked for; the bridge is one."""

    def fields(self, interaction: MessageInteraction) -> Mapping[str, Any]: ...
    def replies(self, interaction: MessageInteraction) -> Replies: ...
    async def arguments(
        self, interaction: MessageInteraction, leaf: Leaf
    ) -> tuple[Options, hikari.ResolvedOptionData | None]: ...


class MessageInteraction(hikari.CommandInteraction):
    """A command that was written as a message. Its responses are replies to that message.

    Most handlers ask an interaction for little, and its member, channel and permissions are dear, so its fields are
    filled in when the first of them is asked for: Python calls ``__getattr__`` for a slot that is empty.

    Args:
        desk: Fills it in.
        message: What was written.
        path: Of the command that it asks for.
        leaf: The command there, if there is one.
        words: Those after the path.
        text: What the words were split from.
        received_at: Monotonic seconds at which it was seen.
    """

    __slots__ = ("_desk", "_replies", "given", "leaf", "message", "path", "received_at", "text", "words")

    def __init__(  # noqa: PLR0917 - by position, because names cost as much again
        self,
        desk: Desk,
        message: SpokenMessage,
        path: tuple[str, ...],
        leaf: Leaf | None,
        words: Sequence[Word],
        text: str,
        received_at: float,
    ) -> None:
        self._desk = desk
        self.message = message
        self.path = path
        self.leaf = leaf
        self.words = words
        self.text = text
        self.received_at = received_at
        self.given: Options = ()
        self.resolved = None
        self._replies: Replies | None = None

    def __getattr__(self, name: str) -> Any:
        if name == "options":
            return nest(self.path, self.given)
        if name not in _FIELDS:
            raise AttributeError(name)
        for key, value in self._desk.fields(self).items():
            setattr(self, key, value)
        self.command_name = self.path[0] if self.path else ""
        return object.__getattribute__(self, name)

    @property
    def replies(self) -> Replies:
        """What sends its responses."""
        if self._replies is None:
            self._replies = self._desk.replies(self)
        return self._replies

    @property
    def replied(self) -> bool:
        """Whether a response was sent."""
        return self._replies is not None and self._replies.any

    async def prepare(self) -> None:
        """Read the arguments; the door calls it once the caller has been let in. Raises UsageError."""
        if self.leaf is not None and (self.leaf.options or self.words):
            self.given, self.resolved = await self._desk.arguments(self, self.leaf)

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
        if self.replied:
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
        name = " ".join(self.path)
        msg = f"command {name!r} opens a form, which a message cannot; use the slash command"
        raise UsageError(msg, user_message=f"This opens a form. Use /{name} instead.")

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

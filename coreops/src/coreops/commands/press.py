"""What a plugin is handed of a press: its state, what was chosen or filled in, and the ways to answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import hikari

from coreops.commands.deadlines import Answered
from coreops.commands.seal import Sealed
from coreops_hookspecs.errors import UsageError

__all__ = ["ComponentPress"]

_TYPES = hikari.ResponseType


class ComponentPress:
    """Satisfies :class:`coreops_hookspecs.Press`.

    Args:
        interaction: What arrived.
        sealed: What its custom id says.
        sent: Set with the first answer.
    """

    def __init__(
        self,
        interaction: hikari.ComponentInteraction | hikari.ModalInteraction,
        sealed: Sealed,
        sent: asyncio.Event,
    ) -> None:
        self._interaction = interaction
        self._sent = sent
        self._lock = asyncio.Lock()
        self._pending = False
        self._on_source = False  # whether the initial response is the message that the control stands on
        self.state = sealed.state
        self.owner_id = sealed.owner
        self.user_id = int(interaction.user.id)
        self.values: Sequence[str] = getattr(interaction, "values", ())
        self.texts: Mapping[str, str] = _texts(interaction)

    @property
    def interaction(self) -> hikari.ComponentInteraction | hikari.ModalInteraction:
        """What arrived."""
        return self._interaction

    async def update(self, content: Any = hikari.UNDEFINED, **options: Any) -> None:
        """Change the message that the control stands on."""
        message = self._interaction.message
        if message is None:
            msg = "this form was not opened from a message, so there is none to change; respond instead"
            raise UsageError(msg, user_message="That form cannot change a message.")
        async with self._lock:
            if not self._sent.is_set():
                self._on_source = True
                await self._first(_TYPES.MESSAGE_UPDATE, content, **options)
            elif self._on_source:
                await self._interaction.edit_initial_response(content, **options)
            elif message.flags & hikari.MessageFlag.EPHEMERAL:
                await self._interaction.edit_message(message, content, **options)
            else:
                await self._interaction.app.rest.edit_message(message.channel_id, message, content, **options)
        self._answered()

    async def respond(self, content: Any = hikari.UNDEFINED, *, ephemeral: bool = True, **options: Any) -> None:
        """Send a message."""
        flags = hikari.MessageFlag.EPHEMERAL if ephemeral else hikari.MessageFlag.NONE
        async with self._lock:
            if not self._sent.is_set():
                await self._first(_TYPES.MESSAGE_CREATE, content, flags=flags, **options)
            elif self._pending:
                self._pending = False
                await self._interaction.edit_initial_response(content, **options)
            else:
                await self._interaction.execute(content, flags=flags, **options)
        self._answered()

    async def defer(self) -> None:
        """Acknowledge."""
        await self._acknowledge()
        self._answered()

    async def open_form(
        self, title: str, custom_id: str, components: Sequence[hikari.api.ModalActionRowBuilder]
    ) -> None:
        """Open a form. Raises UsageError."""
        async with self._lock:
            if self._sent.is_set() or isinstance(self._interaction, hikari.ModalInteraction):
                msg = "a form is opened as the first answer to a button or menu, before update, respond or two seconds"
                raise UsageError(msg, user_message="The form could not be opened in time. Press again.")
            await self._interaction.create_modal_response(title, custom_id, components=components)
            self._sent.set()

    async def ask_for_patience(self) -> None:
        """Acknowledge on behalf of the handler, which must still answer in the time it has."""
        if isinstance(self._sent, Answered):
            with self._sent.on_behalf():
                await self._acknowledge()

    async def _acknowledge(self) -> None:
        """Say that an answer is coming: a message stays as it is, a form without one shows a message that waits."""
        async with self._lock:
            if self._sent.is_set():
                return
            if self._interaction.message is not None:
                self._on_source = True
                await self._first(_TYPES.DEFERRED_MESSAGE_UPDATE)
            else:
                self._pending = True
                await self._first(_TYPES.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL)

    async def _first(self, kind: Any, content: Any = hikari.UNDEFINED, **options: Any) -> None:
        await self._interaction.create_initial_response(kind, content, **options)
        self._sent.set()

    def _answered(self) -> None:
        if isinstance(self._sent, Answered):
            self._sent.answered()


def _texts(interaction: hikari.ComponentInteraction | hikari.ModalInteraction) -> dict[str, str]:
    if not isinstance(interaction, hikari.ModalInteraction):
        return {}
    return {field.custom_id: field.value for row in interaction.components for field in row.components}

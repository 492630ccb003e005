"""Messages after the first response to an interaction (docs, Receiving and Responding, "Followup Messages")."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import posting
from coreops_sandbox.world.interacting import progressed
from coreops_sandbox.world.interactions import CallbackType, Interaction
from coreops_sandbox.world.messages import Draft, Message, MessageFlag, MessageType
from coreops_sandbox.world.posting import Origin
from coreops_sandbox.world.world import World

from . import errors
from .body import Body
from .interactions import channel_of, with_default_mentions
from .validation.messages import RESPONSE_FLAGS, read_edit, read_message


def find(world: World, token: str) -> Interaction:
    """The answered interaction of a token; 50027 for a wrong or expired token, 10015 before the first response."""
    interaction = world.interaction_by_token(token)
    if interaction is None or interaction.token_expired(world.clock()):
        raise errors.invalid_webhook_token()
    if not interaction.answered:
        raise errors.unknown("Webhook")
    return interaction


def create(world: World, interaction: Interaction, body: Body) -> dict[str, Any]:
    """Send a follow-up; the first one after a deferral fills the deferred message in instead."""
    waiting = _original(world, interaction) if interaction.deferred else None
    if waiting is not None and interaction.callback == CallbackType.DEFERRED_MESSAGE:
        read_message(body, flags=RESPONSE_FLAGS)
        return edit(world, interaction, waiting, body)
    channel = channel_of(world, interaction)
    read = read_message(body, flags=RESPONSE_FLAGS)
    hidden = bool((read.draft.flags or 0) & MessageFlag.EPHEMERAL)
    draft = with_default_mentions(read.stored(world, channel, hidden=hidden))
    message = posting.post(world, channel, world.bot_user, draft, _origin(world, interaction))
    interaction.deferred = False
    progressed(world, interaction)
    return message.payload()


def edit(world: World, interaction: Interaction, message: Message, body: Body) -> dict[str, Any]:
    """Edit a response; the first edit of a deferred one ends its LOADING state and does not count as an edit."""
    read = read_edit(body, message)
    channel, loading = channel_of(world, interaction), message.loading
    draft: Draft = with_default_mentions(read.stored(world, channel, message, hidden=message.ephemeral))
    draft.flags = (message.flags if draft.flags is None else draft.flags) & ~MessageFlag.LOADING
    if message.id not in interaction.message_ids:
        interaction.message_ids.append(message.id)
    interaction.deferred = interaction.deferred and message.id != interaction.original_id
    posting.edit(world, channel, message, draft, silent=loading)
    progressed(world, interaction)
    return message.payload()


def delete(world: World, interaction: Interaction, message: Message) -> None:
    """Delete a response; deleting a deferred one ends the waiting."""
    interaction.deferred = interaction.deferred and message.id != interaction.original_id
    posting.delete(world, channel_of(world, interaction), message)
    progressed(world, interaction)


def message_of(world: World, interaction: Interaction, message_id: str) -> Message:
    """A message of the interaction by id or `@original`; 10008 if it has none such."""
    if message_id == "@original":
        message = _original(world, interaction)
    else:
        mine = message_id in {*interaction.message_ids, interaction.original_id}
        message = channel_of(world, interaction).messages.get(message_id) if mine else None
    if message is None:
        raise errors.unknown("Message")
    return message


def _original(world: World, interaction: Interaction) -> Message | None:
    return channel_of(world, interaction).messages.get(interaction.original_id or "")


def _origin(world: World, interaction: Interaction) -> Origin:
    """Follow-ups reply to the first response, unless only one person sees that."""
    original = _original(world, interaction)
    application = world.application.id
    return Origin(
        type=MessageType.DEFAULT,
        reply_to=original if original is not None and not original.ephemeral else None,
        webhook_id=application,
        application_id=application,
        interaction=interaction,
    )

"""Interactions are opened here and sent to the bot."""

from __future__ import annotations

import base64
from typing import Any

from .channels import Channel
from .interactions import Interaction, InteractionType
from .messages import Message
from .users import User
from .world import World

ATTACHMENT_LIMIT = 10 * 1024 * 1024
"""Bytes an upload may have without boosts (Discord docs, Reference, "Uploading Files")."""


def open_interaction(
    world: World,
    kind: InteractionType,
    user: User,
    channel: Channel,
    data: dict[str, Any],
    *,
    message: Message | None = None,
    trigger: Interaction | None = None,
) -> Interaction:
    """Create an interaction and send INTERACTION_CREATE, which needs no intent."""
    _forget_expired(world)
    interaction_id = world.snowflakes.next()
    interaction = Interaction(
        id=interaction_id,
        token=_token(interaction_id),
        type=kind,
        user=user,
        channel_id=channel.id,
        guild_id=channel.guild_id,
        data=data,
        created_at=world.clock(),
        message_id=message.id if message is not None else None,
        trigger=trigger,
    )
    world.interactions[interaction.id] = interaction
    world.dispatch("INTERACTION_CREATE", payload(world, interaction, channel, message), 0)
    return interaction


def payload(world: World, interaction: Interaction, channel: Channel, message: Message | None) -> dict[str, Any]:
    """Discord docs, Receiving and Responding, "Interaction Object"."""
    data: dict[str, Any] = {
        "id": interaction.id,
        "application_id": world.application.id,
        "type": interaction.type,
        "data": interaction.data,
        "channel": _channel(world, interaction, channel),
        "channel_id": channel.id,
        "token": interaction.token,
        "version": 1,
        "app_permissions": str(world.permissions(world.bot_user.id, channel)),
        "locale": world.locale,
        "entitlements": [],
        "authorizing_integration_owners": {"0": interaction.guild_id or "0"},
        "context": 1 if channel.is_dm else 0,
        "attachment_size_limit": ATTACHMENT_LIMIT,
    }
    if message is not None:
        data["message"] = message.payload(viewer=world.bot_user.id)
    guild = world.guild_of(channel)
    if guild is None:
        return {**data, "user": interaction.user.payload()}
    granted = world.permissions(interaction.user.id, channel)
    member = {**guild.members[interaction.user.id].payload(), "permissions": str(granted)}
    located = {"id": guild.id, "locale": "en-US", "features": []}
    return {**data, "guild_id": guild.id, "guild": located, "guild_locale": "en-US", "member": member}


def progressed(world: World, interaction: Interaction) -> None:
    """Tell the control side that the bot answered; only the person concerned sees it."""
    data = {"id": interaction.id, "callback": interaction.callback, "modal": interaction.modal}
    world.notify("interaction", data, interaction.user.id)


def source_message(world: World, interaction: Interaction) -> Message | None:
    """The message whose component was pressed, if it still exists."""
    return world.message(interaction.message_id) if interaction.message_id is not None else None


def _forget_expired(world: World) -> None:
    now = world.clock()
    for old in [one.id for one in world.interactions.values() if one.token_expired(now)]:
        del world.interactions[old]


def _channel(world: World, interaction: Interaction, channel: Channel) -> dict[str, Any]:
    return {**channel.payload(), "permissions": str(world.permissions(interaction.user.id, channel))}


def _token(interaction_id: str) -> str:
    return base64.urlsafe_b64encode(f"interaction:{interaction_id}:sandbox".encode()).decode().rstrip("=")

"""What the control API shows of answers and interactions."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world.interactions import Interaction
from coreops_sandbox.world.messages import Message
from coreops_sandbox.world.world import World

JSON = dict[str, Any]


def reply(world: World, message: Message) -> JSON:
    """A message of the bot as an answer; embeds, components and attachments in Discord's shape."""
    channel = world.channel(message.channel_id)
    return {
        "id": message.id,
        "type": message.type,
        "channel": (channel and channel.name) or "dm",
        "channel_id": message.channel_id,
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments,
        "ephemeral": message.ephemeral,
        "edited": message.edited_at is not None,
    }


def interaction(one: Interaction) -> JSON:
    """What was sent to the bot and how far it has answered; ``modal`` is the one it opened."""
    return {
        "id": one.id,
        "type": one.type,
        "command": one.command_name,
        "channel_id": one.channel_id,
        "user_id": one.user.id,
        "answered": one.answered,
        "deferred": one.deferred,
        "modal": one.modal,
    }

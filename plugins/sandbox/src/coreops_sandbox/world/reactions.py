"""Reactions are added and removed here."""

from __future__ import annotations

from typing import Any

from .channels import Channel
from .events import Intents
from .messages import Message, emoji_payload
from .posting import gateway_payload
from .users import User
from .world import World


def add(world: World, channel: Channel, message: Message, emoji: str, user: User) -> None:
    """Add a user's reaction; one that is already there changes nothing."""
    users = message.reactions.setdefault(emoji, [])
    if user.id in users:
        return
    users.append(user.id)
    data = _data(channel, message, emoji) | {"user_id": user.id, "message_author_id": message.author.id}
    guild = world.guild_of(channel)
    if guild is not None and user.id in guild.members:
        data["member"] = guild.members[user.id].payload()
    _publish(world, channel, message, "MESSAGE_REACTION_ADD", {**data, "burst": False, "type": 0})


def remove(world: World, channel: Channel, message: Message, emoji: str, user_id: str) -> None:
    """Remove a user's reaction; one that is not there changes nothing."""
    users = message.reactions.get(emoji, [])
    if user_id not in users:
        return
    users.remove(user_id)
    if not users:
        del message.reactions[emoji]
    data = _data(channel, message, emoji) | {"user_id": user_id, "burst": False, "type": 0}
    _publish(world, channel, message, "MESSAGE_REACTION_REMOVE", data)


def clear(world: World, channel: Channel, message: Message, emoji: str | None = None) -> None:
    """Remove all reactions, or all of one emoji."""
    if emoji is None:
        message.reactions.clear()
        _publish(world, channel, message, "MESSAGE_REACTION_REMOVE_ALL", _data(channel, message, None))
    elif message.reactions.pop(emoji, None) is not None:
        _publish(world, channel, message, "MESSAGE_REACTION_REMOVE_EMOJI", _data(channel, message, emoji))


def _data(channel: Channel, message: Message, emoji: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"channel_id": channel.id, "message_id": message.id}
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
    return data if emoji is None else {**data, "emoji": emoji_payload(emoji)}


def _publish(world: World, channel: Channel, message: Message, name: str, data: dict[str, Any]) -> None:
    intent = Intents.DIRECT_MESSAGE_REACTIONS if channel.is_dm else Intents.GUILD_MESSAGE_REACTIONS
    world.dispatch(name, data, intent, channel=channel)
    world.notify("message_update", gateway_payload(world, channel, message), message.only_for)

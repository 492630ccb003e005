"""Messages come, change and go here, and each change is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import mentions
from .channels import Channel
from .events import Intents
from .interactions import Interaction
from .messages import Draft, Message, MessageType
from .snowflakes import timestamp
from .users import User
from .world import World


@dataclass(frozen=True, slots=True)
class Origin:
    """How a message came to be, beside its draft: a reply, a webhook's, an answer to an interaction."""

    type: int = MessageType.DEFAULT
    reply_to: Message | None = None
    reference: dict[str, Any] | None = None
    webhook_id: str | None = None
    interaction: Interaction | None = None
    application_id: str | None = None


def post(world: World, channel: Channel, author: User, draft: Draft, origin: Origin = Origin()) -> Message:
    """Create a message, publish it and return it."""
    message = Message(
        id=world.snowflakes.next(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author=author,
        type=origin.type,
        tts=draft.tts,
        nonce=draft.nonce,
        sticker_items=draft.sticker_items,
        webhook_id=origin.webhook_id,
        application_id=origin.application_id,
        reference=origin.reference,
        referenced=origin.reply_to,
    )
    if origin.reply_to is not None:
        message.type = MessageType.REPLY
        message.reference = reference_to(origin.reply_to)
    if origin.interaction is not None:
        _attribute(message, origin.interaction)
    _write(world, channel, message, replace(draft, content=draft.content or ""))
    _store(world, channel, message)
    publish_create(world, channel, message)
    return message


def edit(world: World, channel: Channel, message: Message, draft: Draft, *, silent: bool = False) -> None:
    """Apply an edit and publish it; `silent` leaves `edited_timestamp` alone, as the end of a deferral does."""
    _write(world, channel, message, draft)
    if not silent:
        message.edited_at = world.clock()
    publish_update(world, channel, message)


def delete(world: World, channel: Channel, message: Message) -> None:
    """Remove a message and publish MESSAGE_DELETE; an ephemeral one tells the chat page only."""
    del channel.messages[message.id]
    data = _located(channel, {"id": message.id})
    if not message.ephemeral:
        world.dispatch("MESSAGE_DELETE", data, world.message_intent(channel), channel=channel)
    world.notify("message_delete", data, message.only_for)


def delete_many(world: World, channel: Channel, message_ids: list[str]) -> None:
    """Remove what still exists of `message_ids` and publish one MESSAGE_DELETE_BULK."""
    gone = [one for one in message_ids if channel.messages.pop(one, None) is not None]
    if gone:
        data = _located(channel, {"ids": gone})
        world.dispatch("MESSAGE_DELETE_BULK", data, world.message_intent(channel), channel=channel)
    for one in gone:
        world.notify("message_delete", _located(channel, {"id": one}))


def publish_create(world: World, channel: Channel, message: Message) -> None:
    data = gateway_payload(world, channel, message)
    if not message.ephemeral:
        world.dispatch("MESSAGE_CREATE", data, world.message_intent(channel), channel=channel)
    world.notify("message", data, message.only_for)


def publish_update(world: World, channel: Channel, message: Message) -> None:
    data = gateway_payload(world, channel, message)
    if not message.ephemeral:
        world.dispatch("MESSAGE_UPDATE", data, world.message_intent(channel), channel=channel)
    world.notify("message_update", data, message.only_for)


def gateway_payload(world: World, channel: Channel, message: Message) -> dict[str, Any]:
    """The message as the gateway sends it: with the guild and partial members (Discord docs, "Message Create")."""
    data = message.payload(viewer=world.bot_user.id)
    guild = world.guild_of(channel)
    if guild is None:
        return {**data, "channel_type": channel.type}
    data |= {"guild_id": guild.id, "channel_type": channel.type}
    if message.webhook_id is None and message.author.id in guild.members:
        data["member"] = guild.members[message.author.id].partial()
    for user in data["mentions"]:
        if user["id"] in guild.members:
            user["member"] = guild.members[user["id"]].partial()
    return data


def typing(world: World, channel: Channel, user: User) -> None:
    """Publish TYPING_START."""
    data = _located(channel, {"channel_id": channel.id, "user_id": user.id, "timestamp": int(world.clock())})
    guild = world.guild_of(channel)
    if guild is not None and user.id in guild.members:
        data["member"] = guild.members[user.id].payload()
    # The typing intents stand two bits above those of messages.
    world.dispatch("TYPING_START", data, world.message_intent(channel) << 2, channel=channel)
    world.notify("typing", data)


def reference_to(message: Message) -> dict[str, Any]:
    """The `message_reference` of a reply."""
    data = {"type": 0, "channel_id": message.channel_id, "message_id": message.id}
    return data if message.guild_id is None else {**data, "guild_id": message.guild_id}


def set_pinned(world: World, channel: Channel, message: Message, pinned: bool, by: User) -> None:
    """Pin or unpin; a pin is announced in the channel by a message of type 6, as Discord does."""
    message.pinned_at = world.clock() if pinned else None
    channel.last_pin_at = message.pinned_at or channel.last_pin_at
    publish_update(world, channel, message)
    last = None if channel.last_pin_at is None else timestamp(channel.last_pin_at)
    data = _located(channel, {"last_pin_timestamp": last})
    world.dispatch(
        "CHANNEL_PINS_UPDATE", data, Intents.GUILDS if channel.guild_id else Intents.DIRECT_MESSAGES, channel=channel
    )
    if pinned:
        announced = Origin(type=MessageType.PIN_ADDED, reference=reference_to(message))
        post(world, channel, by, Draft(content=""), announced)


def _located(channel: Channel, data: dict[str, Any]) -> dict[str, Any]:
    placed = {"channel_id": channel.id, **data}
    return placed if channel.guild_id is None else {**placed, "guild_id": channel.guild_id}


def _attribute(message: Message, interaction: Interaction) -> None:
    message.interaction_id = interaction.id
    message.interaction_metadata = interaction.metadata()
    message.legacy_interaction = interaction.legacy()
    interaction.message_ids.append(message.id)


def _write(world: World, channel: Channel, message: Message, draft: Draft) -> None:
    for name in ("embeds", "components", "attachments", "flags"):
        value = getattr(draft, name)
        if value is not None:
            setattr(message, name, value)
    if message.ephemeral and message.only_for is None and message.interaction_metadata is not None:
        message.only_for = message.interaction_metadata["user"]["id"]
    if draft.content is None:
        return
    message.content = draft.content
    replied = message.referenced.author if message.referenced is not None else None
    found = mentions.resolve(
        world, channel, message.author.id, message.content, allowed=draft.allowed_mentions, replied=replied
    )
    message.mentions, message.mention_roles, message.mention_everyone = found.users, found.roles, found.everyone


def _store(world: World, channel: Channel, message: Message) -> None:
    channel.messages[message.id] = message
    if message.ephemeral:
        return
    channel.last_message_id = message.id
    if channel.thread is not None:
        channel.thread.total_sent += 1
        if message.webhook_id is None:
            channel.thread.members.setdefault(message.author.id, world.clock())
        if channel.thread.archived:
            channel.thread.archived = False
            data = channel.payload(viewer=world.bot_user.id)
            world.dispatch("THREAD_UPDATE", data, Intents.GUILDS)
            world.notify("channel", {"change": "update", **data})

"""Channels and roles are made, changed and removed here."""

from __future__ import annotations

from .channels import Channel
from .events import Intents
from .guilds import Guild, Role
from .world import World


def create_channel(world: World, guild: Guild, channel: Channel) -> None:
    """Add a channel and publish CHANNEL_CREATE."""
    guild.channels[channel.id] = channel
    _publish(world, "CHANNEL_CREATE", channel)


def channel_updated(world: World, channel: Channel) -> None:
    """Publish CHANNEL_UPDATE, or THREAD_UPDATE for a thread."""
    _publish(world, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel)


def delete_channel(world: World, guild: Guild, channel: Channel) -> None:
    """Remove a channel with its threads, or a thread, and publish CHANNEL_DELETE or THREAD_DELETE."""
    del guild.channels[channel.id]
    for child in list(guild.channels.values()):
        if child.parent_id != channel.id:
            continue
        if child.is_thread:
            del guild.channels[child.id]
        else:
            child.parent_id = None
            channel_updated(world, child)
    for webhook in [one for one in world.webhooks.values() if one.channel_id == channel.id]:
        del world.webhooks[webhook.id]
    _publish(world, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel)


def create_role(world: World, guild: Guild, role: Role) -> None:
    """Add a role and publish GUILD_ROLE_CREATE."""
    guild.roles[role.id] = role
    data = {"guild_id": guild.id, "role": role.payload()}
    world.dispatch("GUILD_ROLE_CREATE", data, Intents.GUILDS)
    world.notify("role", {"change": "create", **data})


def role_updated(world: World, guild: Guild, role: Role) -> None:
    """Publish GUILD_ROLE_UPDATE."""
    data = {"guild_id": guild.id, "role": role.payload()}
    world.dispatch("GUILD_ROLE_UPDATE", data, Intents.GUILDS)
    world.notify("role", {"change": "update", **data})


def delete_role(world: World, guild: Guild, role: Role) -> None:
    """Remove a role from the guild, its members and its channels' overwrites; publish GUILD_ROLE_DELETE."""
    del guild.roles[role.id]
    for member in guild.members.values():
        member.roles = [one for one in member.roles if one != role.id]
    for channel in guild.channels.values():
        channel.overwrites.pop(role.id, None)
    data = {"guild_id": guild.id, "role_id": role.id}
    world.dispatch("GUILD_ROLE_DELETE", data, Intents.GUILDS)
    world.notify("role", {"change": "delete", **data})


def _publish(world: World, name: str, channel: Channel) -> None:
    data = channel.payload(viewer=world.bot_user.id)
    if name == "THREAD_DELETE":
        data = {key: data[key] for key in ("id", "guild_id", "parent_id", "type")}
    world.dispatch(name, data, Intents.GUILDS)
    world.notify("channel", {"change": name.partition("_")[2].lower(), **data})

"""What a member may do in a channel, from the cache; slash interactions carry it, messages do not.

Rules: Discord docs, Permissions, "Permission Overwrites". Unknown roles or channels grant nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import hikari

__all__ = ["in_channel", "in_guild", "interaction_channel", "interaction_member", "of_me"]

_DIRECT = (
    hikari.Permissions.VIEW_CHANNEL
    | hikari.Permissions.SEND_MESSAGES
    | hikari.Permissions.EMBED_LINKS
    | hikari.Permissions.ATTACH_FILES
    | hikari.Permissions.READ_MESSAGE_HISTORY
    | hikari.Permissions.ADD_REACTIONS
)
"""What anyone may do in a direct message."""


def in_guild(cache: hikari.api.Cache, member: hikari.Member) -> hikari.Permissions:
    """Return a member's permissions in the guild as a whole."""
    guild = cache.get_guild(member.guild_id)
    if guild is not None and guild.owner_id == member.id:
        return hikari.Permissions.all_permissions()
    permissions = hikari.Permissions.NONE
    for role_id in {*member.role_ids, member.guild_id}:
        role = cache.get_role(role_id)
        permissions |= role.permissions if role is not None else hikari.Permissions.NONE
    if permissions & hikari.Permissions.ADMINISTRATOR:
        return hikari.Permissions.all_permissions()
    return permissions


def in_channel(cache: hikari.api.Cache, member: hikari.Member, channel_id: int) -> hikari.Permissions:
    """Return a member's permissions in a channel or thread."""
    permissions = in_guild(cache, member)
    if permissions & hikari.Permissions.ADMINISTRATOR:
        return permissions
    thread = cache.get_thread(channel_id)
    channel = cache.get_guild_channel(channel_id if thread is None else thread.parent_id)
    if not isinstance(channel, hikari.PermissibleGuildChannel):
        return permissions
    overwrites = channel.permission_overwrites
    permissions = _apply(permissions, [overwrites.get(member.guild_id)])
    permissions = _apply(permissions, [overwrites.get(role) for role in member.role_ids if role != member.guild_id])
    return _apply(permissions, [overwrites.get(member.id)])


def of_me(cache: hikari.api.Cache, guild_id: int | None, channel_id: int) -> hikari.Permissions:
    """Return the bot's permissions in a channel; none where the bot's own member is not in the cache."""
    if guild_id is None:
        return _DIRECT
    me = cache.get_me()
    member = cache.get_member(guild_id, me.id) if me is not None else None
    return hikari.Permissions.NONE if member is None else in_channel(cache, member, channel_id)


def interaction_member(member: hikari.Member, permissions: hikari.Permissions) -> hikari.InteractionMember:
    """Return the member as interactions carry it: with its permissions in the channel."""
    values = {field.alias: getattr(member, field.name) for field in attrs.fields(hikari.Member) if field.alias}
    return hikari.InteractionMember(**values, permissions=permissions)


def interaction_channel(channel: hikari.PartialChannel, permissions: hikari.Permissions) -> hikari.InteractionChannel:
    """Return a channel as interactions carry it: with the caller's permissions in it."""
    return hikari.InteractionChannel(
        app=channel.app,
        id=channel.id,
        name=channel.name,
        type=channel.type,
        permissions=permissions,
        parent_id=getattr(channel, "parent_id", None),
        thread_metadata=getattr(channel, "metadata", None),
    )


def _apply(
    permissions: hikari.Permissions, overwrites: Iterable[hikari.PermissionOverwrite | None]
) -> hikari.Permissions:
    """Apply overwrites of one rank together: what any denies goes, then what any allows comes."""
    known = [overwrite for overwrite in overwrites if overwrite is not None]
    for overwrite in known:
        permissions &= ~overwrite.deny
    for overwrite in known:
        permissions |= overwrite.allow
    return permissions

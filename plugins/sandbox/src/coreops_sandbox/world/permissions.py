"""Permission bits and how roles and channel overwrites add up to them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channels import Channel
    from .guilds import Guild
    from .users import Member


class Permission(IntFlag):
    """Discord docs, Permissions, "Bitwise Permission Flags"."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    PRIORITY_SPEAKER = 1 << 8
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    VIEW_GUILD_INSIGHTS = 1 << 19
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    MODERATE_MEMBERS = 1 << 40
    VIEW_CREATOR_MONETIZATION_ANALYTICS = 1 << 41
    USE_SOUNDBOARD = 1 << 42
    CREATE_GUILD_EXPRESSIONS = 1 << 43
    CREATE_EVENTS = 1 << 44
    USE_EXTERNAL_SOUNDS = 1 << 45
    SEND_VOICE_MESSAGES = 1 << 46
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


ALL = sum(Permission)
DM_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.MENTION_EVERYONE
)
"""What both sides of a direct message may do in it."""

_TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
_NEEDS_SENDING = (
    Permission.MENTION_EVERYONE | Permission.SEND_TTS_MESSAGES | Permission.ATTACH_FILES | Permission.EMBED_LINKS
)


def in_guild(guild: Guild, member: Member) -> int:
    """The permissions that a member's roles give, before any channel (Discord docs, "Permission Hierarchy")."""
    if member.user.id == guild.owner_id:
        return ALL
    granted = guild.everyone.permissions
    for role_id in member.roles:
        granted |= guild.roles[role_id].permissions
    return ALL if granted & Permission.ADMINISTRATOR else granted


def in_channel(guild: Guild, member: Member, channel: Channel, *, now: float) -> int:
    """A member's permissions in a channel; a thread takes its parent's overwrites ("Inherited Permissions")."""
    granted = in_guild(guild, member)
    if granted & Permission.ADMINISTRATOR:
        return ALL
    governing = guild.channels.get(channel.parent_id or "", channel) if channel.is_thread else channel
    granted = _overwritten(granted, guild.id, member, governing)
    if member.timed_out_until > now:
        granted &= _TIMED_OUT
    return _implied(granted, thread=channel.is_thread)


def highest_position(guild: Guild, member: Member) -> int:
    """The position of the member's highest role; the guild's owner stands above all."""
    if member.user.id == guild.owner_id:
        return max(role.position for role in guild.roles.values()) + 1
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)


def names(bits: int) -> list[str]:
    """The names of the set bits, for messages to people."""
    return [permission.name or "" for permission in Permission if bits & permission]


def _overwritten(granted: int, everyone_id: str, member: Member, channel: Channel) -> int:
    everyone = channel.overwrites.get(everyone_id)
    if everyone is not None:
        granted = granted & ~everyone.deny | everyone.allow
    of_roles = [channel.overwrites[role_id] for role_id in member.roles if role_id in channel.overwrites]
    granted = granted & ~_union(one.deny for one in of_roles) | _union(one.allow for one in of_roles)
    own = channel.overwrites.get(member.user.id)
    return granted if own is None else granted & ~own.deny | own.allow


def _implied(granted: int, *, thread: bool) -> int:
    """Discord docs, "Implicit Permissions": without view nothing, without send no extras of a message."""
    if not granted & Permission.VIEW_CHANNEL:
        return 0
    sending = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
    return granted if granted & sending else granted & ~_NEEDS_SENDING


def _union(bits: Iterable[int]) -> int:
    total = 0
    for one in bits:
        total |= one
    return total

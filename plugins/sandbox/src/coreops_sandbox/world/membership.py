"""Members come, go and change here."""

from __future__ import annotations

from collections.abc import Iterable

from .events import Intents
from .guilds import Guild
from .users import Member, User
from .world import World


def join(world: World, guild: Guild, user: User, roles: Iterable[str] = ()) -> Member:
    """Let a user join and publish GUILD_MEMBER_ADD; the roles follow in GUILD_MEMBER_UPDATE, as on Discord."""
    world.users[user.id] = user
    member = guild.members[user.id] = Member(user=user, joined_at=world.clock())
    data = {**member.payload(), "guild_id": guild.id}
    world.dispatch("GUILD_MEMBER_ADD", data, Intents.GUILD_MEMBERS)
    world.notify("member", {"change": "add", **data})
    if roles:
        member.roles = list(roles)
        updated(world, guild, member)
    return member


def leave(world: World, guild: Guild, user_id: str) -> None:
    """Remove a member and publish GUILD_MEMBER_REMOVE."""
    member = guild.members.pop(user_id)
    data = {"guild_id": guild.id, "user": member.user.payload()}
    for thread in guild.threads:
        if thread.thread is not None:
            thread.thread.members.pop(user_id, None)
    world.dispatch("GUILD_MEMBER_REMOVE", data, Intents.GUILD_MEMBERS)
    world.notify("member", {"change": "remove", **data})


def updated(world: World, guild: Guild, member: Member) -> None:
    """Publish GUILD_MEMBER_UPDATE after a change of roles, nickname or timeout; the bot's own needs no intent."""
    data = {**member.payload(), "guild_id": guild.id}
    own = member.user.id == world.bot_user.id
    world.dispatch("GUILD_MEMBER_UPDATE", data, 0 if own else Intents.GUILD_MEMBERS)
    world.notify("member", {"change": "update", **data})


def ban(world: World, guild: Guild, user: User, reason: str | None) -> None:
    """Ban a user, who leaves if present; publishes GUILD_BAN_ADD and GUILD_MEMBER_REMOVE."""
    guild.bans[user.id] = reason
    data = {"guild_id": guild.id, "user": user.payload()}
    world.dispatch("GUILD_BAN_ADD", data, Intents.GUILD_MODERATION)
    if user.id in guild.members:
        leave(world, guild, user.id)


def unban(world: World, guild: Guild, user: User) -> None:
    """Lift a ban and publish GUILD_BAN_REMOVE."""
    del guild.bans[user.id]
    data = {"guild_id": guild.id, "user": user.payload()}
    world.dispatch("GUILD_BAN_REMOVE", data, Intents.GUILD_MODERATION)

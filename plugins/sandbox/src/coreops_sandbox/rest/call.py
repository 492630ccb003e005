"""One request under way: its body, what its path names, and what the bot may do there."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from coreops_sandbox.world import permissions
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.guilds import Guild, Role
from coreops_sandbox.world.messages import Message
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.snowflakes import is_snowflake
from coreops_sandbox.world.users import Member, User
from coreops_sandbox.world.world import World

from . import body, errors
from .body import Body
from .forms import Form
from .ratelimit import Limits


class Call:
    """What handlers work with. Look-ups raise the ApiError that Discord would answer with."""

    def __init__(self, world: World, request: web.Request, limits: Limits) -> None:
        self.world = world
        self.limits = limits
        self.request = request

    @property
    def bot(self) -> User:
        return self.world.bot_user

    @property
    def query(self) -> Form:
        """The query string as a form of strings."""
        return Form(dict(self.request.query), errors.Problems())

    def flag(self, name: str) -> bool:
        """A boolean of the query string (Discord docs, Reference, "Boolean Query Strings")."""
        return self.request.query.get(name, "").lower() in {"1", "true"}

    async def body(self) -> Body:
        return await body.read(self.request)

    async def form(self) -> Form:
        """The JSON body as a form with fresh problems."""
        return Form((await self.body()).data, errors.Problems())

    def raw(self, name: str) -> str:
        """A part of the path as it stands, such as a token."""
        return self.request.match_info[name]

    def id(self, name: str) -> str:
        """An id of the path; 400 for what cannot be one."""
        value = self.raw(name)
        if not is_snowflake(value):
            raise errors.invalid((f"{name}_id",), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return value

    def guild(self, *needed: Permission) -> Guild:
        """The path's guild, in which the bot has all of `needed`."""
        guild = self.world.guilds.get(self.id("guild"))
        if guild is None:
            raise errors.unknown("Guild")
        self.require_in_guild(guild, *needed)
        return guild

    def channel(self, *needed: Permission, name: str = "channel") -> Channel:
        """The path's channel, which the bot can see and in which it has all of `needed`."""
        channel = self.world.channel(self.id(name))
        if channel is None:
            raise errors.unknown("Channel")
        self.require(channel, *needed)
        return channel

    def require(self, channel: Channel, *needed: Permission) -> None:
        """Raise 50001 for a channel the bot cannot see, 50013 for a missing permission."""
        if not self.world.can_see(self.bot.id, channel):
            raise errors.forbidden(50001)
        granted = self.world.permissions(self.bot.id, channel)
        if any(not granted & one for one in needed):
            raise errors.forbidden(50013)

    def may(self, channel: Channel, permission: Permission) -> bool:
        return bool(self.world.permissions(self.bot.id, channel) & permission)

    def require_in_guild(self, guild: Guild, *needed: Permission) -> None:
        granted = permissions.in_guild(guild, self.world.bot_member(guild))
        if any(not granted & one for one in needed):
            raise errors.forbidden(50013)

    def guild_channel(self, *needed: Permission) -> tuple[Guild, Channel]:
        """A channel of a guild; 50003 for a direct message."""
        channel = self.channel(*needed)
        guild = self.world.guild_of(channel)
        if guild is None:
            raise errors.forbidden(50003)
        return guild, channel

    def message(self, channel: Channel, name: str = "message") -> Message:
        """A message of a channel; ephemeral ones exist for webhooks only."""
        message = channel.messages.get(self.id(name))
        if message is None or message.ephemeral:
            raise errors.unknown("Message")
        return message

    def role(self, guild: Guild) -> Role:
        role = guild.roles.get(self.id("role"))
        if role is None:
            raise errors.unknown("Role")
        return role

    def member(self, guild: Guild) -> Member:
        """A member; 10013 for an id that is nobody's, 10007 for somebody who is not here."""
        member = guild.members.get(self.user().id)
        if member is None:
            raise errors.unknown("Member")
        return member

    def user(self) -> User:
        """The path's user, `@me` being the bot."""
        if self.raw("user") == "@me":
            return self.bot
        user = self.world.users.get(self.id("user"))
        if user is None:
            raise errors.unknown("User")
        return user

    def require_above(self, guild: Guild, position: int) -> None:
        """Raise 50013 unless the bot's highest role stands above `position` (docs, "Permission Hierarchy")."""
        if permissions.highest_position(guild, self.world.bot_member(guild)) <= position:
            raise errors.forbidden(50013)

    def limit(self, *, default: int, high: int, low: int = 1) -> int:
        """The `limit` of a listing."""
        query = self.query
        value = query.integer("limit", low=low, high=high)
        query.problems.raise_if_any()
        return default if value is None else value


def page(items: list[dict[str, Any]], call: Call, *, default: int, high: int) -> list[dict[str, Any]]:
    """A page of users or members sorted by id, by the query's `after`, `before` and `limit`."""
    query, limit = call.query, call.limit(default=default, high=high)
    after, before = query.snowflake("after"), query.snowflake("before")
    query.problems.raise_if_any()
    ordered = sorted(items, key=_entity_id)
    if after is not None:
        ordered = [one for one in ordered if _entity_id(one) > int(after)]
    if before is not None:
        return [one for one in ordered if _entity_id(one) < int(before)][-limit:]
    return ordered[:limit]


def _entity_id(item: dict[str, Any]) -> int:
    return int(item.get("user", item)["id"])

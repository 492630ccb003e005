"""Finds the members, roles, channels and files that a message's arguments name: by mention, id or name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NoReturn, TypeVar

import hikari

from coreops.commands.leaves import Option
from coreops.commands.permissions import in_channel, interaction_channel, interaction_member
from coreops.commands.render import code
from coreops_hookspecs.errors import UsageError
from coreops_shared.suggest import closest

__all__ = ["Entities"]

_ID: Final = re.compile(r"[0-9]{15,20}")
_USER: Final = re.compile(r"<@!?([0-9]{15,20})>")
_ROLE: Final = re.compile(r"<@&([0-9]{15,20})>")
_CHANNEL: Final = re.compile(r"<#([0-9]{15,20})>")

T = TypeVar("T")
GuildChannel = hikari.PermissibleGuildChannel | hikari.GuildThreadChannel


class Entities:
    """Looks things up for one message and collects them as an interaction's resolved data.

    Args:
        cache: What the gateway told.
        rest: Asked for what the cache does not hold.
        message: Where the arguments stand.
    """

    def __init__(self, cache: hikari.api.Cache, rest: hikari.api.RESTClient, message: hikari.Message) -> None:
        self._cache = cache
        self._rest = rest
        self._guild_id = message.guild_id
        self._asker = message.member
        self._files = list(message.attachments)
        self._attachments: dict[hikari.Snowflake, hikari.Attachment] = {}
        self._channels: dict[hikari.Snowflake, hikari.InteractionChannel] = {}
        self._members: dict[hikari.Snowflake, hikari.InteractionMember] = {}
        self._roles: dict[hikari.Snowflake, hikari.Role] = {}
        self._users: dict[hikari.Snowflake, hikari.User] = {}

    @property
    def resolved(self) -> hikari.ResolvedOptionData:
        """Everything that was found."""
        return hikari.ResolvedOptionData(
            attachments=self._attachments,
            channels=self._channels,
            members=self._members,
            messages={},
            roles=self._roles,
            users=self._users,
        )

    def next_file(self) -> hikari.Snowflake | None:
        """Take the next file attached to the message, or ``None`` if there is none left."""
        if not self._files:
            return None
        file = self._files.pop(0)
        self._attachments[file.id] = file
        return file.id

    async def read(self, option: Option, text: str) -> hikari.Snowflake:
        """Find what an argument names and return its id.

        Raises:
            UsageError: nothing, or more than one thing, is named so.
        """
        if option.kind is hikari.OptionType.CHANNEL:
            return self._take_channel(option, self._channel(option, text))
        if option.kind is hikari.OptionType.ROLE:
            return self._take_role(self._role(option, text) or self._missing(option, text, self._role_names()))
        if option.kind is hikari.OptionType.MENTIONABLE and (role := self._role(option, text)) is not None:
            return self._take_role(role)
        return await self._user(option, text)

    async def _user(self, option: Option, text: str) -> hikari.Snowflake:
        user_id = _id_in(text, _USER)
        found = await self._user_by_id(user_id) if user_id is not None else await self._member_by_name(option, text)
        if found is None:
            self._missing(option, text, ())
        if isinstance(found, hikari.Member):
            permissions = in_channel(self._cache, found, found.guild_id)
            self._members[found.id] = interaction_member(found, permissions)
            found = found.user
        self._users[found.id] = found
        return found.id

    async def _user_by_id(self, user_id: hikari.Snowflake) -> hikari.Member | hikari.User | None:
        try:
            if self._guild_id is not None:
                cached = self._cache.get_member(self._guild_id, user_id)
                return cached or await self._rest.fetch_member(self._guild_id, user_id)
        except hikari.NotFoundError:
            pass
        try:
            return await self._rest.fetch_user(user_id)
        except hikari.NotFoundError:
            return None

    async def _member_by_name(self, option: Option, text: str) -> hikari.Member | None:
        name = text.strip().removeprefix("@")
        if self._guild_id is None or not name:
            return None
        found = await self._rest.search_members(self._guild_id, name[:100])
        exact = [member for member in found if name.casefold() in _names_of(member)]
        return self._only_one(option, text, exact or found, lambda member: member.display_name)

    def _role(self, option: Option, text: str) -> hikari.Role | None:
        if self._guild_id is None:
            return None
        roles = self._cache.get_roles_view_for_guild(self._guild_id)
        role_id = _id_in(text, _ROLE)
        if role_id is not None:
            return roles.get(role_id)
        name = text.strip().removeprefix("@").casefold()
        named = [role for role in roles.values() if role.name.removeprefix("@").casefold() == name]
        return self._only_one(option, text, named, lambda role: role.name)

    def _channel(self, option: Option, text: str) -> GuildChannel:
        channels = self._channels_in_view()
        channel_id = _id_in(text, _CHANNEL)
        if channel_id is not None:
            found = channels.get(channel_id)
        else:
            name = text.strip().removeprefix("#").casefold()
            named = [channel for channel in channels.values() if (channel.name or "").casefold() == name]
            found = self._only_one(option, text, named, lambda channel: f"#{channel.name}")
        return found or self._missing(option, text, [channel.name or "" for channel in channels.values()])

    def _channels_in_view(self) -> dict[hikari.Snowflake, GuildChannel]:
        """Return the channels that the caller can see, so that no answer tells of others."""
        if self._guild_id is None or (asker := self._asker) is None:
            return {}
        channels: dict[hikari.Snowflake, GuildChannel] = {
            **self._cache.get_guild_channels_view_for_guild(self._guild_id),
            **self._cache.get_threads_view_for_guild(self._guild_id),
        }
        view = hikari.Permissions.VIEW_CHANNEL
        return {key: one for key, one in channels.items() if in_channel(self._cache, asker, key) & view}

    def _take_channel(self, option: Option, channel: GuildChannel) -> hikari.Snowflake:
        if option.channel_types and channel.type not in option.channel_types:
            kinds = ", ".join(sorted(kind.name.lower().replace("_", " ") for kind in option.channel_types))
            msg = f"channel {int(channel.id)} for option {option.name!r} is of another type than {kinds}"
            raise UsageError(msg, user_message=f"{code(option.name)} must be a channel of type {kinds}.")
        asker = self._asker
        permissions = hikari.Permissions.NONE if asker is None else in_channel(self._cache, asker, channel.id)
        self._channels[channel.id] = interaction_channel(channel, permissions)
        return channel.id

    def _take_role(self, role: hikari.Role) -> hikari.Snowflake:
        self._roles[role.id] = role
        return role.id

    def _role_names(self) -> list[str]:
        if self._guild_id is None:
            return []
        return [role.name for role in self._cache.get_roles_view_for_guild(self._guild_id).values()]

    @staticmethod
    def _only_one(option: Option, text: str, found: Iterable[T], name: Callable[[T], str]) -> T | None:
        several = list(found)
        if len(several) > 1:
            names = ", ".join(code(name(one)) for one in several[:5])
            msg = f"{text[:100]!r} for option {option.name!r} could be {len(several)} things"
            text = f"{code(text)} could be {names}. Mention the one you mean, or give its id."
            raise UsageError(msg, user_message=text)
        return several[0] if several else None

    @staticmethod
    def _missing(option: Option, text: str, known: Iterable[str]) -> NoReturn:
        near = closest(text[:100].lstrip("@#"), known)
        hint = f" Did you mean {code(near)}?" if near else f" Mention the {option.type}, or give the id or exact name."
        msg = f"no {option.type} {text[:100]!r} for option {option.name!r}"
        raise UsageError(msg, user_message=f"I know no {option.type} {code(text)}.{hint}")


def _id_in(text: str, mention: re.Pattern[str]) -> hikari.Snowflake | None:
    if (found := mention.fullmatch(text.strip())) is not None:
        return hikari.Snowflake(found[1])
    return hikari.Snowflake(text) if _ID.fullmatch(text) else None


def _names_of(member: hikari.Member) -> set[str]:
    names = (member.username, member.global_name, member.nickname, member.display_name)
    return {name.casefold() for name in names if name}

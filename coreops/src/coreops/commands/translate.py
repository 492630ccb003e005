"""Builds the interaction that stands for a message, from the message, the cache and the arguments in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import hikari

from coreops.commands.arguments import bind
from coreops.commands.entities import Entities
from coreops.commands.leaves import ENTITY_TYPES, Option
from coreops.commands.permissions import in_channel, interaction_channel, interaction_member, of_me
from coreops.commands.prefix import Word
from coreops.commands.values import read_value
from coreops_hookspecs.errors import UpstreamError

__all__ = ["interaction_fields", "nest", "read_options"]

_UPLOAD_LIMIT: Final = 10 * 1024 * 1024
"""Bytes a bot may upload without boosts (Discord docs, Uploading Files)."""


def interaction_fields(app: hikari.GatewayBot, message: hikari.Message, application_id: int) -> dict[str, Any]:
    """Return what an interaction says about who asks and where.

    Args:
        app: The bot.
        message: What was written.
        application_id: The bot's application.
    """
    guild = app.cache.get_guild(message.guild_id) if message.guild_id is not None else None
    theirs = in_channel(app.cache, message.member, message.channel_id) if message.member else hikari.Permissions.NONE
    locale = guild.preferred_locale if guild is not None else hikari.Locale.EN_US
    return {
        "app": app,
        "id": message.id,
        "application_id": hikari.Snowflake(application_id),
        "type": hikari.InteractionType.APPLICATION_COMMAND,
        "token": "",
        "version": 1,
        "app_permissions": of_me(app.cache, message.guild_id, message.channel_id),
        "user": message.author,
        "member": interaction_member(message.member, theirs) if message.member else None,
        "channel": _channel(app, message, theirs),
        "guild_id": message.guild_id,
        "guild_locale": guild.preferred_locale if guild is not None else None,
        "locale": locale,
        "authorizing_integration_owners": {},
        "context": hikari.ApplicationContextType.BOT_DM if guild is None else hikari.ApplicationContextType.GUILD,
        "entitlements": (),
        "attachment_size_limit": _UPLOAD_LIMIT,
        "command_id": message.id,
        "command_type": hikari.CommandType.SLASH,
        "registered_guild_id": None,
        "target_id": None,
    }


async def read_options(
    options: Sequence[Option], words: Sequence[Word], text: str, entities: Callable[[], Entities]
) -> list[hikari.CommandInteractionOption]:
    """Read the arguments of a message as an interaction's options.

    Args:
        options: The command's options.
        words: The words after its name.
        text: The text that they were split from.
        entities: Makes what looks up members, roles, channels and files.

    Raises:
        UsageError: they do not fit the command.
        UpstreamError: Discord did not answer a look-up.
    """
    given = bind(options, words, text)
    read: list[hikari.CommandInteractionOption] = []
    for option in options:
        value = await _value(option, given.get(option.name), entities)
        if value is not None:
            read.append(hikari.CommandInteractionOption(name=option.name, type=option.kind, value=value, options=None))
    return read


def nest(
    path: Sequence[str], options: Sequence[hikari.CommandInteractionOption]
) -> list[hikari.CommandInteractionOption]:
    """Wrap a command's options into the subcommand options that lead to it."""
    nested = list(options)
    for depth, name in enumerate(reversed(path[1:])):
        kind = hikari.OptionType.SUB_COMMAND if depth == 0 else hikari.OptionType.SUB_COMMAND_GROUP
        nested = [hikari.CommandInteractionOption(name=name, type=kind, value=None, options=nested)]  # type: ignore[arg-type]
    return nested


async def _value(
    option: Option, text: str | None, entities: Callable[[], Entities]
) -> hikari.Snowflake | str | int | float | bool | None:
    if option.kind is hikari.OptionType.ATTACHMENT:
        return entities().next_file()
    if text is None:
        return None
    if option.kind not in ENTITY_TYPES:
        return read_value(option, text)
    try:
        return await entities().read(option, text)
    except hikari.HikariError as error:
        msg = f"discord did not answer the look-up of option {option.name!r}: {error}"
        raise UpstreamError(msg, user_message="Discord did not answer in time. Try again in a minute.") from error


def _channel(
    app: hikari.GatewayBot, message: hikari.Message, permissions: hikari.Permissions
) -> hikari.InteractionChannel:
    channel = app.cache.get_guild_channel(message.channel_id) or app.cache.get_thread(message.channel_id)
    if channel is not None:
        return interaction_channel(channel, permissions)
    direct = message.guild_id is None
    return hikari.InteractionChannel(
        app=app,
        id=message.channel_id,
        name=None,
        type=hikari.ChannelType.DM if direct else hikari.ChannelType.GUILD_TEXT,
        permissions=permissions,
        parent_id=None,
        thread_metadata=None,
    )

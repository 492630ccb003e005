"""Who stands behind an interaction, and which command it asks for."""

from __future__ import annotations

from collections.abc import Sequence

import hikari

from coreops.commands.access import Caller
from coreops.commands.message_interaction import MessageInteraction

__all__ = ["Asking", "caller_like", "caller_of", "given_options", "path_of"]

_NESTING = (hikari.OptionType.SUB_COMMAND, hikari.OptionType.SUB_COMMAND_GROUP)

Asking = (
    hikari.CommandInteraction | hikari.AutocompleteInteraction | hikari.ComponentInteraction | hikari.ModalInteraction
)
Options = Sequence[hikari.CommandInteractionOption]


def caller_of(interaction: Asking, owners: frozenset[int], *, administrator: bool = True, place: bool = True) -> Caller:
    """Return who asks. A member that Discord did not send has no roles.

    Args:
        interaction: What arrived.
        owners: Users who own the application.
        administrator: Whether it matters that Discord says Administrator; to find out is dear for a message.
        place: Whether it matters in which channel's thread or category it is; likewise.
    """
    if isinstance(interaction, MessageInteraction):
        message = interaction.message
        return Caller(
            message.user_id,
            message.guild_id,
            message.channel_id,
            message.role_ids,
            administrator and _is_administrator(interaction.member),
            message.user_id in owners,
            _parent_of(interaction.channel) if place else None,
        )
    member = interaction.member
    guild_id = None if interaction.guild_id is None else int(interaction.guild_id)
    roles = frozenset(int(role) for role in member.role_ids if role != guild_id) if member is not None else frozenset()
    return Caller(
        user_id=int(interaction.user.id),
        guild_id=guild_id,
        channel_id=int(interaction.channel_id),
        role_ids=roles,
        administrator=_is_administrator(member),
        owner=int(interaction.user.id) in owners,
        parent_id=_parent_of(interaction.channel),
    )


def caller_like(asker: Caller, user: hikari.User, owners: frozenset[int]) -> Caller:
    """Return another user as if it asked where ``asker`` does. Without membership it has no roles."""
    member = user if isinstance(user, hikari.InteractionMember) and asker.guild_id is not None else None
    return Caller(
        user_id=int(user.id),
        guild_id=asker.guild_id,
        channel_id=asker.channel_id,
        role_ids=frozenset(int(role) for role in member.role_ids if role != asker.guild_id) if member else frozenset(),
        administrator=_is_administrator(member),
        owner=int(user.id) in owners,
        parent_id=asker.parent_id,
    )


def path_of(interaction: hikari.CommandInteraction | hikari.AutocompleteInteraction) -> tuple[str, ...]:
    """Return the names from the root to the command: ``("ops", "health")``."""
    if isinstance(interaction, MessageInteraction):
        return interaction.path
    return (interaction.command_name, *_descend(interaction.options or ())[0])


def given_options(interaction: hikari.CommandInteraction | hikari.AutocompleteInteraction) -> Options:
    """Return the options given to the command itself."""
    if isinstance(interaction, MessageInteraction):
        return interaction.given
    return _descend(interaction.options or ())[1]


def _is_administrator(member: hikari.InteractionMember | None) -> bool:
    return member is not None and bool(member.permissions & hikari.Permissions.ADMINISTRATOR)


def _parent_of(channel: hikari.PartialChannel | None) -> int | None:
    parent = getattr(channel, "parent_id", None)
    return None if parent is None else int(parent)


def _descend(options: Options) -> tuple[tuple[str, ...], Options]:
    names: tuple[str, ...] = ()
    while (nested := next((option for option in options if option.type in _NESTING), None)) is not None:
        names = (*names, nested.name)
        options = nested.options or ()
    return names, options

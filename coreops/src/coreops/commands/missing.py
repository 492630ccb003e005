"""Permissions that the bot lacks, in words: which, in which channel, and who can grant them. Pure."""

from __future__ import annotations

from typing import Final

import hikari

from coreops_hookspecs.errors import UnavailableError
from coreops_shared.texts import say

__all__ = ["explain", "forbidden", "names"]

_USUAL: Final = (
    hikari.Permissions.VIEW_CHANNEL
    | hikari.Permissions.SEND_MESSAGES
    | hikari.Permissions.EMBED_LINKS
    | hikari.Permissions.ATTACH_FILES
    | hikari.Permissions.READ_MESSAGE_HISTORY
    | hikari.Permissions.ADD_REACTIONS
    | hikari.Permissions.MANAGE_MESSAGES
    | hikari.Permissions.MANAGE_ROLES
)
"""What commands mostly need; Discord does not say which permission it missed."""


def names(permissions: hikari.Permissions) -> str:
    """Return permissions by the names that Discord's settings show."""
    return ", ".join(sorted((one.name or "?").replace("_", " ").title() for one in permissions))


def explain(missing: hikari.Permissions, channel_id: int) -> str:
    """Return what the bot lacks in a channel, and who can change it."""
    how = say(
        "The server's owner, or whoever has Manage Permissions there, can grant it to my role: Edit Channel → "
        "Permissions."
    )
    return f"{say('I lack {permissions} in <#{channel}>.', permissions=names(missing), channel=channel_id)} {how}"


def forbidden(error: hikari.ForbiddenError, have: hikari.Permissions | None, channel_id: int) -> UnavailableError:
    """Return the error of a command that Discord did not let the bot carry out.

    Args:
        error: What Discord said.
        have: What the bot may do in the channel; ``None`` if that is not known.
        channel_id: The channel of the command, which need not be the one that it is about.
    """
    missing = hikari.Permissions.NONE if have is None else _USUAL & ~have
    if missing:
        told = explain(missing, channel_id)
    else:
        told = say(
            "It may be about another channel, or a role above mine: whoever manages the server can compare my role."
        )
    return UnavailableError(
        f"discord refused {error.url}: {error.message}", user_message=f"{say('Discord did not let me do that.')} {told}"
    )

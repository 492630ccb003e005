"""hikari's bot, built as the runtime needs it."""

from __future__ import annotations

from typing import Final

import hikari

from coreops.gateway.failures import REFUSALS
from coreops.gateway.pulse import Pulse
from coreops_hookspecs.errors import RefusedError
from coreops_shared.redact import Secret

__all__ = ["BASE_INTENTS", "build"]

BASE_INTENTS: Final = (
    hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES | hikari.Intents.DM_MESSAGES | hikari.Intents.MESSAGE_CONTENT
)
"""What commands need; message content is privileged and needed for prefix commands."""

_CACHED: Final = (
    hikari.api.CacheComponents.GUILDS
    | hikari.api.CacheComponents.GUILD_CHANNELS
    | hikari.api.CacheComponents.GUILD_THREADS
    | hikari.api.CacheComponents.MEMBERS
    | hikari.api.CacheComponents.ROLES
    | hikari.api.CacheComponents.ME
    | hikari.api.CacheComponents.DM_CHANNEL_IDS
)
"""Without messages, whose cache nearly doubles the cost of each, and what nothing here asks for."""


def build(token: Secret, rest_url: str, intents: hikari.Intents, pulse: Pulse) -> hikari.GatewayBot:
    """Return a bot that is not connected yet.

    Raises:
        RefusedError: the token cannot be one of Discord's.
    """
    members = bool(intents & hikari.Intents.GUILD_MEMBERS)
    try:
        return hikari.GatewayBot(
            token.reveal(),
            banner=None,
            suppress_optimization_warning=True,
            cache_settings=hikari.impl.CacheSettings(components=_CACHED, only_my_member=not members),
            intents=intents,
            auto_chunk_members=members,
            dumps=pulse.dumps,
            loads=pulse.loads,
            logs=None,
            rest_url=rest_url,
        )
    except ValueError as error:  # hikari reads the bot's id from the token
        raise RefusedError(REFUSALS[4004], problems=[REFUSALS[4004]]) from error

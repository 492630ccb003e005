"""Why Discord will not have us, said so that an operator can mend it."""

from __future__ import annotations

from typing import Final

import hikari

from coreops_hookspecs.errors import ConfigError, CoreOpsError, UpstreamError

__all__ = ["explain"]

_PERMANENT: Final = {
    4004: "discord refused the token in DISCORD_TOKEN; copy the bot's token anew from the Developer Portal, Bot, Token",
    4010: "discord refused the shard; the session was started with a shard number that does not exist",
    4011: "the bot is in too many servers for one shard; several shards are needed",
    4013: "discord refused the intents as invalid; update hikari",
    4014: (
        "discord refused a privileged intent; switch on Message Content Intent (and Server Members Intent if a plugin "
        "needs members) in the Developer Portal, Bot, Privileged Gateway Intents"
    ),
}
"""Close codes after which reconnecting is useless (Discord docs, Gateway Close Event Codes)."""


def explain(error: BaseException) -> CoreOpsError:
    """Return the error to show an operator for one that ended the connection.

    A ``ConfigError`` will come again until something is changed; an ``UpstreamError`` may pass by itself.
    """
    if isinstance(error, hikari.UnauthorizedError | ValueError):
        return ConfigError(_PERMANENT[4004], problems=[_PERMANENT[4004]])
    if isinstance(error, hikari.GatewayServerClosedConnectionError):
        known = _PERMANENT.get(int(error.code)) if error.code is not None else None
        if known is not None:
            return ConfigError(known, problems=[known])
        return UpstreamError(f"discord closed the gateway connection for good: {error.code} {error.reason}")
    if isinstance(error, hikari.HikariError):
        return UpstreamError(f"discord cannot be reached: {error}")
    return UpstreamError(f"the gateway connection ended: {type(error).__name__}: {error}")

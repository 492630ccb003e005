"""Why Discord will not have us, said so that an operator can mend it."""

from __future__ import annotations

from typing import Final

import hikari

from coreops.telemetry.phrases import error_text
from coreops_hookspecs.errors import CoreOpsError, RefusedError, UpstreamError

__all__ = ["REFUSALS", "explain"]

REFUSALS: Final = {
    4004: "discord refused the token in DISCORD_TOKEN; copy the bot's token anew from the Developer Portal, Bot, Token",
    4010: (
        "discord refused the shard: its number does not exist for this bot; update hikari, and if that does not help "
        "tell CoreOps' authors"
    ),
    4011: (
        "the bot is in too many servers for the shards that were opened; start it again, which asks Discord how many "
        "it needs, or take it out of servers that do not use it"
    ),
    4012: "discord no longer speaks this version of the gateway; update CoreOps, which brings a newer hikari",
    4013: "discord refused the intents as invalid; update CoreOps, which brings a newer hikari",
    4014: (
        "discord refused a privileged intent; switch on Message Content Intent (and Server Members Intent if a plugin "
        "needs members) in the Developer Portal, Bot, Privileged Gateway Intents"
    ),
}
"""What to do, by the close code after which reconnecting is useless (Discord docs, Gateway Close Event Codes)."""


def explain(error: BaseException) -> CoreOpsError:
    """Return the error to show an operator for one that ended the connection.

    A ``RefusedError`` will come again until something is changed; an ``UpstreamError`` may pass by itself; any other
    ``CoreOpsError`` needs a new process.
    """
    if isinstance(error, CoreOpsError):
        return error
    if isinstance(error, hikari.GatewayServerClosedConnectionError):
        return _closed(error)
    if isinstance(error, hikari.UnauthorizedError):
        return _refused(4004)
    if isinstance(error, hikari.ClientHTTPResponseError):
        return CoreOpsError(f"discord refused a request: {error}")
    if isinstance(error, hikari.ComponentStateConflictError):
        return CoreOpsError(f"the gateway's client can be used no more: {error}; the runtime must be started again")
    where = "cannot be reached" if isinstance(error, hikari.HikariError | OSError) else "ended the connection"
    return UpstreamError(f"discord {where}: {error_text(error)}")


def _closed(error: hikari.GatewayServerClosedConnectionError) -> CoreOpsError:
    if error.code is not None and int(error.code) in REFUSALS:
        return _refused(int(error.code))
    return UpstreamError(f"discord closed the gateway connection: {error.code} {error.reason}")


def _refused(code: int) -> RefusedError:
    return RefusedError(REFUSALS[code], problems=[REFUSALS[code]])

"""IDENTIFY and its READY (Discord docs, "Gateway": Identifying; "Gateway Events": Ready)."""

from __future__ import annotations

import hmac
from typing import Any

from coreops_sandbox.gateway.codes import Close, ProtocolError
from coreops_sandbox.gateway.frames import Identify
from coreops_sandbox.gateway.intents import granted
from coreops_sandbox.gateway.session import Session
from coreops_sandbox.gateway.view import View
from coreops_sandbox.world.events import Dispatch, Intents
from coreops_sandbox.world.world import World

API_VERSION = "10"


def authenticate(world: World, token: str) -> None:
    """Accept the bot's token, with or without the ``Bot`` prefix.

    Raises:
        ProtocolError: 4004, it is another token.
    """
    if not hmac.compare_digest(token.removeprefix("Bot ").encode(), world.token.encode()):
        raise ProtocolError(Close.AUTHENTICATION_FAILED, "Authentication failed.")


def view_of(world: World, identify: Identify) -> View:
    """What the identifying client is going to see.

    Raises:
        ProtocolError: 4010, 4013 or 4014.
    """
    index, count = identify.shard or (0, 1)
    if not 0 <= index < count:
        raise ProtocolError(Close.INVALID_SHARD, "Invalid shard.")
    return View(world.bot_user.id, granted(identify.intents, world.application.flags), (index, count))


def welcome(world: World, session: Session, shard: tuple[int, int] | None) -> None:
    """Send READY, in which every guild is still unavailable, then a GUILD_CREATE for each."""
    guilds = [guild for guild in world.guilds.values() if session.view.owns(guild.id)]
    ready: dict[str, Any] = {
        "v": int(API_VERSION),
        "user": world.ready_user(),
        "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway_url,
        "application": world.application.partial(),
        "user_settings": {},
        "presences": [],
        "relationships": [],
        "private_channels": [],
        "_trace": ["sandbox"],
    }
    session.emit("READY", ready if shard is None else {**ready, "shard": list(shard)})
    for guild in guilds:
        session.dispatch(Dispatch("GUILD_CREATE", world.guild_create(guild), Intents.GUILDS))

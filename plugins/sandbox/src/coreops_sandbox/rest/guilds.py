"""Guilds and what decorates them (Discord docs, Guild, Emoji, Sticker). The sandbox's guilds have no expressions."""

from __future__ import annotations

from typing import Any

from . import errors
from .call import Call
from .routing import Route

_GUILD = "/guilds/{guild}"


async def get(call: Call) -> Any:
    return call.guild().payload(with_counts=call.flag("with_counts"))


async def nothing(call: Call) -> Any:
    call.guild()
    return []


async def no_emoji(call: Call) -> Any:
    call.guild()
    raise errors.unknown("Emoji")


async def no_sticker(call: Call) -> Any:
    call.guild()
    raise errors.unknown("Sticker")


async def application_emojis(call: Call) -> Any:
    if call.id("application") != call.world.application.id:
        raise errors.forbidden(20012)
    return {"items": []}


ROUTES = (
    Route("GET", _GUILD, get),
    Route("GET", f"{_GUILD}/emojis", nothing),
    Route("GET", f"{_GUILD}/emojis/{{emoji}}", no_emoji),
    Route("GET", f"{_GUILD}/stickers", nothing),
    Route("GET", f"{_GUILD}/stickers/{{sticker}}", no_sticker),
    Route("GET", "/applications/{application}/emojis", application_emojis),
)

"""Pinned messages (Discord docs, Message, "Get Channel Pins", "Pin Message")."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import posting
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.messages import SYSTEM_TYPES, Message
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.snowflakes import timestamp

from . import errors
from .call import Call
from .routing import Route

_PINS, _OLD = "/channels/{channel}/messages/pins", "/channels/{channel}/pins"
_MOST = 250


async def listing(call: Call) -> Any:
    """Latest pin first, with `has_more`; empty without READ_MESSAGE_HISTORY."""
    channel = call.channel()
    query, limit = call.query, call.limit(default=50, high=50)
    before = query.moment("before")
    query.problems.raise_if_any()
    found = _pinned(call, channel)
    if before is not None:
        found = [one for one in found if (one.pinned_at or 0.0) < before.timestamp()]
    items = [
        {"pinned_at": timestamp(one.pinned_at or 0.0), "message": one.payload(viewer=call.bot.id)}
        for one in found[:limit]
    ]
    return {"items": items, "has_more": len(found) > limit}


async def old_listing(call: Call) -> Any:
    """The deprecated list of messages without their pins' times."""
    return [one.payload(viewer=call.bot.id) for one in _pinned(call, call.channel())[:50]]


async def pin(call: Call) -> None:
    channel, message = _target(call)
    if message.type in SYSTEM_TYPES:
        raise errors.forbidden(50021)
    if message.pinned_at is not None:
        return
    if sum(one.pinned_at is not None for one in channel.messages.values()) >= _MOST:
        raise errors.bad_request(30003)
    posting.set_pinned(call.world, channel, message, pinned=True, by=call.bot)


async def unpin(call: Call) -> None:
    channel, message = _target(call)
    if message.pinned_at is not None:
        posting.set_pinned(call.world, channel, message, pinned=False, by=call.bot)


def _target(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    if not channel.is_dm:
        call.require(channel, Permission.PIN_MESSAGES)
    return channel, call.message(channel)


def _pinned(call: Call, channel: Channel) -> list[Message]:
    if not call.may(channel, Permission.READ_MESSAGE_HISTORY):
        return []
    found = [one for one in channel.messages.values() if one.pinned_at is not None]
    return sorted(found, key=lambda one: one.pinned_at or 0.0, reverse=True)


ROUTES = (
    Route("GET", _PINS, listing),
    Route("PUT", f"{_PINS}/{{message}}", pin),
    Route("DELETE", f"{_PINS}/{{message}}", unpin),
    Route("GET", _OLD, old_listing),
    Route("PUT", f"{_OLD}/{{message}}", pin),
    Route("DELETE", f"{_OLD}/{{message}}", unpin),
)

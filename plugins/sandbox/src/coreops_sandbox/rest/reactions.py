"""Reactions (Discord docs, Message, "Create Reaction" and after)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import reactions
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.messages import Message
from coreops_sandbox.world.permissions import Permission

from . import errors
from .call import Call, page
from .messages import refuse_archived
from .ratelimit import REACTIONS
from .routing import Route

_ALL = "/channels/{channel}/messages/{message}/reactions"
_ONE = f"{_ALL}/{{emoji}}"
_MOST = 20


async def add(call: Call) -> None:
    """The first reaction of an emoji needs ADD_REACTIONS, the next only READ_MESSAGE_HISTORY."""
    channel, message, emoji = _target(call)
    refuse_archived(channel)
    if emoji not in message.reactions:
        call.require(channel, Permission.ADD_REACTIONS)
        if len(message.reactions) >= _MOST:
            raise errors.bad_request(30010)
    reactions.add(call.world, channel, message, emoji, call.bot)


async def remove(call: Call) -> None:
    channel, message, emoji = _target(call)
    user = call.user() if "user" in call.request.match_info else call.bot
    if user.id != call.bot.id:
        call.require(channel, Permission.MANAGE_MESSAGES)
    reactions.remove(call.world, channel, message, emoji, user.id)


async def listing(call: Call) -> Any:
    _, message, emoji = _target(call)
    users = [call.world.users[one].payload() for one in message.reactions.get(emoji, [])]
    return page(users, call, default=25, high=100)


async def clear_emoji(call: Call) -> None:
    channel, message, emoji = _target(call)
    call.require(channel, Permission.MANAGE_MESSAGES)
    reactions.clear(call.world, channel, message, emoji)


async def clear_all(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_MESSAGES)
    reactions.clear(call.world, channel, call.message(channel))


def _target(call: Call) -> tuple[Channel, Message, str]:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    return channel, call.message(channel), _emoji(call.raw("emoji"))


def _emoji(text: str) -> str:
    """The path's emoji: `name:id`, `a:name:id`, or a unicode one. The guild has no custom emoji, so those fail."""
    if text.isascii():
        raise errors.bad_request(10014)
    return text


ROUTES = (
    Route("PUT", f"{_ONE}/@me", add, bucket=REACTIONS),
    Route("DELETE", f"{_ONE}/@me", remove, bucket=REACTIONS),
    Route("DELETE", f"{_ONE}/{{user}}", remove, bucket=REACTIONS),
    Route("GET", _ONE, listing),
    Route("DELETE", _ONE, clear_emoji, bucket=REACTIONS),
    Route("DELETE", _ALL, clear_all, bucket=REACTIONS),
)

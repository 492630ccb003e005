"""Messages of a channel (Discord docs, Message)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import posting
from coreops_sandbox.world.channels import Channel, ChannelType
from coreops_sandbox.world.messages import SYSTEM_TYPES, Message, MessageFlag, MessageType
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.posting import Origin
from coreops_sandbox.world.snowflakes import seconds_of

from . import errors
from .call import Call
from .routing import Route
from .validation.messages import MessageForm, read_edit, read_message

_MESSAGES = "/channels/{channel}/messages"
_TEXTLESS = frozenset({ChannelType.CATEGORY, ChannelType.FORUM})
_NONCE_SPAN_S = 300.0
_BULK_AGE_S = 14 * 24 * 3600.0


async def create(call: Call) -> Any:
    channel = writable(call)
    body = await call.body()
    read = read_message(body)
    _require_for(call, channel, read)
    origin = _read_reference(call, channel, read)
    twin = _same_nonce(call, channel, read)
    if twin is not None:
        return twin.payload(viewer=call.bot.id)
    draft = read.stored(call.world, channel)
    return posting.post(call.world, channel, call.bot, draft, origin).payload(viewer=call.bot.id)


async def edit(call: Call) -> Any:
    channel = call.channel()
    message = call.message(channel)
    body = await call.body()
    if message.author.id != call.bot.id:
        return _edit_of_another(call, channel, message, body.data)
    if message.type in SYSTEM_TYPES:
        raise errors.forbidden(50021)
    refuse_archived(channel)
    read = read_edit(body, message)
    posting.edit(call.world, channel, message, read.stored(call.world, channel, message))
    return message.payload(viewer=call.bot.id)


async def delete(call: Call) -> None:
    channel = call.channel()
    message = call.message(channel)
    if message.type == MessageType.THREAD_STARTER:
        raise errors.forbidden(50021)
    if message.author.id != call.bot.id:
        call.require(channel, Permission.MANAGE_MESSAGES)
    posting.delete(call.world, channel, message)


async def bulk_delete(call: Call) -> None:
    _, channel = call.guild_channel(Permission.MANAGE_MESSAGES)
    form = await call.form()
    ids = form.snowflakes("messages") or []
    form.problems.raise_if_any()
    if not 2 <= len(ids) <= 100 or len(set(ids)) != len(ids):
        raise errors.bad_request(50016)
    if any(call.world.clock() - seconds_of(one) > _BULK_AGE_S for one in ids):
        raise errors.bad_request(50034)
    ephemeral = {one for one in ids if one in channel.messages and channel.messages[one].ephemeral}
    posting.delete_many(call.world, channel, [one for one in ids if one not in ephemeral])


async def get(call: Call) -> Any:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    return call.message(channel).payload(viewer=call.bot.id)


async def history(call: Call) -> Any:
    """Newest first; without READ_MESSAGE_HISTORY the list is empty, as the documentation says."""
    channel = call.channel()
    query, limit = call.query, call.limit(default=50, high=100)
    bounds = {name: query.snowflake(name) for name in ("around", "before", "after")}
    query.problems.raise_if_any()
    if not call.may(channel, Permission.READ_MESSAGE_HISTORY):
        return []
    public = [one for one in channel.messages.values() if not one.ephemeral]
    return [one.payload(viewer=call.bot.id) for one in reversed(_slice(public, bounds, limit))]


async def typing(call: Call) -> None:
    posting.typing(call.world, writable(call), call.bot)


def writable(call: Call) -> Channel:
    """The path's channel, if the bot may write messages in it."""
    channel = call.channel()
    if channel.type in _TEXTLESS:
        raise errors.bad_request(50008)
    if channel.is_dm and channel.recipients[0].bot:
        raise errors.forbidden(50007)
    call.require(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
    if channel.thread is not None and channel.thread.locked and not call.may(channel, Permission.MANAGE_THREADS):
        raise errors.forbidden(160005)
    return channel


def refuse_archived(channel: Channel) -> None:
    """Raise 50083 for an archived thread, in which nothing may be changed."""
    if channel.thread is not None and channel.thread.archived:
        raise errors.forbidden(50083)


def _require_for(call: Call, channel: Channel, read: MessageForm) -> None:
    if read.draft.embeds:
        call.require(channel, Permission.EMBED_LINKS)
    if read.uploads:
        call.require(channel, Permission.ATTACH_FILES)
    if read.draft.tts and not channel.is_dm:
        call.require(channel, Permission.SEND_TTS_MESSAGES)


def _read_reference(call: Call, channel: Channel, read: MessageForm) -> Origin:
    reference = read.form.form("message_reference")
    if reference is None:
        return Origin()
    message_id = reference.snowflake("message_id", needed=True)
    strict = reference.boolean("fail_if_not_exists") is not False
    reference.problems.raise_if_any()
    if not call.may(channel, Permission.READ_MESSAGE_HISTORY):
        raise errors.bad_request(160002)
    target = channel.messages.get(message_id or "")
    if target is None or target.ephemeral:
        if strict:
            raise errors.invalid(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return Origin()
    if target.type in SYSTEM_TYPES:
        code, text = "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message"
        raise errors.invalid(("message_reference",), code, text)
    return Origin(reply_to=target)


def _same_nonce(call: Call, channel: Channel, read: MessageForm) -> Message | None:
    """The recent message of the same nonce, which `enforce_nonce` gives back instead of a second one."""
    nonce = read.draft.nonce
    if nonce is None or not read.form.boolean("enforce_nonce"):
        return None
    since = call.world.clock() - _NONCE_SPAN_S
    mine = (one for one in channel.messages.values() if one.author.id == call.bot.id and one.nonce == nonce)
    return next((one for one in mine if seconds_of(one.id) >= since), None)


def _edit_of_another(call: Call, channel: Channel, message: Message, data: Any) -> Any:
    """Of someone else's message only the embeds can be hidden or shown, with MANAGE_MESSAGES."""
    fields = set(data) if isinstance(data, dict) else set()
    if fields != {"flags"} or not isinstance(data["flags"], int):
        raise errors.forbidden(50005)
    call.require(channel, Permission.MANAGE_MESSAGES)
    suppress = MessageFlag.SUPPRESS_EMBEDS
    message.flags = message.flags & ~suppress | data["flags"] & suppress
    posting.publish_update(call.world, channel, message)
    return message.payload(viewer=call.bot.id)


def _slice(messages: list[Message], bounds: dict[str, str | None], limit: int) -> list[Message]:
    if bounds["around"] is not None:
        middle = int(bounds["around"])
        older = [one for one in messages if int(one.id) < middle]
        newer = [one for one in messages if int(one.id) >= middle]
        half = limit // 2
        return (older[-half:] if half else []) + newer[: limit - half]
    if bounds["before"] is not None:
        return [one for one in messages if int(one.id) < int(bounds["before"])][-limit:]
    if bounds["after"] is not None:
        return [one for one in messages if int(one.id) > int(bounds["after"])][:limit]
    return messages[-limit:]


ROUTES = (
    Route("POST", _MESSAGES, create),
    Route("GET", _MESSAGES, history),
    Route("POST", f"{_MESSAGES}/bulk-delete", bulk_delete),
    Route("GET", f"{_MESSAGES}/{{message}}", get),
    Route("PATCH", f"{_MESSAGES}/{{message}}", edit),
    Route("DELETE", f"{_MESSAGES}/{{message}}", delete),
    Route("POST", "/channels/{channel}/typing", typing),
)

"""`/webhooks/{id}/{token}`: channel webhooks and interactions share these routes (Discord docs, Webhook)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import posting
from coreops_sandbox.world.application import Webhook
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.messages import Message
from coreops_sandbox.world.posting import Origin
from coreops_sandbox.world.users import User

from . import errors, followups
from .call import Call
from .interactions import with_default_mentions
from .routing import Route
from .validation.messages import read_edit, read_message

_HOOK = "/webhooks/{webhook}/{token}"
_MESSAGE = f"{_HOOK}/messages/{{message}}"


async def execute(call: Call) -> Any:
    body = await call.body()
    if _is_interaction(call):
        return followups.create(call.world, followups.find(call.world, call.raw("token")), body)
    hook = with_token(call)
    channel = _channel(call, hook)
    read = read_message(body)
    name = read.form.text("username", low=1, high=80)
    read.form.problems.raise_if_any()
    draft = with_default_mentions(read.stored(call.world, channel))
    author = User(id=hook.id, username=name or hook.name, discriminator="0000", bot=True)
    origin = Origin(webhook_id=hook.id, application_id=hook.application_id)
    message = posting.post(call.world, channel, author, draft, origin)
    return message.payload() if call.flag("wait") else None


async def get_message(call: Call) -> Any:
    if _is_interaction(call):
        interaction = followups.find(call.world, call.raw("token"))
        return followups.message_of(call.world, interaction, call.raw("message")).payload()
    return _own_message(call)[1].payload()


async def edit_message(call: Call) -> Any:
    body = await call.body()
    if _is_interaction(call):
        interaction = followups.find(call.world, call.raw("token"))
        message = followups.message_of(call.world, interaction, call.raw("message"))
        return followups.edit(call.world, interaction, message, body)
    channel, message = _own_message(call)
    draft = with_default_mentions(read_edit(body, message).stored(call.world, channel, message))
    posting.edit(call.world, channel, message, draft)
    return message.payload()


async def delete_message(call: Call) -> None:
    if _is_interaction(call):
        interaction = followups.find(call.world, call.raw("token"))
        message = followups.message_of(call.world, interaction, call.raw("message"))
        followups.delete(call.world, interaction, message)
        return
    channel, message = _own_message(call)
    posting.delete(call.world, channel, message)


def with_token(call: Call) -> Webhook:
    """The path's webhook by id and token: 10015 for an unknown id, 50027 for a wrong token."""
    hook = call.world.webhooks.get(call.id("webhook"))
    if hook is None:
        raise errors.unknown("Webhook")
    if hook.token != call.raw("token"):
        raise errors.invalid_webhook_token()
    return hook


def _is_interaction(call: Call) -> bool:
    return call.id("webhook") == call.world.application.id


def _channel(call: Call, hook: Webhook) -> Channel:
    """The webhook's channel, or the thread of it that `thread_id` names."""
    query = call.query
    thread_id = query.snowflake("thread_id")
    query.problems.raise_if_any()
    channel = call.world.channel(thread_id or hook.channel_id)
    if channel is None or (thread_id is not None and channel.parent_id != hook.channel_id):
        raise errors.unknown("Channel")
    return channel


def _own_message(call: Call) -> tuple[Channel, Message]:
    hook = with_token(call)
    channel = _channel(call, hook)
    message = channel.messages.get(call.id("message"))
    if message is None or message.webhook_id != hook.id:
        raise errors.unknown("Message")
    return channel, message


ROUTES = (
    Route("POST", _HOOK, execute, authorized=False),
    Route("GET", _MESSAGE, get_message, authorized=False),
    Route("PATCH", _MESSAGE, edit_message, authorized=False),
    Route("DELETE", _MESSAGE, delete_message, authorized=False),
)

"""Webhooks of channels are made, listed and changed here (Discord docs, Webhook)."""

from __future__ import annotations

import base64
from typing import Any

from coreops_sandbox.world.application import Webhook
from coreops_sandbox.world.events import Intents
from coreops_sandbox.world.permissions import Permission

from . import errors
from .call import Call
from .forms import Form
from .routing import Route
from .webhook_messages import with_token

_MOST = 15
_FORBIDDEN = ("clyde", "discord")
_HOOK, _TOKEN = "/webhooks/{webhook}", "/webhooks/{webhook}/{token}"


async def create(call: Call) -> Any:
    guild, channel = call.guild_channel(Permission.MANAGE_WEBHOOKS)
    if channel.is_thread:
        raise errors.bad_request(50024)
    form = await call.form()
    name = _read_name(form, needed=True)
    form.problems.raise_if_any()
    if sum(one.channel_id == channel.id for one in call.world.webhooks.values()) >= _MOST:
        raise errors.bad_request(30007)
    hook_id = call.world.snowflakes.next()
    hook = Webhook(
        id=hook_id,
        token=base64.urlsafe_b64encode(f"webhook:{hook_id}:sandbox".encode()).decode().rstrip("="),
        name=name or "",
        channel_id=channel.id,
        guild_id=guild.id,
        creator=call.bot,
        application_id=call.world.application.id,
    )
    call.world.webhooks[hook.id] = hook
    _publish(call, hook)
    return hook.payload()


async def of_channel(call: Call) -> Any:
    _, channel = call.guild_channel(Permission.MANAGE_WEBHOOKS)
    return [one.payload() for one in call.world.webhooks.values() if one.channel_id == channel.id]


async def of_guild(call: Call) -> Any:
    guild = call.guild(Permission.MANAGE_WEBHOOKS)
    return [one.payload() for one in call.world.webhooks.values() if one.guild_id == guild.id]


async def get(call: Call) -> Any:
    return _managed(call).payload()


async def edit(call: Call) -> Any:
    hook, form = _managed(call), await call.form()
    channel_id = form.snowflake("channel_id")
    _rename(hook, form)
    if channel_id is not None:
        target = call.world.channel(channel_id)
        if target is None or target.guild_id != hook.guild_id:
            raise errors.unknown("Channel")
        call.require(target, Permission.MANAGE_WEBHOOKS)
        hook.channel_id = channel_id
    _publish(call, hook)
    return hook.payload()


async def delete(call: Call) -> None:
    _remove(call, _managed(call))


async def get_by_token(call: Call) -> Any:
    return with_token(call).payload(with_user=False)


async def edit_by_token(call: Call) -> Any:
    hook = with_token(call)
    _rename(hook, await call.form())
    _publish(call, hook)
    return hook.payload(with_user=False)


async def delete_by_token(call: Call) -> None:
    _remove(call, with_token(call))


def _managed(call: Call) -> Webhook:
    hook = call.world.webhooks.get(call.id("webhook"))
    channel = call.world.channel(hook.channel_id) if hook is not None else None
    if hook is None or channel is None:
        raise errors.unknown("Webhook")
    call.require(channel, Permission.MANAGE_WEBHOOKS)
    return hook


def _rename(hook: Webhook, form: Form) -> None:
    name = _read_name(form, needed=False)
    form.problems.raise_if_any()
    hook.name = name or hook.name


def _read_name(form: Form, *, needed: bool) -> str | None:
    name = form.text("name", low=1, high=80, needed=needed)
    for word in _FORBIDDEN:
        if name is not None and word in name.lower():
            form.fail("name", "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    return name


def _remove(call: Call, hook: Webhook) -> None:
    del call.world.webhooks[hook.id]
    _publish(call, hook)


def _publish(call: Call, hook: Webhook) -> None:
    data = {"guild_id": hook.guild_id, "channel_id": hook.channel_id}
    call.world.dispatch("WEBHOOKS_UPDATE", data, Intents.GUILD_WEBHOOKS)


ROUTES = (
    Route("POST", "/channels/{channel}/webhooks", create),
    Route("GET", "/channels/{channel}/webhooks", of_channel),
    Route("GET", "/guilds/{guild}/webhooks", of_guild),
    Route("GET", _HOOK, get),
    Route("PATCH", _HOOK, edit),
    Route("DELETE", _HOOK, delete),
    Route("GET", _TOKEN, get_by_token, authorized=False),
    Route("PATCH", _TOKEN, edit_by_token, authorized=False),
    Route("DELETE", _TOKEN, delete_by_token, authorized=False),
)

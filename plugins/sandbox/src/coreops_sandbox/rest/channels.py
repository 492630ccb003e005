"""Channels of a guild, their settings and overwrites, and direct messages (Discord docs, Channel, Guild, User)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import structure
from coreops_sandbox.world.channels import Channel, ChannelType, Overwrite
from coreops_sandbox.world.guilds import Guild
from coreops_sandbox.world.permissions import Permission

from . import errors
from .call import Call
from .forms import Form
from .routing import Created, Route
from .threads import edit_thread

_MOST = 500
_TYPES = (ChannelType.TEXT, ChannelType.VOICE, ChannelType.CATEGORY, ChannelType.NEWS, ChannelType.STAGE)
_CHANNEL, _OF_GUILD = "/channels/{channel}", "/guilds/{guild}/channels"


async def listing(call: Call) -> Any:
    """All channels but threads, visible to the bot or not."""
    return [one.payload() for one in call.guild().plain_channels]


async def create(call: Call) -> Any:
    guild, form = call.guild(Permission.MANAGE_CHANNELS), await call.form()
    kind = form.choice("type", _TYPES) or ChannelType.TEXT
    name = form.text("name", low=1, high=100, needed=True)
    channel = Channel(
        id=call.world.snowflakes.next(),
        type=kind,
        guild_id=guild.id,
        name=_spelled(name, kind),
        position=len(guild.plain_channels),
    )
    _apply(call, guild, channel, form)
    if len(guild.channels) >= _MOST:
        raise errors.bad_request(30013)
    structure.create_channel(call.world, guild, channel)
    return Created(channel.payload())


async def get(call: Call) -> Any:
    return call.channel().payload(viewer=call.bot.id)


async def edit(call: Call) -> Any:
    guild, channel = call.guild_channel()
    form = await call.form()
    if channel.is_thread:
        return edit_thread(call, channel, form)
    call.require(channel, Permission.MANAGE_CHANNELS)
    name = form.text("name", low=1, high=100)
    _apply(call, guild, channel, form)
    channel.name = _spelled(name, channel.type) or channel.name
    structure.channel_updated(call.world, channel)
    return channel.payload()


async def delete(call: Call) -> Any:
    """A direct message is only closed, which its history survives."""
    channel = call.channel()
    guild = call.world.guild_of(channel)
    if guild is None:
        return channel.payload()
    call.require(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
    structure.delete_channel(call.world, guild, channel)
    return channel.payload()


async def put_overwrite(call: Call) -> None:
    guild, channel = call.guild_channel(Permission.MANAGE_ROLES)
    form = await call.form()
    overwrite = _read_overwrite(form, call.id("overwrite"))
    form.problems.raise_if_any()
    known = guild.roles if overwrite.type == 0 else guild.members
    if overwrite.id not in known:
        raise errors.unknown("Role" if overwrite.type == 0 else "Member")
    _require_own(call, guild, overwrite)
    channel.overwrites[overwrite.id] = overwrite
    structure.channel_updated(call.world, channel)


async def delete_overwrite(call: Call) -> None:
    _, channel = call.guild_channel(Permission.MANAGE_ROLES)
    if channel.overwrites.pop(call.id("overwrite"), None) is None:
        raise errors.unknown("Permission Overwrite")
    structure.channel_updated(call.world, channel)


async def open_dm(call: Call) -> Any:
    form = await call.form()
    user_id = form.snowflake("recipient_id", needed=True)
    form.problems.raise_if_any()
    user = call.world.users.get(user_id or "")
    if user is None or user.id == call.bot.id:
        raise errors.bad_request(50033)
    return call.world.direct_channel(user).payload()


def _apply(call: Call, guild: Guild, channel: Channel, form: Form) -> None:
    """Check all settings, then set those that were given."""
    topic, nsfw = form.text("topic", high=1024), form.boolean("nsfw")
    numbers = {
        "position": form.integer("position", low=0),
        "rate_limit_per_user": form.integer("rate_limit_per_user", low=0, high=21600),
        "bitrate": form.integer("bitrate", low=8000, high=96000),
        "user_limit": form.integer("user_limit", low=0, high=99),
        "default_auto_archive_duration": form.choice("default_auto_archive_duration", (60, 1440, 4320, 10080)),
    }
    parent_id = form.snowflake("parent_id")
    overwrites = [_read_overwrite(one) for one in form.forms("permission_overwrites") or []]
    parent = guild.channels.get(parent_id or "")
    if parent_id is not None and (parent is None or parent.type != ChannelType.CATEGORY):
        form.fail("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    form.problems.raise_if_any()
    for overwrite in overwrites:
        _require_own(call, guild, overwrite)
    if "permission_overwrites" in form:
        channel.overwrites = {one.id: one for one in overwrites}
    for name, number in numbers.items():
        if number is not None:
            setattr(channel, name, number)
    channel.topic = topic if "topic" in form else channel.topic
    channel.nsfw = channel.nsfw if nsfw is None else nsfw
    channel.parent_id = parent_id if "parent_id" in form else channel.parent_id


def _read_overwrite(form: Form, target: str | None = None) -> Overwrite:
    if target is None:
        target = form.snowflake("id", needed=True)
    kind = form.choice("type", (0, 1), needed=True)
    allow, deny = form.integer("allow", low=0), form.integer("deny", low=0)
    return Overwrite(id=target or "", type=kind or 0, allow=allow or 0, deny=deny or 0)


def _require_own(call: Call, guild: Guild, overwrite: Overwrite) -> None:
    """Only permissions that the bot has may be allowed or denied (docs, "Edit Channel Permissions")."""
    changed = [one for one in Permission if (overwrite.allow | overwrite.deny) & one]
    call.require_in_guild(guild, *changed)


def _spelled(name: str | None, kind: int) -> str | None:
    """Text channels are lower-case without spaces, as the API writes them."""
    if name is None or kind not in {ChannelType.TEXT, ChannelType.NEWS}:
        return name
    return "-".join(name.lower().split())


ROUTES = (
    Route("GET", _OF_GUILD, listing),
    Route("POST", _OF_GUILD, create),
    Route("GET", _CHANNEL, get),
    Route("PATCH", _CHANNEL, edit),
    Route("DELETE", _CHANNEL, delete),
    Route("PUT", f"{_CHANNEL}/permissions/{{overwrite}}", put_overwrite),
    Route("DELETE", f"{_CHANNEL}/permissions/{{overwrite}}", delete_overwrite),
    Route("POST", "/users/@me/channels", open_dm),
)

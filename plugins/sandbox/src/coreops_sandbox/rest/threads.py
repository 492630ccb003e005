"""Threads (Discord docs, Channel, from "Start Thread from Message" on)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coreops_sandbox.world import structure, threads
from coreops_sandbox.world.channels import Channel, ChannelType, ThreadState
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.threads import ThreadPlan

from . import errors
from .call import Call, page
from .forms import Form
from .messages import refuse_archived
from .routing import Created, Route

_DURATIONS = (60, 1440, 4320, 10080)
_PARENTS = (ChannelType.TEXT, ChannelType.NEWS)
_CHANNEL = "/channels/{channel}"
_MEMBERS = f"{_CHANNEL}/thread-members"


async def start_from_message(call: Call) -> Any:
    parent = _parent(call, Permission.CREATE_PUBLIC_THREADS)
    message = call.message(parent)
    plan = _read_plan(await call.form(), ChannelType.PUBLIC_THREAD)
    if message.thread is not None:
        raise errors.bad_request(160004)
    thread = threads.start(call.world, parent, call.bot, plan, message)
    return Created(thread.payload(viewer=call.bot.id))


async def start(call: Call) -> Any:
    """Without a type the thread is private, as the documentation warns."""
    parent, form = _parent(call), await call.form()
    kinds = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
    kind = ChannelType(form.choice("type", kinds) or ChannelType.PRIVATE_THREAD)
    public = kind is ChannelType.PUBLIC_THREAD
    call.require(parent, Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS)
    thread = threads.start(call.world, parent, call.bot, _read_plan(form, kind))
    return Created(thread.payload(viewer=call.bot.id))


def edit_thread(call: Call, channel: Channel, form: Form) -> dict[str, Any]:
    """Change a thread: unarchiving needs SEND_MESSAGES_IN_THREADS, the owner may archive, all else MANAGE_THREADS."""
    state = _state(channel)
    name = form.text("name", low=1, high=100)
    archived, locked, invitable = form.boolean("archived"), form.boolean("locked"), form.boolean("invitable")
    duration = form.choice("auto_archive_duration", _DURATIONS)
    slow = form.integer("rate_limit_per_user", low=0, high=21600)
    form.problems.raise_if_any()
    _require_for_edit(call, channel, form)
    if state.archived and archived is not False:
        raise errors.forbidden(50083)
    if archived is not None and archived != state.archived:
        state.archived, state.archived_at = archived, call.world.clock()
    state.locked = state.locked if locked is None else locked
    state.invitable = state.invitable if invitable is None else invitable
    state.auto_archive_duration = duration or state.auto_archive_duration
    channel.rate_limit_per_user = channel.rate_limit_per_user if slow is None else slow
    channel.name = name or channel.name
    structure.channel_updated(call.world, channel)
    return channel.payload(viewer=call.bot.id)


async def join(call: Call) -> None:
    thread = _open_thread(call)
    threads.add_member(call.world, thread, call.bot)


async def add(call: Call) -> None:
    thread = _open_thread(call)
    call.require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    threads.add_member(call.world, thread, _guest(call, thread))


async def leave(call: Call) -> None:
    threads.remove_member(call.world, _open_thread(call), call.bot.id)


async def remove(call: Call) -> None:
    thread = _open_thread(call)
    own_private = thread.type == ChannelType.PRIVATE_THREAD and _state(thread).owner_id == call.bot.id
    if not own_private:
        call.require(thread, Permission.MANAGE_THREADS)
    threads.remove_member(call.world, thread, call.user().id)


async def get_member(call: Call) -> Any:
    thread, user = _thread(call), call.user()
    if user.id not in _state(thread).members:
        raise errors.unknown("Member")
    return _member(call, thread, user.id)


async def list_members(call: Call) -> Any:
    thread = _thread(call)
    if not call.flag("with_member"):
        return [_member(call, thread, one) for one in _state(thread).members]
    users = [call.world.users[one].payload() for one in _state(thread).members]
    return [_member(call, thread, one["id"]) for one in page(users, call, default=100, high=100)]


async def active(call: Call) -> Any:
    guild = call.guild()
    found = [one for one in guild.threads if not _state(one).archived and call.world.can_see(call.bot.id, one)]
    return _list(call, found)


async def archived_public(call: Call) -> Any:
    return _archived(call, lambda one: one.type != ChannelType.PRIVATE_THREAD)


async def archived_private(call: Call) -> Any:
    call.channel(Permission.READ_MESSAGE_HISTORY, Permission.MANAGE_THREADS)
    return _archived(call, lambda one: one.type == ChannelType.PRIVATE_THREAD)


async def archived_joined(call: Call) -> Any:
    mine = call.bot.id
    return _archived(call, lambda one: one.type == ChannelType.PRIVATE_THREAD and mine in _state(one).members)


def _archived(call: Call, wanted: Callable[[Channel], bool]) -> Any:
    """Archived threads of a channel, latest first, with `has_more`."""
    guild, parent = call.guild_channel(Permission.READ_MESSAGE_HISTORY)
    limit = call.limit(default=50, high=100, low=2)
    found = [one for one in guild.threads if one.parent_id == parent.id and _state(one).archived and wanted(one)]
    found.sort(key=lambda one: _state(one).archived_at, reverse=True)
    return {**_list(call, found[:limit]), "has_more": len(found) > limit}


def _list(call: Call, found: list[Channel]) -> dict[str, Any]:
    mine = [_state(one).member(one.id, call.bot.id) for one in found if call.bot.id in _state(one).members]
    return {"threads": [one.payload(viewer=call.bot.id) for one in found], "members": mine}


def _member(call: Call, thread: Channel, user_id: str) -> dict[str, Any]:
    data = _state(thread).member(thread.id, user_id)
    guild = call.world.guild_of(thread)
    if call.flag("with_member") and guild is not None and user_id in guild.members:
        data["member"] = guild.members[user_id].payload()
    return data


def _guest(call: Call, thread: Channel) -> Any:
    user, guild = call.user(), call.world.guild_of(thread)
    if guild is None or user.id not in guild.members:
        raise errors.unknown("Member")
    return user


def _parent(call: Call, *needed: Permission) -> Channel:
    _, channel = call.guild_channel(*needed)
    if channel.type not in _PARENTS:
        raise errors.bad_request(50024)
    return channel


def _thread(call: Call) -> Channel:
    channel = call.channel()
    if channel.thread is None:
        raise errors.bad_request(50024)
    return channel


def _open_thread(call: Call) -> Channel:
    thread = _thread(call)
    refuse_archived(thread)
    return thread


def _state(thread: Channel) -> ThreadState:
    assert thread.thread is not None
    return thread.thread


def _require_for_edit(call: Call, channel: Channel, form: Form) -> None:
    state = _state(channel)
    waking = form.data.get("archived") is False and not state.locked and set(form.data) == {"archived"}
    own = state.owner_id == call.bot.id and set(form.data) <= {"archived", "name", "auto_archive_duration"}
    if waking:
        call.require(channel, Permission.SEND_MESSAGES_IN_THREADS)
    elif not own:
        call.require(channel, Permission.MANAGE_THREADS)


def _read_plan(form: Form, kind: ChannelType) -> ThreadPlan:
    name = form.text("name", low=1, high=100, needed=True)
    duration = form.choice("auto_archive_duration", _DURATIONS)
    slow = form.integer("rate_limit_per_user", low=0, high=21600)
    invitable = form.boolean("invitable")
    form.problems.raise_if_any()
    return ThreadPlan(
        name=name or "",
        type=kind,
        auto_archive_duration=duration or 1440,
        rate_limit_per_user=slow or 0,
        invitable=invitable is not False,
    )


ROUTES = (
    Route("POST", f"{_CHANNEL}/messages/{{message}}/threads", start_from_message),
    Route("POST", f"{_CHANNEL}/threads", start),
    Route("PUT", f"{_MEMBERS}/@me", join),
    Route("DELETE", f"{_MEMBERS}/@me", leave),
    Route("PUT", f"{_MEMBERS}/{{user}}", add),
    Route("DELETE", f"{_MEMBERS}/{{user}}", remove),
    Route("GET", f"{_MEMBERS}/{{user}}", get_member),
    Route("GET", _MEMBERS, list_members),
    Route("GET", "/guilds/{guild}/threads/active", active),
    Route("GET", f"{_CHANNEL}/threads/archived/public", archived_public),
    Route("GET", f"{_CHANNEL}/threads/archived/private", archived_private),
    Route("GET", f"{_CHANNEL}/users/@me/threads/archived/private", archived_joined),
)

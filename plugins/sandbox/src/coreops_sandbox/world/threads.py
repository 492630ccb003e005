"""Threads are started, joined and left here."""

from __future__ import annotations

from dataclasses import dataclass

from .channels import Channel, ChannelType, ThreadState
from .events import Intents
from .messages import Draft, Message, MessageFlag, MessageType
from .posting import Origin, post, publish_update, reference_to
from .users import User
from .world import World


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """What a new thread shall be; the archive duration is in minutes, the slow mode in seconds."""

    name: str
    type: ChannelType = ChannelType.PUBLIC_THREAD
    auto_archive_duration: int = 1440
    rate_limit_per_user: int = 0
    invitable: bool = True


def start(world: World, parent: Channel, owner: User, plan: ThreadPlan, message: Message | None = None) -> Channel:
    """Start a thread, from `message` if given, whose id it then has; the owner joins it.

    Publishes THREAD_CREATE and what Discord says in the channel: an update of the message, or a system message.
    """
    guild, now = world.guilds[parent.guild_id or ""], world.clock()
    state = ThreadState(
        owner_id=owner.id,
        created_at=now,
        archived_at=now,
        auto_archive_duration=plan.auto_archive_duration,
        invitable=plan.invitable,
        members={owner.id: now},
    )
    thread = Channel(
        id=message.id if message is not None else world.snowflakes.next(),
        type=plan.type,
        name=plan.name,
        guild_id=guild.id,
        parent_id=parent.id,
        rate_limit_per_user=plan.rate_limit_per_user,
        thread=state,
    )
    guild.channels[thread.id] = thread
    data = {**thread.payload(viewer=world.bot_user.id), "newly_created": True}
    world.dispatch("THREAD_CREATE", data, Intents.GUILDS, channel=thread)
    world.notify("channel", {"change": "create", **data})
    _announce(world, parent, thread, owner, message)
    return thread


def add_member(world: World, thread: Channel, user: User) -> None:
    """Let a user join and publish THREAD_MEMBERS_UPDATE; someone who is in already stays."""
    assert thread.thread is not None
    if user.id in thread.thread.members:
        return
    thread.thread.members[user.id] = world.clock()
    joined = thread.thread.member(thread.id, user.id)
    if user.id == world.bot_user.id:
        # The bot learns of the thread by joining it, before it hears of its members.
        world.dispatch("THREAD_CREATE", thread.payload(viewer=user.id), Intents.GUILDS)
    _publish_members(world, thread, {"added_members": [joined]})


def remove_member(world: World, thread: Channel, user_id: str) -> None:
    """Let a user leave and publish THREAD_MEMBERS_UPDATE; someone who is not in changes nothing."""
    assert thread.thread is not None
    if thread.thread.members.pop(user_id, None) is not None:
        _publish_members(world, thread, {"removed_member_ids": [user_id]})


def _publish_members(world: World, thread: Channel, change: dict[str, object]) -> None:
    assert thread.thread is not None
    count = min(len(thread.thread.members), 50)
    data = {"id": thread.id, "guild_id": thread.guild_id, "member_count": count, **change}
    world.dispatch("THREAD_MEMBERS_UPDATE", data, Intents.GUILDS | Intents.GUILD_MEMBERS)


def _announce(world: World, parent: Channel, thread: Channel, owner: User, message: Message | None) -> None:
    if message is not None:
        message.flags |= MessageFlag.HAS_THREAD
        message.thread = thread.payload()
        publish_update(world, parent, message)
        starter = Origin(type=MessageType.THREAD_STARTER, reference=reference_to(message))
        post(world, thread, owner, Draft(), starter)
    elif thread.type == ChannelType.PUBLIC_THREAD:
        reference = {"channel_id": thread.id, "guild_id": thread.guild_id}
        post(world, parent, owner, Draft(content=thread.name), Origin(MessageType.THREAD_CREATED, reference=reference))

"""Channels and threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from .messages import Message
from .snowflakes import timestamp
from .users import User


class ChannelType(IntEnum):
    """Discord docs, Channel, "Channel Types"."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


THREAD_TYPES = frozenset({ChannelType.NEWS_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD})
VOICE_TYPES = frozenset({ChannelType.VOICE, ChannelType.STAGE})


@dataclass(slots=True)
class Overwrite:
    """A channel's permission overwrite; `type` 0 is a role, 1 a member."""

    id: str
    type: int
    allow: int = 0
    deny: int = 0

    def payload(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "allow": str(self.allow), "deny": str(self.deny)}


@dataclass(slots=True)
class ThreadState:
    """What a thread has beyond a channel; times are POSIX seconds, the archive duration is in minutes."""

    owner_id: str
    created_at: float
    archived_at: float
    auto_archive_duration: int = 1440
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[str, float] = field(default_factory=dict)
    total_sent: int = 0

    def metadata(self, *, private: bool) -> dict[str, Any]:
        data = {
            "archived": self.archived,
            "archive_timestamp": timestamp(self.archived_at),
            "auto_archive_duration": self.auto_archive_duration,
            "locked": self.locked,
            "create_timestamp": timestamp(self.created_at),
        }
        return {**data, "invitable": self.invitable} if private else data

    def member(self, thread_id: str, user_id: str) -> dict[str, Any]:
        """One thread member; raises KeyError for a user who has not joined."""
        return {"id": thread_id, "user_id": user_id, "join_timestamp": timestamp(self.members[user_id]), "flags": 1}


@dataclass(slots=True)
class Channel:
    """Any channel (Discord docs, Channel, "Channel Object") with its messages, oldest first."""

    id: str
    type: int
    name: str | None = None
    guild_id: str | None = None
    parent_id: str | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    rate_limit_per_user: int = 0
    default_auto_archive_duration: int | None = None
    bitrate: int = 64000
    user_limit: int = 0
    flags: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    thread: ThreadState | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    last_message_id: str | None = None
    last_pin_at: float | None = None

    @property
    def is_thread(self) -> bool:
        return self.thread is not None

    @property
    def is_dm(self) -> bool:
        return self.type == ChannelType.DM

    def payload(self, *, viewer: str | None = None) -> dict[str, Any]:
        """The channel's JSON; `viewer` is the user id whose thread membership is shown."""
        data: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "flags": self.flags,
            "last_message_id": self.last_message_id,
        }
        if self.is_dm:
            return {**data, "recipients": [user.payload() for user in self.recipients]}
        data |= {"guild_id": self.guild_id, "name": self.name, "parent_id": self.parent_id}
        data |= {"rate_limit_per_user": self.rate_limit_per_user, "nsfw": self.nsfw}
        if self.last_pin_at is not None:
            data["last_pin_timestamp"] = timestamp(self.last_pin_at)
        return data | (self._thread_fields(viewer) if self.thread else self._guild_fields())

    def _guild_fields(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "position": self.position,
            "topic": self.topic,
            "permission_overwrites": [overwrite.payload() for overwrite in self.overwrites.values()],
        }
        if self.default_auto_archive_duration is not None:
            data["default_auto_archive_duration"] = self.default_auto_archive_duration
        if self.type in VOICE_TYPES:
            data |= {"bitrate": self.bitrate, "user_limit": self.user_limit, "rtc_region": None}
        return data

    def _thread_fields(self, viewer: str | None) -> dict[str, Any]:
        assert self.thread is not None
        data: dict[str, Any] = {
            "owner_id": self.thread.owner_id,
            "thread_metadata": self.thread.metadata(private=self.type == ChannelType.PRIVATE_THREAD),
            "message_count": len(self.messages),
            "total_message_sent": self.thread.total_sent,
            # Discord stops counting members at 50.
            "member_count": min(len(self.thread.members), 50),
        }
        if viewer is not None and viewer in self.thread.members:
            data["member"] = self.thread.member(self.id, viewer)
        return data

"""Messages as they stand in a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from .snowflakes import seconds_of, timestamp
from .users import User

JSON = dict[str, Any]


class MessageType(IntEnum):
    """Discord docs, Message, "Message Types"; the ones that occur here."""

    DEFAULT = 0
    PIN_ADDED = 6
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    CONTEXT_COMMAND = 23


SYSTEM_TYPES = frozenset({MessageType.PIN_ADDED, MessageType.THREAD_CREATED, MessageType.THREAD_STARTER})
"""Messages that Discord writes in someone's name; they cannot be edited or replied to."""


class MessageFlag(IntFlag):
    """Discord docs, Message, "Message Flags"; the ones that occur here."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_VOICE_MESSAGE = 1 << 13
    IS_COMPONENTS_V2 = 1 << 15


@dataclass(slots=True)
class Draft:
    """The part of a message that its author writes; None in an edit leaves the field as it is.

    `attachments` are complete attachment objects, their bytes already stored.
    """

    content: str | None = None
    embeds: list[JSON] | None = None
    components: list[JSON] | None = None
    attachments: list[JSON] | None = None
    allowed_mentions: JSON | None = None
    flags: int | None = None
    tts: bool = False
    nonce: str | int | None = None
    sticker_items: list[JSON] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message (Discord docs, Message, "Message Object"); `edited_at` is in POSIX seconds."""

    id: str
    channel_id: str
    author: User
    type: int = MessageType.DEFAULT
    content: str = ""
    guild_id: str | None = None
    edited_at: float | None = None
    tts: bool = False
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned_at: float | None = None
    flags: int = 0
    nonce: str | int | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    reference: JSON | None = None
    referenced: Message | None = None
    interaction_id: str | None = None
    interaction_metadata: JSON | None = None
    legacy_interaction: JSON | None = None
    thread: JSON | None = None
    sticker_items: list[JSON] = field(default_factory=list)
    only_for: str | None = None

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & MessageFlag.LOADING)

    def payload(self, *, viewer: str | None = None, nested: bool = False) -> JSON:
        """The message's JSON; `viewer` is the user id for whom reactions say `me`, `nested` ends the reply chain."""
        data: JSON = {
            "id": self.id,
            "type": self.type,
            "channel_id": self.channel_id,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": timestamp(seconds_of(self.id)),
            "edited_timestamp": None if self.edited_at is None else timestamp(self.edited_at),
            "tts": self.tts,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": list(self.mention_roles),
            "attachments": [dict(one) for one in self.attachments],
            "embeds": [] if self.flags & MessageFlag.SUPPRESS_EMBEDS else [dict(one) for one in self.embeds],
            "components": [dict(one) for one in self.components],
            "pinned": self.pinned_at is not None,
            "flags": self.flags,
        }
        data |= self._optional()
        if self.reactions:
            data["reactions"] = [self._reaction(emoji, users, viewer) for emoji, users in self.reactions.items()]
        if self.type == MessageType.REPLY and not nested:
            data["referenced_message"] = self.referenced and self.referenced.payload(viewer=viewer, nested=True)
        return data

    def _optional(self) -> JSON:
        fields: JSON = {
            "nonce": self.nonce,
            "webhook_id": self.webhook_id,
            "application_id": self.application_id,
            "message_reference": self.reference,
            "interaction_metadata": self.interaction_metadata,
            "interaction": self.legacy_interaction,
            "thread": self.thread,
            "sticker_items": self.sticker_items or None,
        }
        return {name: value for name, value in fields.items() if value is not None}

    @staticmethod
    def _reaction(emoji: str, users: list[str], viewer: str | None) -> JSON:
        return {
            "emoji": emoji_payload(emoji),
            "count": len(users),
            "count_details": {"normal": len(users), "burst": 0},
            "me": viewer in users,
            "me_burst": False,
            "burst_colors": [],
        }


def emoji_payload(emoji: str) -> JSON:
    """A reaction's emoji: `name:id` is a custom one, anything else stands for itself."""
    name, _, emoji_id = emoji.rpartition(":")
    return {"id": emoji_id, "name": name} if name and emoji_id.isdigit() else {"id": None, "name": emoji}

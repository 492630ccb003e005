"""Guilds and their roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .channels import Channel
from .snowflakes import seconds_of, timestamp
from .users import Member


@dataclass(slots=True)
class Role:
    """A role (Discord docs, Permissions, "Role Object"); `bot_id` marks a bot's own managed role."""

    id: str
    name: str
    permissions: int = 0
    position: int = 0
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False
    bot_id: str | None = None

    def payload(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": self.hoist,
            "icon": None,
            "unicode_emoji": None,
            "position": self.position,
            "permissions": str(self.permissions),
            "managed": self.managed,
            "mentionable": self.mentionable,
            "flags": 0,
        }
        if self.bot_id is not None:
            data["tags"] = {"bot_id": self.bot_id}
        return data


@dataclass(slots=True)
class Guild:
    """A guild (Discord docs, Guild, "Guild Object"); `channels` holds threads too, `members` is keyed by user id."""

    id: str
    name: str
    owner_id: str
    description: str | None = None
    system_channel_id: str | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    bans: dict[str, str | None] = field(default_factory=dict)

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def threads(self) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.is_thread]

    @property
    def plain_channels(self) -> list[Channel]:
        return [channel for channel in self.channels.values() if not channel.is_thread]

    def payload(self, *, with_counts: bool = False) -> dict[str, Any]:
        """The guild as `GET /guilds/{id}` shows it."""
        data: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "owner_id": self.owner_id,
            "roles": [role.payload() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "system_channel_id": self.system_channel_id,
            **_UNSET,
            **_DEFAULTS,
        }
        if with_counts:
            data |= {
                "approximate_member_count": len(self.members),
                "approximate_presence_count": len(self.members),
            }
        return data

    def create_payload(self, viewer: Member) -> dict[str, Any]:
        """The guild as GUILD_CREATE shows it to `viewer`; the gateway drops what the session's intents exclude."""
        active = [thread for thread in self.threads if thread.thread and not thread.thread.archived]
        return {
            **self.payload(),
            "joined_at": timestamp(viewer.joined_at),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [member.payload() for member in self.members.values()],
            "channels": [channel.payload() for channel in self.plain_channels],
            "threads": [thread.payload(viewer=viewer.user.id) for thread in active],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    @property
    def created_at(self) -> float:
        return seconds_of(self.id)


_UNSET: dict[str, Any] = dict.fromkeys(
    (
        "icon",
        "splash",
        "discovery_splash",
        "banner",
        "afk_channel_id",
        "application_id",
        "widget_channel_id",
        "rules_channel_id",
        "public_updates_channel_id",
        "safety_alerts_channel_id",
        "vanity_url_code",
        "max_presences",
        "incidents_data",
    )
)
_DEFAULTS: dict[str, Any] = {
    "afk_timeout": 300,
    "widget_enabled": False,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    # 1 suppresses the message that someone joined, which the sandbox does not write.
    "system_channel_flags": 1,
    "max_members": 500_000,
    "max_video_channel_users": 25,
    "max_stage_video_channel_users": 50,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "preferred_locale": "en-US",
    "nsfw_level": 0,
}

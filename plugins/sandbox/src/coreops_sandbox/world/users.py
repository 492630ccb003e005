"""Users, and users as members of a guild."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .snowflakes import timestamp


@dataclass(slots=True)
class User:
    """An account (Discord docs, User, "User Object")."""

    id: str
    username: str
    global_name: str | None = None
    discriminator: str = "0"
    bot: bool = False
    avatar: str | None = None

    def payload(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id,
            "username": self.username,
            "discriminator": self.discriminator,
            "global_name": self.global_name,
            "avatar": self.avatar,
            "avatar_decoration_data": None,
            "public_flags": 0,
        }
        if self.bot:
            data["bot"] = True
        return data


@dataclass(slots=True)
class Member:
    """A user in a guild (Discord docs, Guild, "Guild Member Object"); times are POSIX seconds."""

    user: User
    joined_at: float
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: float = 0.0
    mute: bool = False
    deaf: bool = False

    @property
    def display_name(self) -> str:
        return self.nick or self.user.global_name or self.user.username

    def partial(self) -> dict[str, Any]:
        """The member without its user, as MESSAGE_CREATE and resolved data show it."""
        until = timestamp(self.timed_out_until) if self.timed_out_until else None
        return {
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "roles": list(self.roles),
            "joined_at": timestamp(self.joined_at),
            "premium_since": None,
            "deaf": self.deaf,
            "mute": self.mute,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": until,
        }

    def payload(self) -> dict[str, Any]:
        return {**self.partial(), "user": self.user.payload()}

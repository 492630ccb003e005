"""The application behind the bot, its commands as synced, and webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .users import User

_FLAGS = (1 << 13) | (1 << 15) | (1 << 19) | (1 << 23)
"""Limited presence, members and content intents, command badge: what a bot in few guilds shows."""


@dataclass(slots=True)
class Command:
    """A registered command: its JSON as the API returns it, guild None for a global one."""

    id: str
    guild_id: str | None
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def type(self) -> int:
        return int(self.data["type"])

    def payload(self) -> dict[str, Any]:
        return dict(self.data)


@dataclass(slots=True)
class Application:
    """Discord docs, Application; `commands` holds global and guild commands by id.

    `created` are the times (POSIX seconds) at which a scope, a guild id or None, got new commands.
    """

    id: str
    name: str
    owner: User
    description: str = ""
    flags: int = _FLAGS
    commands: dict[str, Command] = field(default_factory=dict)
    created: dict[str | None, list[float]] = field(default_factory=dict)

    def scope(self, guild_id: str | None) -> list[Command]:
        """The commands of one guild, or the global ones for None, in order of registration."""
        return [command for command in self.commands.values() if command.guild_id == guild_id]

    def partial(self) -> dict[str, Any]:
        return {"id": self.id, "flags": self.flags}

    def payload(self, guild_count: int) -> dict[str, Any]:
        return {
            **self.partial(),
            "name": self.name,
            "icon": None,
            "description": self.description,
            "summary": "",
            "type": None,
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": self.owner.payload(),
            "team": None,
            "tags": [],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "integration_types_config": {"0": {}},
            "approximate_guild_count": guild_count,
            "approximate_user_install_count": 0,
            "event_webhooks_status": 1,
        }


@dataclass(slots=True)
class Webhook:
    """An incoming webhook of a channel (Discord docs, Webhook)."""

    id: str
    token: str
    name: str
    channel_id: str
    guild_id: str
    creator: User
    application_id: str | None = None

    def payload(self, *, with_user: bool = True) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id,
            "type": 1,
            "token": self.token,
            "name": self.name,
            "avatar": None,
            "channel_id": self.channel_id,
            "guild_id": self.guild_id,
            "application_id": self.application_id,
        }
        return {**data, "user": self.creator.payload()} if with_user else data

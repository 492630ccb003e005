"""The world: everything the local Discord knows, in memory, with its look-ups."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import permissions
from .application import Application, Webhook
from .channels import Channel, ChannelType
from .events import Dispatch, Hub, Intents, Notice
from .guilds import Guild
from .interactions import Interaction
from .messages import Message
from .permissions import Permission
from .snowflakes import Snowflakes
from .users import Member, User


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file as the CDN serves it."""

    filename: str
    content_type: str
    content: bytes


class World:
    """Holds the state; the rooms `posting`, `structure`, `membership` change it and publish what changed.

    `clock` gives POSIX seconds. `public_url` is the address of the sandbox without a trailing slash, set
    once its port is known; attachment and gateway addresses are built from it.
    `identifies` counts the gateway sessions started, for the session start limit; `requests` the calls of the
    REST API by method and route, so that a test can say what a bot sent.
    """

    def __init__(self, application: Application, bot_user: User, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.application = application
        self.bot_user = bot_user
        self.token = bot_token(bot_user.id)
        self.public_url = "http://127.0.0.1"
        self.hub: Hub[Dispatch] = Hub()
        self.notices: Hub[Notice] = Hub()
        self.guilds: dict[str, Guild] = {}
        self.dms: dict[str, Channel] = {}
        self.users: dict[str, User] = {bot_user.id: bot_user, application.owner.id: application.owner}
        self.interactions: dict[str, Interaction] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.files: dict[str, StoredFile] = {}
        self.identifies = 0
        self.requests: Counter[str] = Counter()
        self.locale = "en-US"
        """The language in which people use Discord; interactions carry it."""

    @property
    def home(self) -> Guild:
        """The first guild, where people act unless told otherwise."""
        return next(iter(self.guilds.values()))

    @property
    def gateway_url(self) -> str:
        """Where clients of the gateway connect, without a query."""
        return f"ws{self.public_url.removeprefix('http')}/gateway"

    def channels(self) -> Iterator[Channel]:
        """Every channel and thread of every guild, then the direct messages."""
        for guild in self.guilds.values():
            yield from guild.channels.values()
        yield from self.dms.values()

    def channel(self, channel_id: str) -> Channel | None:
        return next((one for one in self.channels() if one.id == channel_id), None)

    def guild_of(self, channel: Channel) -> Guild | None:
        return self.guilds.get(channel.guild_id or "")

    def message(self, message_id: str) -> Message | None:
        return next((one.messages[message_id] for one in self.channels() if message_id in one.messages), None)

    def interaction_by_token(self, token: str) -> Interaction | None:
        return next((one for one in self.interactions.values() if one.token == token), None)

    def bot_member(self, guild: Guild) -> Member:
        return guild.members[self.bot_user.id]

    def permissions(self, user_id: str, channel: Channel) -> int:
        """What a user may do in a channel; 0 for someone who is not there."""
        guild = self.guild_of(channel)
        if guild is None:
            present = user_id == self.bot_user.id or any(one.id == user_id for one in channel.recipients)
            return int(permissions.DM_PERMISSIONS) if present else 0
        member = guild.members.get(user_id)
        return permissions.in_channel(guild, member, channel, now=self.clock()) if member else 0

    def can_see(self, user_id: str, channel: Channel) -> bool:
        """Whether a user may view a channel; a private thread needs joining or MANAGE_THREADS too."""
        granted = self.permissions(user_id, channel)
        if channel.type == ChannelType.PRIVATE_THREAD and channel.thread and user_id not in channel.thread.members:
            return bool(granted & Permission.VIEW_CHANNEL and granted & Permission.MANAGE_THREADS)
        return bool(granted & Permission.VIEW_CHANNEL)

    def direct_channel(self, user: User) -> Channel:
        """The direct message channel of the bot with a user, opened at first need."""
        channel = next((one for one in self.dms.values() if one.recipients[0].id == user.id), None)
        if channel is None:
            channel = Channel(id=self.snowflakes.next(), type=ChannelType.DM, recipients=[user])
            self.dms[channel.id] = channel
        return channel

    def ready_user(self) -> dict[str, Any]:
        """The bot's own user as READY and `GET /users/@me` show it."""
        own = {"flags": 0, "mfa_enabled": True, "verified": True, "email": None, "locale": "en-US", "bio": ""}
        return {**self.bot_user.payload(), **own}

    def guild_create(self, guild: Guild) -> dict[str, Any]:
        """The data of GUILD_CREATE for the bot."""
        return guild.create_payload(self.bot_member(guild))

    def dispatch(self, name: str, data: dict[str, Any], intent: int, *, channel: Channel | None = None) -> None:
        """Publish a gateway event, unless it belongs to a channel that the bot may not see."""
        if channel is None or self.can_see(self.bot_user.id, channel):
            self.hub.publish(Dispatch(name, data, int(intent)))

    def message_intent(self, channel: Channel) -> Intents:
        return Intents.DIRECT_MESSAGES if channel.is_dm else Intents.GUILD_MESSAGES

    def notify(self, kind: str, data: dict[str, Any], only_for: str | None = None) -> None:
        self.notices.publish(Notice(kind, data, only_for))


def bot_token(bot_id: str) -> str:
    """A token in Discord's shape: the bot's id in base64, then parts that plainly hold no secret."""
    encoded = base64.urlsafe_b64encode(bot_id.encode()).decode().rstrip("=")
    return f"{encoded}.sandbox.this-token-opens-nothing-but-the-local-sandbox"

"""A message as it came from Discord, of which hikari's entities are built when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import hikari
import orjson

__all__ = ["Hear", "Spoken", "SpokenAuthor", "SpokenMember", "SpokenMessage"]


class SpokenAuthor(Protocol):
    """Who wrote it."""

    @property
    def id(self) -> str: ...


class SpokenMember(Protocol):
    """The writer as a member of the server."""

    @property
    def roles(self) -> Sequence[str]: ...


class Spoken(Protocol):
    """What a decision about a message needs; ids are snowflakes in decimal."""

    @property
    def id(self) -> str: ...
    @property
    def channel_id(self) -> str: ...
    @property
    def guild_id(self) -> str | None: ...
    @property
    def author(self) -> SpokenAuthor: ...
    @property
    def member(self) -> SpokenMember | None: ...
    @property
    def content(self) -> str: ...


Hear = Callable[[Spoken, bytes], None]
"""Takes a message that begins as a command does, and its payload."""


class SpokenMessage:
    """One message.

    Args:
        said: The few fields that were read.
        payload: The whole gateway event.
        app: Builds the entities.
    """

    __slots__ = ("_app", "_built", "_payload", "channel_id", "guild_id", "said", "user_id")

    def __init__(self, said: Spoken, payload: bytes, app: hikari.GatewayBot) -> None:
        self.said = said
        self.user_id = int(said.author.id)
        self.channel_id = int(said.channel_id)
        self.guild_id = None if said.guild_id is None else int(said.guild_id)
        self._payload = payload
        self._app = app
        self._built: hikari.Message | None = None

    @property
    def role_ids(self) -> frozenset[int]:
        """The writer's roles, without ``@everyone``."""
        member = self.said.member
        if member is None or not member.roles:
            return frozenset()
        return frozenset(map(int, member.roles)) - {self.guild_id}

    @property
    def whole(self) -> hikari.Message:
        """The message as hikari knows it; built at the first call."""
        if self._built is None:
            self._built = self._app.entity_factory.deserialize_message(orjson.loads(self._payload)["d"])
        return self._built

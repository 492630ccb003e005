"""What leaves the world: dispatches for the gateway, notices for the control side, and the hubs that carry them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Intents(IntFlag):
    """Gateway intents (Discord docs, Gateway, "List of Intents")."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_INTEGRATIONS = 1 << 4
    GUILD_WEBHOOKS = 1 << 5
    GUILD_INVITES = 1 << 6
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16
    AUTO_MODERATION_CONFIGURATION = 1 << 20
    AUTO_MODERATION_EXECUTION = 1 << 21
    GUILD_MESSAGE_POLLS = 1 << 24
    DIRECT_MESSAGE_POLLS = 1 << 25


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One gateway event. `intent` holds the intent bits of which a session needs at least one; 0 is always sent."""

    name: str
    data: dict[str, Any]
    intent: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """One event for the control side.

    `kind` is message, message_update, message_delete, typing, commands, member, channel, role, interaction (the bot
    answered one) or bot (its connection changed). `only_for` is the id of the one user who may see it (ephemeral
    messages), or None for everybody.
    """

    kind: str
    data: dict[str, Any]
    only_for: str | None = None


class Hub(Generic[T]):
    """Calls every subscriber, in order of subscription, on the loop that publishes."""

    def __init__(self) -> None:
        self._subscribers: dict[int, Callable[[T], None]] = {}
        self._next = 0

    def subscribe(self, callback: Callable[[T], None]) -> Callable[[], None]:
        """Add a callback; the returned function removes it and may be called twice."""
        key, self._next = self._next, self._next + 1
        self._subscribers[key] = callback

        def unsubscribe() -> None:
            self._subscribers.pop(key, None)

        return unsubscribe

    def publish(self, item: T) -> None:
        """Hand `item` to each subscriber that is subscribed at this moment."""
        for callback in tuple(self._subscribers.values()):
            callback(item)

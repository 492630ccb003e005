"""Who listens to messages besides the runtime's own bridge.

hikari's public API lists listeners, but not who waits for one message (``bot.wait_for``) nor, cheaply enough for every
message, how many there are. So three private names of its event manager are read here and nowhere else; hikari is
pinned to ~= 2.6 and a contract test fails when they change.
"""

from __future__ import annotations

from typing import Any, Final

import hikari

__all__ = ["Overheard"]

_PRIVATE: Final = ("_consumers", "_listeners", "_waiters")
_MESSAGES: Final = hikari.MessageCreateEvent
_PAYLOADS: Final = hikari.ShardPayloadEvent
"""Sees every event as it came; its wider classes count as listeners for messages already."""


class Overheard:
    """Tells whether anybody but one listener for ``MessageCreateEvent`` would see a message.

    Args:
        manager: The bot's event manager.
    """

    __slots__ = ("_caching", "_consumer", "_listeners", "_waiters")

    def __init__(self, manager: hikari.api.EventManager) -> None:
        consumers, self._listeners, self._waiters = (getattr(manager, name) for name in _PRIVATE)
        self._consumer: Any = consumers["message_create"]
        self._caching = self._consumer.is_caching

    def __call__(self) -> bool:
        """Return whether a message must reach hikari whole."""
        consumer = self._consumer
        return (
            consumer.listener_group_count > 1  # a class beside MessageCreateEvent: a wider or a narrower one
            or consumer.waiter_group_count > 0
            or len(self._listeners.get(_MESSAGES, ())) > 1
            or _PAYLOADS in self._listeners
            or _PAYLOADS in self._waiters
            or self._caching
        )

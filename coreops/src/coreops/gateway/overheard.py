"""Who listens to messages besides the runtime, which takes its own from the decoder.

hikari's public API lists listeners, but not who waits for one message (``bot.wait_for``) nor, cheaply enough for every
message, how many there are. So three private names of its event manager are read here and nowhere else; hikari is
pinned to ~= 2.6 and a contract test fails when they change.
"""

from __future__ import annotations

from typing import Any, Final

import hikari

__all__ = ["Overheard"]

_PRIVATE: Final = ("_consumers", "_listeners", "_waiters")
_PAYLOADS: Final = hikari.ShardPayloadEvent
"""Sees every event as it came; its wider classes count as listeners for messages already."""


class Overheard:
    """Tells whether anybody would see a message that reaches hikari.

    Args:
        manager: The bot's event manager.
    """

    __slots__ = ("_consumer", "_listeners", "_waiters")

    def __init__(self, manager: hikari.api.EventManager) -> None:
        consumers, self._listeners, self._waiters = (getattr(manager, name) for name in _PRIVATE)
        self._consumer: Any = consumers["message_create"]

    def __call__(self) -> bool:
        """Return whether a message must reach hikari whole."""
        return self._consumer.is_enabled or _PAYLOADS in self._listeners or _PAYLOADS in self._waiters

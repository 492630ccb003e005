"""Signs of life of the gateway, by a monotonic clock.

hikari keeps the time of the last heartbeat ACK by the wall clock and to itself, so the payloads are watched where its
public API lets one in: the JSON decoder given to the bot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson

__all__ = ["Pulse"]

_DISPATCH: Final = 0
_ACK: Final = 11
"""Opcodes (Discord docs, Gateway Opcodes)."""


class Pulse:
    """Notes when the last event and the last heartbeat ACK came.

    Args:
        monotonic: Seconds that never go back.
        decode: Decodes JSON.
    """

    def __init__(self, monotonic: Callable[[], float], decode: Callable[[str | bytes], Any] = orjson.loads) -> None:
        self._monotonic = monotonic
        self._decode = decode
        self._event: float | None = None
        self._ack: float | None = None

    def loads(self, data: str | bytes) -> Any:
        """Decode JSON as hikari would, and note what it tells."""
        payload = self._decode(data)
        if isinstance(payload, dict):
            opcode = payload.get("op")
            if opcode == _DISPATCH:
                self._event = self._monotonic()
            elif opcode == _ACK:
                self._ack = self._monotonic()
        return payload

    def reset(self) -> None:
        """Forget everything, as before a new connection."""
        self._event = self._ack = None

    def event_age(self) -> float | None:
        """Seconds since the last event, ``None`` before the first."""
        return None if self._event is None else self._monotonic() - self._event

    def ack_age(self) -> float | None:
        """Seconds since the last heartbeat ACK, ``None`` before the first."""
        return None if self._ack is None else self._monotonic() - self._ack

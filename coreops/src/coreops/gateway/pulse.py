"""Signs of life of the gateway, by a monotonic clock, and the way to make it connect anew without losing its session.

hikari keeps the time of the last heartbeat ACK by the wall clock and to itself, so the payloads are watched where its
public API lets one in: the JSON decoder and encoder given to the bot. hikari answers a connection error that is raised
there by connecting again and resuming, so that Discord sends what was missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import hikari
import orjson

from coreops.gateway.prefilter import CHAT

__all__ = ["Pulse", "UndecodableError"]

_DISPATCH: Final = 0
_HEARTBEAT: Final = 1
_HELLO: Final = 10
_ACK: Final = 11
"""Opcodes (Discord docs, Gateway Opcodes)."""


class UndecodableError(hikari.GatewayConnectionError, ValueError):
    """A payload that is no JSON. hikari's shard connects anew and resumes; bare, it would end."""


class Pulse:
    """Notes when the last event and the last heartbeat ACK came.

    Args:
        monotonic: Seconds that never go back.
        decode: Decodes JSON; raises ValueError for what is none.
    """

    def __init__(self, monotonic: Callable[[], float], decode: Callable[[str | bytes], Any] = orjson.loads) -> None:
        self._monotonic = monotonic
        self._decode = decode
        self._event: float | None = None
        self._ack: float | None = None
        self._break = ""
        self.undecodable = 0
        """Payloads that could not be decoded, since the start."""

    def loads(self, data: str | bytes) -> Any:
        """Decode JSON as hikari would, and note what it tells.

        Raises:
            UndecodableError: it is none.
        """
        try:
            payload = self._decode(data)
        except ValueError as error:
            self.undecodable += 1
            msg = f"a payload of {len(data)} bytes could not be decoded: {error}"
            raise UndecodableError(msg) from error
        if payload is CHAT:
            self._event = self._monotonic()
        elif isinstance(payload, dict):
            opcode = payload.get("op")
            if opcode == _DISPATCH:
                self._event = self._monotonic()
            elif opcode == _ACK:
                self._ack = self._monotonic()
            elif opcode == _HELLO:
                self._break = ""  # this is a new connection already
        return payload

    def dumps(self, payload: Any) -> bytes:
        """Encode JSON as hikari would; a heartbeat is where a break that was asked for is carried out.

        Raises:
            hikari.GatewayConnectionError: see :meth:`break_off`.
        """
        if self._break and isinstance(payload, dict) and payload.get("op") == _HEARTBEAT and len(payload) == 2:
            reason, self._break = self._break, ""
            raise hikari.GatewayConnectionError(reason)
        return orjson.dumps(payload, option=orjson.OPT_NON_STR_KEYS)

    def break_off(self, reason: str) -> None:
        """Make hikari connect anew and resume at its next heartbeat, which comes although nothing is received."""
        self._break = reason

    def reset(self) -> None:
        """Forget everything, as before a new connection."""
        self._event = self._ack = None
        self._break = ""

    def event_age(self) -> float | None:
        """Seconds since the last event, ``None`` before the first."""
        return None if self._event is None else self._monotonic() - self._event

    def ack_age(self) -> float | None:
        """Seconds since the last heartbeat ACK, ``None`` before the first."""
        return None if self._ack is None else self._monotonic() - self._ack

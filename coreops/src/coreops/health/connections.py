"""Who may hold a connection, and for how long: slow and idle clients give way, so that probes always get through.

A client that never finishes its request costs one connection. There is a limit to how long it may take (the attack is
called Slowloris), and when all places are taken the one that has waited longest without a request makes room.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Connections", "Held", "Patience"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How many connections there may be, and seconds: for a first request's head, and from one answer to the next head.

    The second one also bounds how slowly an answer may be read. Both are met late by up to a tenth of the shorter one.
    """

    connections: int = 256
    first: float = 10.0
    following: float = 40.0


class Held(Protocol):
    """A connection that can be cut."""

    def cut(self) -> None:
        """End it without another word."""
        ...


class Connections:
    """The connections of one server.

    Args:
        patience: See :class:`Patience`.
        loop: Runs the deadlines.
    """

    def __init__(self, patience: Patience, loop: asyncio.AbstractEventLoop) -> None:
        self._patience = patience
        self._loop = loop
        self._period = min(patience.first, patience.following) / 10
        self._waiting: dict[Held, float] = {}
        self._busy: set[Held] = set()
        self._timer: asyncio.TimerHandle | None = None

    def opened(self, connection: Held) -> bool:
        """Take a new connection; return whether there is a place for it."""
        if len(self._waiting) + len(self._busy) >= self._patience.connections:
            if not self._waiting:
                return False
            self._cut(next(iter(self._waiting)))
        self._wait(connection, self._patience.first)
        return True

    def busy(self, connection: Held) -> None:
        """A request has arrived on it: it is answered, and the time that takes is the handler's to bound."""
        self._forget(connection)
        self._busy.add(connection)

    def idle(self, connection: Held) -> None:
        """The request is handled."""
        if connection in self._busy:
            self._forget(connection)
            self._wait(connection, self._patience.following)

    def closed(self, connection: Held) -> None:
        """It is gone."""
        self._forget(connection)

    def _wait(self, connection: Held, seconds: float) -> None:
        # one sweeper for all: a timer for each would be set and taken back twice a request
        self._waiting[connection] = self._loop.time() + seconds
        if self._timer is None:
            self._timer = self._loop.call_later(self._period, self._sweep)

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in [each for each, until in self._waiting.items() if until <= now]:
            self._cut(connection)
        self._timer = self._loop.call_later(self._period, self._sweep) if self._waiting else None

    def _cut(self, connection: Held) -> None:
        self._forget(connection)
        connection.cut()

    def _forget(self, connection: Held) -> None:
        self._busy.discard(connection)
        self._waiting.pop(connection, None)

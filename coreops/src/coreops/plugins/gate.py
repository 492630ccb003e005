"""One plugin's gate: where it stands, what it has cost, and the breaker that may close it."""

from __future__ import annotations

import asyncio

from coreops.plugins.breaker import Breaker, BreakerPolicy
from coreops.plugins.states import Seat

__all__ = ["Flight", "Gate"]


class Flight:
    """The calls that are going on in one state of a plugin's code; a reload begins a new one."""

    __slots__ = ("count", "idle")

    def __init__(self) -> None:
        self.count = 0
        self.idle: asyncio.Event | None = None
        """Set by the last call that ends, once somebody waits for it."""

    async def landed(self, seconds: float) -> bool:
        """Wait until no call is going on; tell whether that was within so many seconds."""
        if not self.count:
            return True
        self.idle = self.idle or asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await self.idle.wait()
        except TimeoutError:
            return False
        return True


class Gate:
    """Everything the guard looks at when it calls into a plugin.

    ``seconds`` is wall time inside guarded calls, waiting included.
    """

    __slots__ = ("breaker", "calls", "faults", "flight", "plugin", "seat", "seconds", "skipped")

    def __init__(self, plugin: str, seat: Seat, policy: BreakerPolicy) -> None:
        self.plugin = plugin
        self.seat = seat
        self.breaker = Breaker(policy)
        self.flight = Flight()
        self.calls = 0
        self.faults = 0
        self.skipped = 0
        self.seconds = 0.0

    def refusal(self, now: float) -> str:
        """Return why calls are skipped at monotonic second ``now``, or an empty text."""
        standing = self.seat.standing
        if standing is None:
            return f"plugin {self.plugin!r} is not installed"
        if not standing.serving:
            return f"plugin {self.plugin!r} is {standing.state}" + (f": {standing.reason}" if standing.reason else "")
        if self.breaker.is_open(now):
            return f"plugin {self.plugin!r} is in quarantine: {standing.reason}"
        return ""

    def enter(self, now: float, *, always: bool = False) -> str:
        """Take a passage, the trial call of a half-open breaker included; return why not, or an empty text."""
        standing = self.seat.standing
        if standing is not None and standing.serving and (always or self.breaker.allow(now)):
            return ""
        self.skipped += 1
        return self.refusal(now)

"""One plugin's gate: where it stands, what it has cost, and the breaker that may close it."""

from __future__ import annotations

import asyncio
from collections import deque
from math import ceil
from typing import Final

from coreops.plugins.breaker import Breaker, BreakerPolicy
from coreops.plugins.states import Seat
from coreops_hookspecs.health import LoopBlock

__all__ = ["RECENT", "Flight", "Gate"]

RECENT: Final = 512
"""Latest calls whose durations are kept, 16 KiB a plugin, for a 99th percentile that is exact over these."""


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
    """Everything the guard looks at when it calls into a plugin, and the account of what came of it.

    The figures mean what :class:`coreops_hookspecs.PluginReport` says of them.
    """

    __slots__ = (
        "blocks",
        "breaker",
        "calls",
        "failures",
        "faults",
        "flight",
        "last_block",
        "loop_time",
        "plugin",
        "recent",
        "seat",
        "skipped",
        "total_time",
    )

    def __init__(self, plugin: str, seat: Seat, policy: BreakerPolicy) -> None:
        self.plugin = plugin
        self.seat = seat
        self.breaker = Breaker(policy)
        self.flight = Flight()
        self.calls = 0
        self.failures = 0
        self.faults = 0
        self.skipped = 0
        self.total_time = 0.0
        self.loop_time = 0.0
        self.recent: deque[float] = deque(maxlen=RECENT)
        self.blocks = 0
        self.last_block: LoopBlock | None = None

    @property
    def p99(self) -> float | None:
        """The 99th percentile of the latest calls' durations in seconds, by nearest rank."""
        ordered = sorted(self.recent)
        return ordered[ceil(0.99 * len(ordered)) - 1] if ordered else None

    def blocked(self, block: LoopBlock) -> None:
        """Note that the plugin's code held the event loop."""
        self.blocks += 1
        self.last_block = block

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

    def enter(self, now: float, *, always: bool = False, decides: bool = True) -> str:
        """Take a passage, the trial call of a half-open breaker included; return why not, or an empty text.

        Args:
            now: Monotonic seconds.
            always: Let it pass while the breaker is open too.
            decides: Whether it ends soon enough to be the trial call.
        """
        standing = self.seat.standing
        passes = always or self.breaker.retry_at is None or (decides and self.breaker.allow(now))
        if standing is not None and standing.serving and passes:
            return ""
        self.skipped += 1
        return self.refusal(now) or f"plugin {self.plugin!r} is in quarantine until a call of another kind returns"

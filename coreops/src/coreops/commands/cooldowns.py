"""How often a command may be run: a sliding window per command and scope, the same for every surface."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from coreops.commands.access import Caller
from coreops_hookspecs import Cooldown

__all__ = ["Cooldowns"]

_KEEP: Final = 10_000
"""Windows held before those that have run out are dropped."""

Key = tuple[str, str, int]


class Cooldowns:
    """Counts runs. It belongs to the room, not to a plugin, so it survives a reload.

    Args:
        monotonic: Seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends: dict[Key, deque[float]] = {}

    def take(self, command: str, cooldown: Cooldown, caller: Caller) -> float:
        """Count a run, or return the seconds until the next is allowed; 0 means that it is counted."""
        now = self._monotonic()
        key = (command, *_scope(cooldown, caller))
        ends = self._ends.get(key)
        if ends is None:
            self._sweep(now)
            ends = self._ends[key] = deque()
        while ends and ends[0] <= now:
            ends.popleft()
        if len(ends) >= cooldown.uses:
            return ends[0] - now
        ends.append(now + cooldown.per.total_seconds())
        return 0.0

    def left(self, command: str, cooldown: Cooldown, caller: Caller) -> float:
        """Return the seconds until the next run is allowed; 0 means now. Counts nothing."""
        now = self._monotonic()
        ends = [end for end in self._ends.get((command, *_scope(cooldown, caller)), ()) if end > now]
        return ends[0] - now if len(ends) >= cooldown.uses else 0.0

    def _sweep(self, now: float) -> None:
        if len(self._ends) >= _KEEP:
            self._ends = {key: ends for key, ends in self._ends.items() if ends and ends[-1] > now}


def _scope(cooldown: Cooldown, caller: Caller) -> tuple[str, int]:
    if cooldown.scope == "global":
        return ("global", 0)
    if cooldown.scope == "guild" and caller.guild_id is not None:
        return ("guild", caller.guild_id)
    return ("user", caller.user_id)

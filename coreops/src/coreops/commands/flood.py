"""Holds back whoever sends commands faster than people can: one answer, no work, and every one that is dropped counted.

Cooldowns are for single commands and cost an answer each, which is what a flood is after. Here a caller and a server
have a bucket each; while one of them is empty, commands cost nothing but a look into a dictionary.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from coreops.commands.audit import AuditRecord
from coreops_hookspecs import Surface, Tier
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["FLOOD_TEXT", "SETTINGS", "Flood", "FloodLimits", "Passage"]

FLOOD_TEXT: Final = "⚠️ Too many commands at once. I leave out the rest; try again in a few seconds."

SETTINGS: Final = ("FLOOD_USER", "FLOOD_SERVER")
"""Keys of the settings with the limits, which ``ops`` declares."""

_SECONDS: Final = 10.0
"""A full bucket holds what comes back in this time."""

_REPORT: Final = 5.0
"""Seconds between the first dropped command and the record of how many there were."""

_KEEP: Final = 10_000
"""Buckets held before the full ones are dropped."""


class Passage(Enum):
    """What becomes of a command."""

    FREE = "free"
    TELL = "tell"
    """Dropped, and the caller is told, once."""
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """Commands a second that are let in for long; ten times as many at once.

    Args:
        user: Of one person.
        guild: Of one server.
    """

    user: float = 10.0
    guild: float = 50.0


class _Bucket:
    __slots__ = ("at", "dropped", "left", "told")

    def __init__(self, left: float, at: float) -> None:
        self.left = left
        self.at = at
        self.dropped = 0
        self.told = False


class Flood:
    """Counts commands as they arrive.

    Args:
        clock: Time.
        record: Takes the record of what was dropped.
    """

    def __init__(self, clock: Clock, record: Callable[[AuditRecord], None]) -> None:
        self._clock = clock
        self._record = record
        self.limits = FloodLimits()
        """Kept here because to look settings up costs as much as all else that a command costs here."""
        self._buckets: dict[tuple[bool, int], _Bucket] = {}

    def passage(self, user_id: int, guild_id: int | None, channel_id: int, surface: Surface) -> Passage:
        """Count a command and tell what becomes of it."""
        now = self._clock.monotonic()
        mine = self._bucket((False, user_id), self.limits.user, now)
        ours = None if guild_id is None else self._bucket((True, guild_id), self.limits.guild, now)
        empty = mine if mine.left < 1 else ours if ours is not None and ours.left < 1 else None
        if empty is None:
            mine.left -= 1
            if ours is not None:
                ours.left -= 1
            return Passage.FREE
        empty.dropped += 1
        if empty.dropped == 1:
            asyncio.get_running_loop().call_later(_REPORT, self._report, empty, user_id, guild_id, channel_id, surface)
        told, empty.told = empty.told, True
        return Passage.DROP if told else Passage.TELL

    def _bucket(self, key: tuple[bool, int], refill: float, now: float) -> _Bucket:
        most = refill * _SECONDS
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _KEEP:
                self._buckets = {one: held for one, held in self._buckets.items() if held.dropped or held.left < 1}
            bucket = self._buckets[key] = _Bucket(most, now)
            return bucket
        bucket.left = min(most, bucket.left + (now - bucket.at) * refill)
        bucket.at = now
        if bucket.left == most:
            bucket.told = False
        return bucket

    def _report(self, bucket: _Bucket, user_id: int, guild_id: int | None, channel_id: int, surface: Surface) -> None:
        dropped, bucket.dropped = bucket.dropped, 0
        self._record(
            AuditRecord(
                at=self._clock.now(),
                trace=trace.new(),
                actor=f"user:{user_id}",
                command="*",
                plugin="",
                surface=surface,
                tier=Tier.USER,
                options=(),
                needs=Tier.USER,
                guild_id=guild_id,
                channel_id=channel_id,
                outcome="flood",
                duration=_REPORT,
                error=f"{dropped} commands were dropped, more than {self.limits.user:g} a second of one user "
                f"or {self.limits.guild:g} of one server",
            )
        )

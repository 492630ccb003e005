"""The table of telemetry history: one row for each series and slot of time, written and read in batches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from coreops_shared.state.database import Row

__all__ = ["StoredSlot", "TelemetryRows"]

_ROW_BYTES: Final = 200
"""What one row takes on disk at most, its part of the index included; measured with long names."""

Run = Callable[[str, Iterable[Any]], Awaitable[list[Row]]]


class StoredSlot(msgspec.Struct, frozen=True, array_like=True):
    """What was measured of one series in one slot.

    Args:
        slot: Begin of the slot, in seconds of Unix time.
        kind: ``command``, ``job``, ``bucket`` …
        name: Which of them.
        count: How many samples.
        failures: How many of them failed.
        spread: Count of samples by number of their class of duration.
    """

    slot: int
    kind: str
    name: str
    count: int
    failures: int
    spread: dict[int, int]


class TelemetryRows:
    """Keeps slots. What cannot be written is lost and shows in the store's health.

    Args:
        run: Runs one statement; gives no rows when it fails.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    async def save(self, slots: Sequence[StoredSlot]) -> None:
        """Write slots in one statement, each in place of what was written of it before."""
        await self._run(
            "INSERT OR REPLACE INTO telemetry (slot, kind, name, count, failures, spread) "
            "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), "
            "json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]') FROM json_each(?)",
            (msgspec.json.encode(slots).decode(),),
        )

    async def load(self, since: int) -> list[StoredSlot]:
        """Return the slots that begin at ``since`` or later, oldest first."""
        rows = await self._run(
            "SELECT slot, kind, name, count, failures, spread FROM telemetry WHERE slot >= ? ORDER BY slot", (since,)
        )
        return [
            StoredSlot(slot, kind, name, count, failures, msgspec.json.decode(spread, type=dict[int, int]))
            for slot, kind, name, count, failures, spread in rows
        ]

    async def totals(self, since: int) -> list[tuple[str, int, int]]:
        """Return kind, number of samples and number of failures since then."""
        rows = await self._run(
            "SELECT kind, SUM(count), SUM(failures) FROM telemetry WHERE slot >= ? GROUP BY kind ORDER BY kind",
            (since,),
        )
        return [(str(kind), int(count), int(failures)) for kind, count, failures in rows]

    async def prune(self, before: int, size: int) -> None:
        """Forget slots that begin before ``before``, and the oldest beyond ``size`` bytes."""
        await self._run("DELETE FROM telemetry WHERE slot < ?", (before,))
        await self._run(
            "DELETE FROM telemetry WHERE slot <= (SELECT slot FROM telemetry ORDER BY slot DESC LIMIT 1 OFFSET ?)",
            (max(size // _ROW_BYTES, 1),),
        )

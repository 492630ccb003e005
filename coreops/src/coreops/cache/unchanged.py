"""Spares reads of spreadsheets that nobody changed: the store is asked when it last changed, where that costs less.

It costs less where the read is heavier than one question: several tabs, or one of some size. Drive answers for Google,
from a budget of its own. What formulas fetch (``NOW()``, ``IMPORTRANGE``) changes cells and no modified time, so
after :data:`MOST_SPARED` refreshes in a row that were spared the next one reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Final, Protocol

from coreops.cache.bucket import Bucket
from coreops_hookspecs.errors import SheetsError
from coreops_hookspecs.sheets import JsonTable, Table
from coreops_shared.clock import Clock

__all__ = ["HEAVY", "MOST_SPARED", "Unchanged", "weight"]

HEAVY: Final = 65_536
"""Bytes of a tab from which on reading it is heavier than asking when it changed."""
MOST_SPARED: Final = 3
"""Refreshes in a row that may be spared: rows are read again at least every fourth time they are due."""
_SILENCE: Final = 3600.0
"""Seconds in which a store that gave no answer is not asked again."""
_CELL: Final = 8


class Dated(Protocol):
    """The part of the Sheets façade that tells when a spreadsheet changed."""

    async def modified_at(self, spreadsheet: str) -> datetime | None: ...


class Unchanged:
    """Asks when spreadsheets changed.

    Args:
        sheets: Who is asked.
        clock: Source of time.
    """

    def __init__(self, sheets: Dated, clock: Clock) -> None:
        self._sheets = sheets
        self._clock = clock
        self._silent_until: dict[str, float] = {}

    async def modified_at(self, spreadsheet: str, buckets: Collection[Bucket]) -> datetime | None:
        """Return when the spreadsheet changed, or ``None`` where asking does not pay or brings no answer."""
        if not _pays(buckets) or self._clock.monotonic() < self._silent_until.get(spreadsheet, 0.0):
            return None
        (found,) = await asyncio.gather(self._sheets.modified_at(spreadsheet), return_exceptions=True)
        if isinstance(found, datetime):
            return found
        if isinstance(found, BaseException) and not isinstance(found, SheetsError):
            raise found
        self._silent_until[spreadsheet] = self._clock.monotonic() + _SILENCE
        return None


def weight(table: Table | JsonTable) -> int:
    """Return about how many bytes a table has."""
    if isinstance(table, JsonTable):
        return len(table.values)
    return len(table.rows) * len(table.headers) * _CELL


def _pays(buckets: Collection[Bucket]) -> bool:
    """Tell whether all buckets may be spared a read, and the read is heavier than a question."""
    heavy = len({bucket.spec.tab for bucket in buckets}) > 1 or any(bucket.weight >= HEAVY for bucket in buckets)
    return heavy and all(bucket.was_read and bucket.spared < MOST_SPARED for bucket in buckets)

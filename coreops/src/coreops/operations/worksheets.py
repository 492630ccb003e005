"""The two worksheets that configure a bot, with a copy of each on disk for a start while they cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coreops_hookspecs.errors import SheetsError
from coreops_hookspecs.sheets import Table
from coreops_shared.clock import Clock
from coreops_shared.config.worksheets import CONFIG_TAB, TOGGLES_TAB, Worksheets
from coreops_shared.sheets.pieces import text_of
from coreops_shared.state.records import Provenance, StoredSnapshot, pack

__all__ = ["Copies", "Copy", "Fingerprints", "KeptWorksheets"]

Fingerprints = Callable[[str, Sequence[str]], Awaitable[Sequence[str] | None]]
"""Returns what is different once somebody edited a tab, given spreadsheet and titles; ``None`` if that is unknown."""


class Copies(Protocol):
    """The part of the state store that keeps last good tables."""

    async def save_snapshot(self, bucket: str, payload: bytes, provenance: Provenance) -> None: ...
    async def load_snapshot(self, bucket: str) -> StoredSnapshot | None: ...


@dataclass(frozen=True, slots=True)
class Copy:
    """A worksheet as it was when it was last read (UTC)."""

    table: Table
    read_at: datetime


class KeptWorksheets:
    """Reads the worksheets and keeps what was read.

    Args:
        worksheets: Reads them.
        spreadsheet: Id of theirs; a copy of another one's is not used.
        copies: Keeps them.
        clock: Dates them.
        fingerprints: Tells edits, where they are to be noticed.
    """

    def __init__(
        self,
        worksheets: Worksheets,
        spreadsheet: str,
        copies: Copies,
        clock: Clock,
        fingerprints: Fingerprints | None = None,
    ) -> None:
        self._worksheets = worksheets
        self._spreadsheet = spreadsheet
        self._copies = copies
        self._clock = clock
        self._fingerprints = fingerprints
        self._looked: dict[str, str] = {}
        """How each looked just before it was last read."""

    @property
    def watchable(self) -> bool:
        """Whether edits can be noticed."""
        return self._fingerprints is not None and bool(self._spreadsheet)

    async def looks(self) -> Mapping[str, tuple[str, str]]:
        """Return of each that was read how it looked just before, and how it looks now; nothing if that is unknown."""
        now = await self._look(*self._looked)
        return {title: (self._looked[title], look) for title, look in now.items()}

    async def config(self) -> Table | None:
        """Return the ``Config`` tab, or ``None`` if there is none. Raises SheetsError."""
        self._looked |= await self._look(CONFIG_TAB)
        table = await self._worksheets.config()
        await self._keep(table or Table(self._spreadsheet, CONFIG_TAB, ()))
        return table

    async def toggles(self) -> Table:
        """Return the ``FeatureToggles`` tab. Raises SheetsError."""
        self._looked |= await self._look(TOGGLES_TAB)
        table = await self._worksheets.toggles()
        await self._keep(table)
        return table

    async def last_config(self) -> Table | None:
        """Return the copy of the ``Config`` tab, or ``None`` if there was none."""
        copy = await self._last(CONFIG_TAB)
        return None if copy is None else copy.table

    async def last_toggles(self) -> Copy | None:
        """Return the copy of the ``FeatureToggles`` tab, if there is one."""
        return await self._last(TOGGLES_TAB)

    async def _look(self, *titles: str) -> Mapping[str, str]:
        found = await self._fingerprints(self._spreadsheet, titles) if self._fingerprints and titles else None
        return dict(zip(titles, found or (), strict=False))

    async def _keep(self, table: Table) -> None:
        packed = await asyncio.to_thread(pack, table, self._clock.now())
        await self._copies.save_snapshot(_name(table.tab), packed.payload, packed.provenance)

    async def _last(self, title: str) -> Copy | None:
        stored = await self._copies.load_snapshot(_name(title))
        if stored is None or stored.provenance.spreadsheet != self._spreadsheet:
            return None
        try:
            table = text_of(stored.table())
        except SheetsError:
            return None
        return Copy(table, stored.provenance.loaded_at) if table.rows else None


def _name(title: str) -> str:
    """Return a name that no bucket has."""
    return f"worksheet:{title}"

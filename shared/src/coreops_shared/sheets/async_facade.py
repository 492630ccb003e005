"""The only way to spreadsheets: asynchronous, serialised per spreadsheet, retried where that helps, bounded in time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from coreops_hookspecs import JsonTable, SheetsBackend, SheetsQuota, TabInfo, Table, Upserted, WatchableBackend
from coreops_shared.clock import Clock, SystemClock
from coreops_shared.sheets.calls import Call, Calls, OnCall, SheetsCall
from coreops_shared.sheets.pieces import text_of
from coreops_shared.sheets.quota import Cost, Governor, Priority
from coreops_shared.sheets.upsert import changes

__all__ = ["Edit", "SheetsCall", "SheetsFacade"]

_LOOK: Final = 5.0
"""Seconds that a store gets to say whether tabs were edited."""

# the most that Google's backend takes: what goes wrong is looked at with a second request, and a tab may have to grow
_READ: Final = Cost(reads=2)
_LISTED: Final = Cost(reads=1)
_FREE: Final = Cost()
_APPENDED: Final = Cost(reads=2, writes=1)
_WRITTEN: Final = Cost(reads=2, writes=3)
_UPSERTED: Final = Cost(reads=5, writes=4)


class Edit(Protocol):
    """What has to be written to a tab: single cells or blocks of rows that exist, and rows to append."""

    @property
    def blocks(self) -> Sequence[tuple[str, Sequence[Sequence[str]]]]: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...


E = TypeVar("E", bound=Edit)


class SheetsFacade:
    """Implements :class:`coreops_hookspecs.Sheets` over a blocking backend.

    A call whose caller gives up (timeout, cancellation) keeps its spreadsheet until the backend's thread has ended, so
    that calls for one spreadsheet never overlap. While a spreadsheet's store is down calls fail at once, and from time
    to time one of them probes.

    Args:
        backend: Where the spreadsheets are.
        clock: Measures and pauses.
        jitter: Returns numbers from 0 to 1 that spread retries.
        attempts: How often the store is asked at most.
        deadline: Seconds that one call may take in all.
        governor: Keeps to the store's budget of requests; ``None`` for a store without one.
        on_call: Told about every call that ends.
    """

    def __init__(
        self,
        backend: SheetsBackend,
        *,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
        attempts: int = 4,
        deadline: float = 60.0,
        governor: Governor | None = None,
        on_call: OnCall | None = None,
    ) -> None:
        self.backend = backend
        self._governor = governor
        self._calls = Calls(
            clock=clock or SystemClock(),
            jitter=jitter,
            attempts=attempts,
            deadline=deadline,
            governor=governor,
            on_call=on_call,
        )

    @property
    def quota(self) -> SheetsQuota | None:
        """How much of the store's budget is used; ``None`` for a store without one."""
        return None if self._governor is None else self._governor.usage()

    async def read(self, spreadsheet: str, tab: str) -> Table:
        """Read a whole tab. Raises SheetsError."""
        return (await self.read_many(spreadsheet, [tab]))[0]

    async def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]:
        """Read whole tabs of one spreadsheet as text, in the order asked, in one call where the store can.

        Raises:
            SheetsError: of the kind that fits.
        """
        found = await self.fetch_many(spreadsheet, tabs)
        return await asyncio.to_thread(lambda: tuple(map(text_of, found)))

    async def fetch_many(
        self,
        spreadsheet: str,
        tabs: Sequence[str],
        *,
        priority: Priority | None = None,
        on_call: OnCall | None = None,
    ) -> Sequence[Table | JsonTable]:
        """Read like :meth:`read_many`, and hand over what has arrived; :func:`rows.aparse` makes records of it.

        Args:
            spreadsheet: Its id.
            tabs: Titles; none is no call at all.
            priority: Who goes first; by default those who answer a person.
            on_call: Told about this call too, before it returns or raises.

        Raises:
            SheetsError: of the kind that fits.
        """
        if not tabs:
            return ()
        read = partial(self.backend.read_many, spreadsheet, tuple(tabs))
        return await self._calls.make(Call("read", spreadsheet, tabs, read, _READ, priority=priority, on_call=on_call))

    async def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Return the first row of each tab, in the order asked, in one call where the store can. Raises SheetsError."""
        if not tabs:
            return ()
        read = partial(self.backend.headers, spreadsheet, tuple(tabs))
        return await self._calls.make(Call("headers", spreadsheet, tabs, read, _READ))

    async def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs. Raises SheetsError."""
        listed = partial(self.backend.tabs, spreadsheet)
        return await self._calls.make(Call("tabs", spreadsheet, (), listed, _LISTED))

    async def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when the spreadsheet last changed (UTC), or ``None`` if the store cannot tell. Asked once.

        Drive answers for Google: its outage is not one of the spreadsheet. Raises SheetsError.
        """
        asked = partial(self.backend.modified_at, spreadsheet)
        return await self._calls.make(Call("modified_at", spreadsheet, (), asked, _FREE, aside=True))

    async def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str] | None:
        """Return what is different once somebody edited a tab, in the order asked; ``None`` if the store cannot tell.

        The store is not read: nothing is counted, waited for or retried.
        """
        backend = self.backend
        if not isinstance(backend, WatchableBackend):
            return None

        async def look() -> Sequence[str]:
            async with asyncio.timeout(_LOOK):
                return await asyncio.to_thread(backend.fingerprints, spreadsheet, tuple(tabs))

        (found,) = await asyncio.gather(look(), return_exceptions=True)
        return found if not isinstance(found, BaseException) and len(found) == len(tabs) else None

    async def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows as raw text. Repeated only when the store surely did nothing. Raises SheetsError."""
        write = partial(self.backend.append, spreadsheet, tab, rows)
        await self._calls.make(Call("append", spreadsheet, (tab,), write, _APPENDED, repeatable=False))

    async def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows as raw text with the top left at ``cell`` (A1 notation). Raises SheetsError."""
        write = partial(self.backend.update, spreadsheet, tab, cell, rows)
        await self._calls.make(Call("update", spreadsheet, (tab,), write, _WRITTEN))

    async def upsert(self, spreadsheet: str, tab: str, key: str, rows: Sequence[Mapping[str, str]]) -> Upserted:
        """Put rows, as raw texts by header, in place of those with the same key; append the others.

        A call that is repeated, because it may have been done, finds its rows and appends them no second time.

        Args:
            spreadsheet: Its id.
            tab: Title of the tab.
            key: Header of the column whose text, whatever its case, identifies a row.
            rows: Texts by header; cells under headers that a row does not name stay as they are.

        Raises:
            SheetsSchemaError: a header is missing or repeated, or a key is blank or repeated.
            SheetsError: of the kind that fits.
        """
        return (await self.edit(spreadsheet, tab, lambda table: changes(table, key, rows))).result

    async def edit(
        self, spreadsheet: str, tab: str, change: Callable[[Table], E], *, priority: Priority | None = None
    ) -> E:
        """Read a tab, see what has to be written, and write that; no other call comes between.

        Args:
            spreadsheet: Its id.
            tab: Title of the tab.
            change: Returns what has to be written to the tab as it is; called in a thread, and again for each attempt.
            priority: Who goes first; by default those who answer a person.

        Raises:
            SheetsError: of the kind that fits, or what ``change`` raises.
        """
        write = partial(_edit, self.backend, spreadsheet, tab, change)
        return await self._calls.make(Call("upsert", spreadsheet, (tab,), write, _UPSERTED, priority=priority))

    async def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty the cells of an area (A1 notation); of the whole tab without one. Raises SheetsError."""
        write = partial(self.backend.clear, spreadsheet, tab, area)
        await self._calls.make(Call("clear", spreadsheet, (tab,), write, _WRITTEN))

    async def close(self) -> None:
        """Wait for threads that still run, then release the backend's connections."""
        await self._calls.drain()
        await asyncio.to_thread(self.backend.close)


def _edit(backend: SheetsBackend, spreadsheet: str, tab: str, change: Callable[[Table], E]) -> E:
    wanted = change(text_of(backend.read_many(spreadsheet, (tab,))[0]))
    if wanted.blocks:
        backend.update_many(spreadsheet, tab, wanted.blocks)
    if wanted.rows:
        backend.append(spreadsheet, tab, wanted.rows)
    return wanted

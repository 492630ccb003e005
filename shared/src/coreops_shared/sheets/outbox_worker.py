"""Applies the writes of one tab, in order, until there are none or it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from coreops_hookspecs import Table
from coreops_hookspecs.errors import (
    CoreOpsError,
    SheetsAuthError,
    SheetsError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_hookspecs.outbox import Write, WriteState
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.sheets.outbox_index import Index, Place
from coreops_shared.sheets.outbox_plan import Plan, plan
from coreops_shared.sheets.quota import Priority

__all__ = ["OutboxStore", "TabWriter", "Tools"]

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0
"""Seconds; the pause after a failure doubles in between."""

_PASSING: Final = (SheetsQuotaError, SheetsUnavailableError, SheetsAuthError)
"""What is not the write's fault and is tried again for ever; anything else makes a dead letter."""


class OutboxStore(Protocol):
    """Where writes are kept. Everything is on disk when it returns; raises CoreOpsError if it is not."""

    @property
    def trouble(self) -> str: ...
    async def insert(self, write: Write) -> int | None: ...
    async def find(self, plugin: str, name: str) -> Write | None: ...
    async def waiting(self) -> Sequence[Write]: ...
    async def mark(self, writes: Sequence[Write]) -> None: ...
    async def revive(self, write: Write) -> None: ...
    async def remove(self, write: Write) -> None: ...


class Editor(Protocol):
    """The part of the façade that writes are applied through."""

    async def edit(
        self, spreadsheet: str, tab: str, change: Callable[[Table], Plan], *, priority: Priority | None = None
    ) -> Plan: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What the writers of all tabs share.

    Args:
        sheets: Applies.
        store: Keeps what came of it.
        index: The same in memory.
        clock: Dates and pauses.
        jitter: Returns numbers from 0 to 1 that spread the pauses.
        ended: Told of every write that was applied or found dead.
    """

    sheets: Editor
    store: OutboxStore
    index: Index
    clock: Clock
    jitter: Callable[[], float]
    ended: Callable[[Write], None]


class TabWriter:
    """Empties the queue of one tab.

    Args:
        place: The spreadsheet and the tab.
        tools: See there.
        stopping: Set when the runtime stops: after that nothing is waited for.
    """

    def __init__(self, place: Place, tools: Tools, stopping: asyncio.Event) -> None:
        self._place = place
        self._tools = tools
        self._stopping = stopping
        self._failures = 0

    async def run(self, settle: float) -> None:
        """Wait for a while, then apply until the queue is empty.

        Args:
            settle: Seconds in which requests of a process before this one may still arrive at the store.
        """
        await self._pause(settle)
        while writes := self._tools.index.batch(self._place):
            with trace.span(writes[0].trace), trace.acting(writes[0].actor):
                await self._apply(writes)
            if self._failures and self._stopping.is_set():
                return

    async def _apply(self, writes: Sequence[Write]) -> None:
        tried = [replace(write, attempts=write.attempts + 1) for write in writes]
        try:
            done = await self._tools.sheets.edit(
                *self._place, lambda table: plan(writes, table), priority=Priority.REFRESH
            )
            await self._end(tried, done.refused)
        except _PASSING as error:
            await self._again(tried, error, error.retry_after)
        except SheetsError as error:
            await self._refuse(tried, error)
        except CoreOpsError as error:  # applied, and not on record as such: it is found done when it is tried again
            await self._again(tried, error, None)

    async def _refuse(self, tried: Sequence[Write], error: SheetsError) -> None:
        try:
            await self._end(tried, {write.number: str(error) for write in tried})
        except CoreOpsError as failure:
            await self._again(tried, failure, None)

    async def _end(self, tried: Sequence[Write], refused: dict[int, str]) -> None:
        at = self._tools.clock.now()
        most = max(write.attempts for write in tried)
        applied = [
            replace(write, state=WriteState.APPLIED, attempts=most, error="", ended_at=at)
            for write in tried
            if write.number not in refused
        ]
        await self._keep(applied)
        for write in tried:
            if write.number in refused:
                await self._keep([replace(write, state=WriteState.DEAD, error=refused[write.number], ended_at=at)])
        self._failures = 0

    async def _keep(self, ended: Sequence[Write]) -> None:
        await self._tools.store.mark(ended)
        for write in ended:
            self._tools.index.put(write)
            self._tools.ended(write)

    async def _again(self, tried: Sequence[Write], error: CoreOpsError, retry_after: float | None) -> None:
        for write in tried:
            current = self._tools.index.find(write.number)
            if current is not None and current.state is WriteState.PENDING:  # not dropped, nor ended, meanwhile
                self._tools.index.put(replace(write, error=str(error)))
        self._failures += 1
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._failures - 1))
        await self._pause(max(retry_after or 0.0, longest * (1 + self._tools.jitter()) / 2))

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when the runtime stops."""
        if seconds <= 0 or self._stopping.is_set():
            return
        sleeping = asyncio.ensure_future(self._tools.clock.sleep(seconds))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, stopping):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(sleeping, stopping, return_exceptions=True)

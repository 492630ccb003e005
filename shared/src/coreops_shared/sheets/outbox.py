"""The durable outbox: writes are accepted on disk, then applied in order, once and not twice, whatever happens between.

There is nothing to flush before an exit: what was accepted is on disk already, and what was not has not been promised.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from coreops_hookspecs import CheckResult, HealthStatus
from coreops_hookspecs.context import Logger
from coreops_hookspecs.errors import CoreOpsError, OutboxError
from coreops_hookspecs.outbox import Write, WriteState
from coreops_shared.clock import Clock
from coreops_shared.sheets.outbox_index import Index, Place, place_of
from coreops_shared.sheets.outbox_plan import merged
from coreops_shared.sheets.outbox_worker import Editor, OutboxStore, TabWriter, Tools

__all__ = ["OutboxService"]

LIMIT: Final = 1000
"""Writes, pending and dead together, beyond which no more are accepted."""
SETTLE: Final = 2.0
"""Seconds after a start in which requests of a process that was killed may still arrive at the store."""
TOO_OLD: Final = timedelta(minutes=5)
"""A write that waits longer than this is worth telling."""


class OutboxService:
    """The writes of all plugins.

    Args:
        sheets: Applies them.
        store: Keeps them.
        clock: Dates and pauses.
        log: Told of a writer that failed, which is a defect.
        ended: Told of every write that was applied or found dead.
        jitter: Returns numbers from 0 to 1 that spread the pauses.
        limit: How many may wait.
        settle: Seconds to wait before what an earlier process left is applied.
    """

    def __init__(
        self,
        *,
        sheets: Editor,
        store: OutboxStore,
        clock: Clock,
        log: Logger,
        ended: Callable[[Write], None] = lambda _: None,
        jitter: Callable[[], float] = random.random,
        limit: int = LIMIT,
        settle: float = SETTLE,
    ) -> None:
        self.index = Index()
        self._store = store
        self._clock = clock
        self._log = log
        self._limit = limit
        self._settle = settle
        self._tools = Tools(sheets, store, self.index, clock, jitter, ended)
        self._accepting = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._writers: dict[Place, asyncio.Task[None]] = {}
        self._failure = ""

    async def start(self) -> None:
        """Take up what an earlier process left. Raises CoreOpsError."""
        for write in await self._store.waiting():
            self.index.put(write)
        for place in self.index.places():
            self._work(place, self._settle)

    async def stop(self, grace: float) -> None:
        """Apply what can be applied within ``grace`` seconds; the rest is on disk for the next start."""
        self._stopping.set()
        if self._writers:
            await asyncio.wait(self._writers.values(), timeout=grace)
        for task in self._writers.values():
            task.cancel()
        await asyncio.gather(*self._writers.values(), return_exceptions=True)

    async def accept(self, write: Write, admit: Callable[[], None] | None = None) -> Write:
        """Keep a write and return it with its number, or the one that has its name already.

        Whoever is cancelled meanwhile cannot know whether it was accepted, and may give the same name again.

        Args:
            write: What to keep.
            admit: Asked in the write's turn: between its answer and the acceptance nothing else is accepted.

        Raises:
            OutboxError: it was not accepted.
        """
        return await asyncio.shield(self._accept(write, admit))

    async def settled(self, write: Write, *, within: float) -> Write:
        """Wait until a write is applied or dead, at most ``within`` seconds; return it as it stands then."""
        if write.state is not WriteState.PENDING:
            return write
        with self.index.awaited(write) as ending:
            known = self.index.find(write.number)
            if known is None:
                return await self._store.find(write.plugin, write.name) or write
            if known.state is not WriteState.PENDING:
                return known
            try:
                async with asyncio.timeout(within):
                    return await ending
            except TimeoutError:
                return self.index.find(write.number) or write

    def waiting(self) -> Sequence[Write]:
        """Return what is dead, then what is pending, each in order of acceptance."""
        return [*self.index.dead(), *self.index.pending()]

    def unseen(self, spreadsheet: str, tab: str, since: datetime | None) -> Sequence[Write]:
        """Return what a snapshot of a tab, read at ``since``, does not show; without it only what is pending."""
        return self.index.unseen((spreadsheet, tab), since)

    def latest(
        self, spreadsheet: str, tab: str, row: str, *, key: str, since: datetime | None = None
    ) -> Mapping[str, str]:
        """Return what those writes leave in one row, by header."""
        return merged(self.unseen(spreadsheet, tab, since), row, key)

    async def replay(self, number: int, *, overwrite: bool = False) -> Write:
        """Make a dead letter pending again.

        Args:
            number: Which.
            overwrite: Whether it may replace what somebody else put into its row.

        Raises:
            OutboxError: there is no such dead letter.
            CoreOpsError: the disk cannot be used.
        """
        dead = self._dead(number)
        alive = replace(dead, state=WriteState.PENDING, error="", ended_at=None)
        if overwrite:
            alive = replace(alive, expected=None)
        await self._store.revive(alive)
        self.index.put(alive)
        self._work(place_of(alive))
        return alive

    async def drop(self, number: int) -> Write:
        """Forget a dead letter for good. Raises OutboxError, CoreOpsError."""
        dead = self._dead(number)
        await self._store.remove(dead)
        self.index.drop(dead)
        return dead

    def health(self) -> CheckResult:
        """Return whether writes are applied, and if not, why and what to do."""
        now, pending, dead = self._clock.now(), self.index.pending(), self.index.dead()
        told = [self._failure] if self._failure else []
        if dead:
            count = "1 write is" if len(dead) == 1 else f"{len(dead)} writes are"
            told.append(f"{count} dead, the latest because {dead[-1].error}: see ops outbox list, then replay or drop")
        if pending and now - pending[0].accepted_at > TOO_OLD:
            minutes = int((now - pending[0].accepted_at).total_seconds() // 60)
            count = "1 write waits" if len(pending) == 1 else f"{len(pending)} writes wait"
            told.append(f"{count} for up to {minutes} min: {pending[0].error or 'their turn has not come'}")
        if len(self.index) >= self._limit:
            told.append(f"no more writes are accepted: {self._full()}")
        return CheckResult(HealthStatus.DEGRADED if told else HealthStatus.OK, "; ".join(told))

    def _dead(self, number: int) -> Write:
        write = self.index.find(number)
        if write is None or write.state is not WriteState.DEAD:
            how = "waits for its turn" if write else "is neither dead nor pending"
            raise OutboxError(f"write {number} {how}; ops outbox list shows the dead letters")
        return write

    async def _accept(self, write: Write, admit: Callable[[], None] | None) -> Write:
        async with self._accepting:
            if self._store.trouble:
                raise OutboxError(
                    f"a write was not accepted: {self._store.trouble}",
                    user_message="The bot cannot keep changes safely right now, so nothing was changed; tell an admin.",
                )
            with _refusing():
                known = None if admit is None else await self._store.find(write.plugin, write.name)
            if known is not None:
                return known
            if admit is not None:
                admit()
            with _refusing():
                number = await self._kept(write)
            if number is None:
                return await self._store.find(write.plugin, write.name) or write
            accepted = replace(write, number=number)
            self.index.put(accepted)
            self._work(place_of(accepted))
            return accepted

    async def _kept(self, write: Write) -> int | None:
        if len(self.index) < self._limit:
            return await self._store.insert(write)
        if await self._store.find(write.plugin, write.name) is not None:
            return None
        raise OutboxError(
            f"a write was not accepted: {self._full()}",
            user_message="Too many changes wait for the spreadsheet, so this one was not taken; try again later.",
        )

    def _full(self) -> str:
        dead = len(self.index.dead())
        waiting = len(self.index) - dead
        return (
            f"{waiting} wait for their spreadsheets and {dead} are dead, of {self._limit} at most; see ops outbox list"
        )

    def _work(self, place: Place, settle: float = 0.0) -> None:
        if place in self._writers or self._stopping.is_set():
            return
        writer = TabWriter(place, self._tools, self._stopping)
        task = asyncio.create_task(writer.run(settle), name=f"outbox {place[1]}")
        self._writers[place] = task
        task.add_done_callback(partial(self._ended, place))

    def _ended(self, place: Place, task: asyncio.Task[None]) -> None:
        del self._writers[place]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failure = f"the writer of tab {place[1]} failed ({type(error).__name__}), a defect: restart the bot"
            self._log.exception("the writer of a tab failed", exc_info=error, tab=place[1])
        elif self.index.batch(place):  # accepted between its last look and its end
            self._work(place)


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell an error of the disk as one of accepting."""
    try:
        yield
    except OutboxError:
        raise
    except CoreOpsError as error:
        raise OutboxError(f"a write was not accepted: {error}", user_message=error.user_message) from error

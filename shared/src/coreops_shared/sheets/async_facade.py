"""The only way to spreadsheets: asynchronous, serialised per spreadsheet, retried where that helps, bounded in time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from coreops_hookspecs import JsonTable, SheetsBackend, TabInfo, Table
from coreops_hookspecs.errors import SheetsError, SheetsQuotaError, SheetsUnavailableError
from coreops_shared.clock import Clock, SystemClock
from coreops_shared.sheets.pieces import text_of

__all__ = ["SheetsCall", "SheetsFacade"]

T = TypeVar("T")

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
"""Seconds; the pause before a retry doubles in between."""


@dataclass(frozen=True, slots=True)
class SheetsCall:
    """What one call cost.

    Args:
        operation: ``read``, ``tabs``, ``modified_at``, ``append`` or ``update``.
        spreadsheet: Id of the spreadsheet.
        tabs: Titles of the tabs concerned.
        duration: Seconds, waiting for earlier calls and pauses included.
        attempts: How often the store was asked; 0 if the call never got its turn.
        error: Empty, or why it failed.
    """

    operation: str
    spreadsheet: str
    tabs: tuple[str, ...]
    duration: float
    attempts: int
    error: str = ""


OnCall = Callable[[SheetsCall], None]


class SheetsFacade:
    """Implements :class:`coreops_hookspecs.Sheets` over a blocking backend.

    A call whose caller gives up (timeout, cancellation) keeps its spreadsheet until the backend's thread has ended, so
    that calls for one spreadsheet never overlap.

    Args:
        backend: Where the spreadsheets are.
        clock: Measures and pauses.
        jitter: Returns numbers from 0 to 1 that spread retries.
        attempts: How often the store is asked at most.
        deadline: Seconds that one call may take in all.
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
        on_call: OnCall | None = None,
    ) -> None:
        self.backend = backend
        self._clock = clock or SystemClock()
        self._jitter = jitter
        self._attempts = attempts
        self._deadline = deadline
        self._on_call = on_call
        self._locks: dict[str, asyncio.Lock] = {}
        self._threads: set[asyncio.Future[Any]] = set()

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
        self, spreadsheet: str, tabs: Sequence[str], *, on_call: OnCall | None = None
    ) -> Sequence[Table | JsonTable]:
        """Read like :meth:`read_many`, and hand over what has arrived; :func:`rows.aparse` makes records of it.

        Args:
            spreadsheet: Its id.
            tabs: Titles; none is no call at all.
            on_call: Told about this call too, before it returns or raises.

        Raises:
            SheetsError: of the kind that fits.
        """
        if not tabs:
            return ()
        read = partial(self.backend.read_many, spreadsheet, tuple(tabs))
        return await self._call("read", spreadsheet, tabs, read, on_call=on_call)

    async def tabs(self, spreadsheet: str) -> Sequence[TabInfo]:
        """List the tabs. Raises SheetsError."""
        return await self._call("tabs", spreadsheet, (), partial(self.backend.tabs, spreadsheet))

    async def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when the spreadsheet last changed (UTC), or ``None`` if the store cannot tell. Raises SheetsError."""
        return await self._call("modified_at", spreadsheet, (), partial(self.backend.modified_at, spreadsheet))

    async def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None:
        """Append rows as raw text. Repeated only when the store surely did nothing. Raises SheetsError."""
        write = partial(self.backend.append, spreadsheet, tab, rows)
        await self._call("append", spreadsheet, (tab,), write, repeatable=False)

    async def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Write rows as raw text with the top left at ``cell`` (A1 notation). Raises SheetsError."""
        await self._call("update", spreadsheet, (tab,), partial(self.backend.update, spreadsheet, tab, cell, rows))

    async def close(self) -> None:
        """Wait for threads that still run, then release the backend's connections."""
        await asyncio.gather(*self._threads, return_exceptions=True)
        await asyncio.to_thread(self.backend.close)

    async def _call(
        self,
        operation: str,
        spreadsheet: str,
        tabs: Sequence[str],
        function: Callable[[], T],
        *,
        repeatable: bool = True,
        on_call: OnCall | None = None,
    ) -> T:
        started = self._clock.monotonic()
        attempts: list[asyncio.Future[T]] = []
        failure = ""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._serialised(spreadsheet, function, attempts, repeatable=repeatable, started=started)
        except TimeoutError as error:
            failure = f"{operation} of {spreadsheet}: no answer within {self._deadline:g} s"
            raise SheetsUnavailableError(failure, user_message="The spreadsheet did not answer in time.") from error
        except BaseException as error:
            failure = str(error) or type(error).__name__
            raise
        finally:
            duration = self._clock.monotonic() - started
            call = SheetsCall(operation, spreadsheet, tuple(tabs), duration, len(attempts), failure)
            for told in (self._on_call, on_call):
                if told is not None:
                    told(call)

    async def _serialised(
        self,
        spreadsheet: str,
        function: Callable[[], T],
        attempts: list[asyncio.Future[T]],
        *,
        repeatable: bool,
        started: float,
    ) -> T:
        async def attempt() -> T:
            attempts.append(self._in_thread(function))
            return await asyncio.shield(attempts[-1])

        def out_of_time(state: RetryCallState) -> bool:
            return self._clock.monotonic() - started + state.upcoming_sleep >= self._deadline

        retrying = AsyncRetrying(
            retry=retry_if_exception(_helps_to_repeat if repeatable else _surely_not_done),
            stop=lambda state: state.attempt_number >= self._attempts or out_of_time(state),
            wait=self._pause,
            sleep=self._clock.sleep,
            reraise=True,
        )
        lock = self._locks.setdefault(spreadsheet, asyncio.Lock())
        await lock.acquire()
        try:
            return await retrying(attempt)
        finally:
            if attempts and not attempts[-1].done():  # a thread cannot be stopped, only waited for
                attempts[-1].add_done_callback(lambda _: lock.release())
            else:
                lock.release()

    def _in_thread(self, function: Callable[[], T]) -> asyncio.Future[T]:
        thread = asyncio.ensure_future(asyncio.to_thread(function))
        self._threads.add(thread)
        thread.add_done_callback(self._forget)
        return thread

    def _forget(self, thread: asyncio.Future[T]) -> None:
        self._threads.discard(thread)
        if not thread.cancelled():
            thread.exception()  # retrieved, should the caller have gone

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, SheetsError) and error.retry_after is not None:
            return error.retry_after
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (state.attempt_number - 1))
        return longest * (1 + self._jitter()) / 2


def _helps_to_repeat(error: BaseException) -> bool:
    return isinstance(error, SheetsError) and error.retryable


def _surely_not_done(error: BaseException) -> bool:
    return isinstance(error, SheetsQuotaError)

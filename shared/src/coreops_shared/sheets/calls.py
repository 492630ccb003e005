"""How a store is called: one call at a time for a spreadsheet, in a thread, in its turn, repeated where that helps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from coreops_hookspecs.errors import SheetsError, SheetsQuotaError, SheetsUnavailableError
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.sheets.circuit import Circuit
from coreops_shared.sheets.quota import Cost, Governor, Priority, Turn, spent

__all__ = ["Call", "Calls", "OnCall", "SheetsCall"]

T = TypeVar("T")

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
"""Seconds; the pause before a retry doubles in between."""


@dataclass(frozen=True, slots=True)
class SheetsCall:
    """What one call cost.

    Args:
        operation: ``read``, ``headers``, ``tabs``, ``modified_at``, ``append``, ``update``, ``upsert`` or ``clear``.
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


@dataclass(slots=True)
class Call(Generic[T]):
    """A call to make.

    Args:
        operation: See :class:`SheetsCall`.
        spreadsheet: Id of the spreadsheet.
        tabs: Titles of the tabs concerned.
        function: Asks the store; blocks.
        cost: How many requests it takes at most.
        repeatable: Whether it may be repeated although it may have been done.
        aside: Whether another service answers: asked once, and what becomes of it says nothing of the store.
        priority: Who goes first; by default whoever a person waits for.
        on_call: Told when it has ended.
        attempts: What has been tried so far.
    """

    operation: str
    spreadsheet: str
    tabs: Sequence[str]
    function: Callable[[], T]
    cost: Cost
    repeatable: bool = True
    aside: bool = False
    priority: Priority | None = None
    on_call: OnCall | None = None
    attempts: list[asyncio.Future[T]] = field(default_factory=list)

    @property
    def precedence(self) -> Priority:
        """Its priority."""
        if self.priority is not None:
            return self.priority
        actor = trace.actor()
        return Priority.INTERACTIVE if not actor or actor.startswith("user:") else Priority.REFRESH


class Calls:
    """Makes calls. A call whose caller gives up keeps its spreadsheet until its thread has ended.

    Args:
        clock: Measures and pauses.
        jitter: Returns numbers from 0 to 1 that spread retries.
        attempts: How often the store is asked at most.
        deadline: Seconds that one call may take in all.
        governor: Gives calls their turn; ``None`` lets each go at once.
        on_call: Told about every call that ends.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        jitter: Callable[[], float],
        attempts: int,
        deadline: float,
        governor: Governor | None,
        on_call: OnCall | None,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._attempts = attempts
        self._deadline = deadline
        self._governor = governor
        self._on_call = on_call
        self._locks: dict[str, asyncio.Lock] = {}
        self._circuits: dict[str, Circuit] = {}
        self._threads: set[asyncio.Future[Any]] = set()

    async def make(self, call: Call[T]) -> T:
        """Make a call. Raises SheetsError."""
        started = self._clock.monotonic()
        failure = ""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._serialised(call, started)
        except TimeoutError as error:
            raised = self._too_late(call)
            failure = str(raised)
            raise raised from error
        except BaseException as error:
            failure = str(error) or type(error).__name__
            raise
        finally:
            duration = self._clock.monotonic() - started
            done = SheetsCall(call.operation, call.spreadsheet, tuple(call.tabs), duration, len(call.attempts), failure)
            for told in (self._on_call, call.on_call):
                if told is not None:
                    told(done)

    async def drain(self) -> None:
        """Wait for threads that still run."""
        await asyncio.gather(*self._threads, return_exceptions=True)

    async def _serialised(self, call: Call[T], started: float) -> T:
        def over(state: RetryCallState) -> bool:
            late = self._clock.monotonic() - started + state.upcoming_sleep >= self._deadline
            return late or call.aside or state.attempt_number >= self._attempts or self._circuit(call).probing

        retrying = AsyncRetrying(
            retry=retry_if_exception(_helps_to_repeat if call.repeatable else _surely_not_done),
            stop=over,
            wait=self._pause,
            sleep=self._clock.sleep,
            reraise=True,
        )
        self._circuit(call).check(call.spreadsheet, self._clock.monotonic())
        lock = self._locks.setdefault(call.spreadsheet, asyncio.Lock())
        await lock.acquire()
        try:
            return await retrying(partial(self._attempt, call))
        finally:
            if call.attempts and not call.attempts[-1].done():  # a thread cannot be stopped, only waited for
                call.attempts[-1].add_done_callback(lambda _: lock.release())
            else:
                lock.release()

    async def _attempt(self, call: Call[T]) -> T:
        self._circuit(call).check(call.spreadsheet, self._clock.monotonic())
        turn = None if self._governor is None else await self._governor.turn(call.cost, call.precedence)
        thread = asyncio.ensure_future(asyncio.to_thread(_counted, call.function, turn))
        call.attempts.append(thread)
        self._threads.add(thread)
        thread.add_done_callback(partial(self._ended, call, turn))
        return await asyncio.shield(thread)

    def _ended(self, call: Call[T], turn: Turn | None, thread: asyncio.Future[T]) -> None:
        self._threads.discard(thread)
        if turn is not None:
            turn.end()
        error = None if thread.cancelled() else thread.exception()
        if call.aside:
            return
        if isinstance(error, SheetsUnavailableError):
            self._circuit(call).failed(str(error), self._clock.monotonic())
        else:
            self._circuit(call).succeeded()
        if isinstance(error, SheetsQuotaError) and self._governor is not None:
            self._governor.refused(error.retry_after or FIRST_PAUSE)

    def _circuit(self, call: Call[T]) -> Circuit:
        return self._circuits.setdefault(call.spreadsheet, Circuit())

    def _too_late(self, call: Call[T]) -> SheetsUnavailableError:
        what = f"{call.operation} of {call.spreadsheet}"
        if call.attempts:
            problem = f"{what}: no answer within {self._deadline:g} s"
            if not call.aside:
                self._circuit(call).failed(problem, self._clock.monotonic())
            return SheetsUnavailableError(problem, user_message="The spreadsheet did not answer in time.")
        return SheetsUnavailableError(
            f"{what}: no turn within {self._deadline:g} s, because earlier calls or the budget of requests took it",
            user_message="Too much is being read from the spreadsheets right now; try again in a minute.",
        )

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, SheetsError) and error.retry_after is not None:
            return error.retry_after + FIRST_PAUSE * self._jitter()
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (state.attempt_number - 1))
        return longest * (1 + self._jitter()) / 2


def _counted(function: Callable[[], T], turn: Turn | None) -> T:
    if turn is not None:
        spent.set(turn.spent)  # the thread's context is a copy of its own
    return function()


def _helps_to_repeat(error: BaseException) -> bool:
    return isinstance(error, SheetsError) and error.retryable


def _surely_not_done(error: BaseException) -> bool:
    return isinstance(error, SheetsQuotaError)

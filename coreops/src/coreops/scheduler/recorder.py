"""Writes runs down in batches: before they begin, so that a crash is noticed, and when they have ended."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from coreops_hookspecs.context import Logger
from coreops_hookspecs.jobs import JobRun, Pause
from coreops_shared.clock import Clock
from coreops_shared.state.runs import Begun, JobMemory

__all__ = ["Recorder", "RunStore"]

_SPACING: Final = 0.2
"""Seconds between two writes of ended runs, and so what a crash may take of them."""
_RETRY: Final = 30.0
"""Seconds until runs are written again that could not be."""
_PATIENCE: Final = 1.0
"""Seconds that a run waits for the disk before it begins all the same."""
_HELD: Final = 10_000
"""Ended runs that wait for a disk that does not take them."""


class RunStore(Protocol):
    """The part of the state store that keeps runs; what it raises is logged, and changes nothing for the jobs."""

    async def begin(self, number: int, runs: Sequence[Begun]) -> None: ...
    async def end(
        self, runs: Sequence[JobRun], *, slots: Mapping[str, datetime] | None = None, over: Sequence[int] = ()
    ) -> None: ...
    async def latest(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]: ...
    async def memory(self) -> JobMemory: ...
    async def settle(self, runs: Sequence[JobRun]) -> None: ...
    async def pause(self, job: str, pause: Pause | None) -> None: ...


class Recorder:
    """Keeps the store in step with what runs.

    Args:
        store: Where runs are kept.
        clock: Source of time.
        log: Told of what could not be kept.
    """

    def __init__(self, store: RunStore, clock: Clock, log: Logger) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._numbers = itertools.count(int(clock.now().timestamp() * 1_000_000))
        self._open: Counter[int] = Counter()
        self._ended: list[JobRun] = []
        self._slots: dict[str, datetime] = {}
        self._over: list[int] = []
        self._writing = asyncio.Lock()
        self._failing = False
        self._flushing: asyncio.Task[None] | None = None

    async def begin(self, runs: Sequence[Begun]) -> int:
        """Write down what begins, and return the number of the batch; waits for the disk, but not for ever."""
        number = next(self._numbers)
        self._open[number] = len(runs)
        writing = asyncio.ensure_future(self._store.begin(number, runs))
        await asyncio.wait([writing], timeout=_PATIENCE)
        if not writing.done():
            self._log.warning("the state store is slow; runs begin without being written down", runs=len(runs))
            writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        elif (error := writing.exception()) is not None:
            self._log.debug("the begin of runs could not be written down", runs=len(runs), error=str(error))
        return number

    def served(self, job: str, slot: datetime) -> None:
        """Note up to which time a job is served."""
        self._slots[job] = slot

    def ended(self, run: JobRun | None, number: int = 0) -> None:
        """Note that a run ended; ``None`` if there is nothing to tell of it. It is on disk soon."""
        if run is not None:
            self._ended.append(run)
        if number:
            self._open[number] -= 1
            if not self._open[number]:
                del self._open[number]
                self._over.append(number)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_spaced(), name="runs")

    async def flush(self) -> None:
        """Write down now what has ended."""
        async with self._writing:
            if not (self._ended or self._over):
                return
            ended, self._ended = self._ended, []
            slots, self._slots = self._slots, {}
            over, self._over = self._over, []
            failed_before, self._failing = self._failing, False
            (error,) = await asyncio.gather(self._store.end(ended, slots=slots, over=over), return_exceptions=True)
            if isinstance(error, Exception):
                if not failed_before:  # told once; the store's health goes on telling
                    self._log.warning("runs could not be written down", runs=len(ended), error=str(error))
                self._failing = True
                self._ended = [*ended, *self._ended][-_HELD:]
                self._slots = {**slots, **self._slots}
                self._over = [*over, *self._over]

    async def stop(self) -> None:
        """Write down what is left."""
        flushing = self._flushing
        if flushing is not None:
            async with self._writing:  # what is being written is not cut off
                flushing.cancel()
            await asyncio.wait([flushing])
        await self.flush()

    async def _flush_spaced(self) -> None:
        await asyncio.sleep(0)  # what ends in the same turn of the loop is written together
        try:
            await self.flush()
            await self._clock.sleep(_RETRY if self._failing else _SPACING)
        finally:
            self._flushing = None
        if self._ended or self._over:
            self._flushing = asyncio.create_task(self._flush_spaced(), name="runs")

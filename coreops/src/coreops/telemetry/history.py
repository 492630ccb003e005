"""History: what events measured, added up by series and quarter of an hour, kept for weeks.

Adding up happens in memory; from time to time what changed is written in one statement, so that neither events nor
commands ever wait for the disk. A crash or a loop that is held for good loses at most what came since; an exit of the
watchdog with a loop that runs loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from coreops.telemetry.rollup import Sample, Tally, rollup, samples_of
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.digest import Rollup
from coreops_hookspecs.telemetry import Event
from coreops_shared.clock import Clock
from coreops_shared.state.telemetry import StoredSlot

__all__ = ["History", "Keeping", "Rows"]

SLOT: Final = 900
"""Seconds of a slot."""
_DAY: Final = 86_400
_SERIES: Final = 2000
"""Series in one slot; more are only made by mistake, for example by names that a plugin makes up."""


class Rows(Protocol):
    """Where slots are kept."""

    async def save(self, slots: Sequence[StoredSlot]) -> None: ...
    async def load(self, since: int) -> list[StoredSlot]: ...
    async def totals(self, since: int) -> list[tuple[str, int, int]]: ...
    async def prune(self, before: int, size: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long history is kept (days), within what size (bytes), and how often it is written (seconds)."""

    days: int = 30
    size: int = 64 << 20
    every: float = 30.0


class History:
    """Adds up events. Subscribe :meth:`observe` to the bus.

    Args:
        clock: Source of time.
        rows: Where slots are kept.
        keeping: See :class:`Keeping`.
    """

    def __init__(self, clock: Clock, rows: Rows, keeping: Keeping | None = None) -> None:
        self._clock = clock
        self._rows = rows
        self.keeping = keeping or Keeping()
        self.buckets: Callable[[], Sequence[BucketStatus]] = tuple
        """Reports every bucket; asked for their ages."""
        self._slot = 0
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._changed: set[tuple[str, str]] = set()
        self._task: asyncio.Task[None] | None = None

    async def observe(self, event: Event) -> None:
        """Add up what an event measured."""
        for sample in samples_of(event):
            await self._add(sample)

    async def start(self) -> None:
        """Go on with the slot that a start before has begun, and write from now on."""
        slot = self._now()
        for stored in await self._rows.load(slot):
            self._tally(stored.kind, stored.name).merge(stored.count, stored.failures, stored.spread)
        self._slot = self._slot or slot
        self._task = asyncio.create_task(self._keep(), name="telemetry history")

    async def stop(self) -> None:
        """Write what is not written yet, and stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        await self.write()

    async def write(self) -> None:
        """Write what changed since the last time."""
        changed = self._take()
        if changed:
            await self._rows.save(changed)

    async def prune(self) -> None:
        """Forget what is too old or too much; the job ``telemetry.retention`` does, every hour."""
        await self._rows.prune(self._now() - self.keeping.days * _DAY, self.keeping.size)

    async def day(self, step: int) -> tuple[list[Rollup], list[Rollup]]:
        """Return the last 24 hours by series, and by kind in steps of so many seconds."""
        await self.write()
        slots = await self._rows.load(self._now() - _DAY)
        return await asyncio.to_thread(_rolled_up, slots, step)

    async def totals(self) -> list[tuple[str, int, int]]:
        """Return kind, number of samples and of failures over the days that are kept."""
        await self.write()
        return await self._rows.totals(self._now() - self.keeping.days * _DAY)

    async def _keep(self) -> None:
        while True:
            await self._clock.sleep(self.keeping.every)
            for bucket in self.buckets():
                if bucket.age is not None:
                    stale = bucket.stale or not bucket.available
                    await self._add(Sample("age", bucket.name, bucket.age, stale))
            await self.write()

    async def _add(self, sample: Sample) -> None:
        slot, ended = self._now(), []
        if slot != self._slot:
            ended = self._take()
            self._slot, self._tallies = slot, {}
        key = (sample.kind, sample.name)
        if key in self._tallies or len(self._tallies) < _SERIES:
            self._tally(*key).add(sample.value, failed=sample.failed)
            self._changed.add(key)
        if ended:
            await self._rows.save(ended)

    def _take(self) -> list[StoredSlot]:
        changed, self._changed = self._changed, set()
        return [self._stored(*key) for key in changed]

    def _tally(self, kind: str, name: str) -> Tally:
        return self._tallies.setdefault((kind, name), Tally())

    def _stored(self, kind: str, name: str) -> StoredSlot:
        tally = self._tallies[kind, name]
        return StoredSlot(self._slot, kind, name, tally.count, tally.failures, dict(tally.spread))

    def _now(self) -> int:
        return int(self._clock.now().timestamp()) // SLOT * SLOT


def _rolled_up(slots: Sequence[StoredSlot], step: int) -> tuple[list[Rollup], list[Rollup]]:
    series: dict[tuple[str, str], Tally] = defaultdict(Tally)
    steps: dict[tuple[int, str], Tally] = defaultdict(Tally)
    for slot in slots:
        for tally in (series[slot.kind, slot.name], steps[slot.slot // step * step, slot.kind]):
            tally.merge(slot.count, slot.failures, slot.spread)
    start = slots[0].slot if slots else 0
    day = [rollup(kind, name, start, tally) for (kind, name), tally in sorted(series.items())]
    return day, [rollup(kind, "", at, tally) for (at, kind), tally in sorted(steps.items())]

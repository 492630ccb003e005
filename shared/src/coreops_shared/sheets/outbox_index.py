"""The accepted writes in memory, by tab and in order, with who waits for them. Bounded, because accepting is."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from coreops_hookspecs.outbox import Write, WriteState
from coreops_shared.sheets.outbox_plan import batch

__all__ = ["Index", "Place", "place_of"]

_RECENT: Final = 500
"""How many applied writes are remembered for readers whose snapshot is older."""
_MARGIN: Final = timedelta(seconds=5)
"""A snapshot is dated when it has been read into records: what was applied this long before that may be missing."""

Place = tuple[str, str]
"""A spreadsheet's id and a tab's title: within one, writes are applied in order."""


def place_of(write: Write) -> Place:
    """Return where a write goes."""
    return write.spreadsheet, write.tab


class Index:
    """Writes that are pending or dead, and those that were applied lately."""

    def __init__(self) -> None:
        self._pending: dict[Place, list[Write]] = {}
        self._dead: dict[int, Write] = {}
        self._recent: deque[Write] = deque(maxlen=_RECENT)
        self._waiting: dict[int, set[asyncio.Future[Write]]] = {}

    def __len__(self) -> int:
        """How many writes are pending or dead."""
        return len(self._dead) + sum(map(len, self._pending.values()))

    def put(self, write: Write) -> None:
        """Take a write as it stands now, in place of what was known of it; tell who waits if it has ended."""
        self.forget(write)
        if write.state is WriteState.PENDING:
            insort(self._pending.setdefault(place_of(write), []), write, key=lambda each: each.number)
            return
        if write.state is WriteState.DEAD:
            self._dead[write.number] = write
        else:
            self._recent.append(write)
        self._tell(write)

    def forget(self, write: Write) -> None:
        """Take a write out."""
        self._dead.pop(write.number, None)
        queue = self._pending.get(place_of(write), [])
        left = [each for each in queue if each.number != write.number]
        if left:
            self._pending[place_of(write)] = left
        else:
            self._pending.pop(place_of(write), None)

    def drop(self, write: Write) -> None:
        """Take a write out for good; who waits for it is told that it is dead."""
        self.forget(write)
        self._tell(replace(write, state=WriteState.DEAD, error="it was dropped"))

    def places(self) -> Sequence[Place]:
        """Return the tabs with pending writes."""
        return tuple(self._pending)

    def batch(self, place: Place) -> tuple[Write, ...]:
        """Return the pending writes of a tab that come next and may go together."""
        return batch(self._pending.get(place, ()))

    def find(self, number: int) -> Write | None:
        """Return a write that is pending or dead."""
        return self._dead.get(number) or next((write for write in self.pending() if write.number == number), None)

    def pending(self) -> Sequence[Write]:
        """Return all pending writes in order of acceptance."""
        return sorted((write for queue in self._pending.values() for write in queue), key=lambda write: write.number)

    def dead(self) -> Sequence[Write]:
        """Return all dead letters in order of acceptance."""
        return [self._dead[number] for number in sorted(self._dead)]

    def unseen(self, place: Place, since: datetime | None) -> Sequence[Write]:
        """Return what a snapshot of a tab does not show: what is pending, and what was applied since it was read."""
        queue = self._pending.get(place, [])
        if since is None:
            return tuple(queue)
        applied = (write for write in self._recent if place_of(write) == place)
        later = [write for write in applied if write.ended_at and write.ended_at > since - _MARGIN]
        return tuple(sorted([*later, *queue], key=lambda write: write.number))

    @contextmanager
    def awaited(self, write: Write) -> Iterator[asyncio.Future[Write]]:
        """Yield a future that ends with the write when it has ended; who no longer waits leaves the block."""
        future: asyncio.Future[Write] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(write.number, set())
        waiting.add(future)
        try:
            yield future
        finally:
            waiting.discard(future)
            if not waiting:
                self._waiting.pop(write.number, None)

    def _tell(self, write: Write) -> None:
        for future in self._waiting.get(write.number, ()):
            if not future.done():
                future.set_result(write)

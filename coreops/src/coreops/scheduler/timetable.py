"""Which jobs are due: a heap, in which an entry that was overtaken is passed over."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime

from coreops.scheduler.job import Job

__all__ = ["Timetable"]


class Timetable:
    """Jobs by the instant at which they are due.

    Args:
        random: Returns a number from 0 up to, but not including, 1; draws the jitter.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._heap: list[tuple[datetime, int, Job]] = []
        self._tickets = itertools.count(1)

    @property
    def next_at(self) -> datetime | None:
        """When the next job is due, if there is one."""
        return self._heap[0][0] if self._heap else None

    def put(self, job: Job, slot: datetime) -> None:
        """Let a job be due at a slot, plus jitter, and at no other time."""
        job.slot = slot
        job.due_at = slot + job.spec.jitter * self._random() if job.spec.jitter else slot
        job.ticket = next(self._tickets)
        heapq.heappush(self._heap, (job.due_at, job.ticket, job))

    def take_due(self, now: datetime) -> Iterator[Job]:
        """Give the jobs that are due, earliest first; each is to be put in again."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            _, ticket, job = heapq.heappop(heap)
            if job.ticket == ticket:
                yield job

    def remove(self, job: Job) -> None:
        """Forget a job at once, not when it would be due: it holds its plugin's code."""
        job.ticket = 0
        self._heap = [entry for entry in self._heap if entry[2] is not job]
        heapq.heapify(self._heap)

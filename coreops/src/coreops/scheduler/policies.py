"""What becomes of times that passed, and whether a job's policies can be kept. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from typing import Final

from coreops.scheduler.schedule import Schedule
from coreops.telemetry.phrases import duration
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import CatchUp, JobSpec, Misfire, Overlap, Parallel

__all__ = ["GRACE", "LOOKED_AT", "check_policies", "decide", "passed", "policy_text"]

GRACE: Final = timedelta(minutes=1)
"""A run that can begin within this time of its slot is on time."""
LOOKED_AT: Final = 100
"""How many passed slots are looked at, and so may be caught up."""


def passed(schedule: Schedule, after: datetime, until: datetime, most: int = LOOKED_AT) -> Sequence[datetime]:
    """Return the latest slots later than ``after`` and not later than ``until``, at most ``most``, in order."""
    window = timedelta(hours=1)
    while True:
        start = max(after, until - window)
        found = deque(takewhile(lambda slot: slot <= until, _from(schedule, start)), maxlen=most)
        if start == after or len(found) == most:
            return tuple(found)
        window *= 4  # a rare job over a long absence costs few looks, a frequent one does not walk all of it


def decide(
    slots: Sequence[datetime], now: datetime, misfire: Misfire | CatchUp, cut: Sequence[datetime] = ()
) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """Return which passed slots are run, in order, and which are missed.

    Args:
        slots: Those that passed, in order.
        now: The latest of them is on time within :data:`GRACE`.
        misfire: What becomes of the others.
        cut: Slots whose run was cut off by a crash, which count as late.
    """
    on_time = tuple(slots[-1:]) if slots and now - slots[-1] <= GRACE else ()
    late = (*sorted(cut), *slots[: len(slots) - len(on_time)])
    once = int(misfire is Misfire.RUN_ONCE and not on_time)
    made_up = misfire.limit if isinstance(misfire, CatchUp) else once
    split = max(len(late) - made_up, 0)
    return (*late[split:], *on_time), late[:split]


def check_policies(spec: JobSpec, schedule: Schedule, now: datetime) -> None:
    """Raise DeclarationError, naming the field, if a policy of a job cannot be kept."""
    if isinstance(spec.misfire, CatchUp) and not 1 <= spec.misfire.limit <= LOOKED_AT:
        raise DeclarationError(
            f"job {spec.name!r}: misfire catches up {spec.misfire.limit} times; give 1 to {LOOKED_AT}"
        )
    if isinstance(spec.overlap, Parallel) and spec.overlap.limit < 1:
        raise DeclarationError(f"job {spec.name!r}: overlap allows {spec.overlap.limit} runs at a time; give 1 or more")
    if spec.deadline <= timedelta(0):
        raise DeclarationError(f"job {spec.name!r}: deadline is {duration(spec.deadline)}; give more than nothing")
    shortest = min(later - earlier for earlier, later in pairwise(schedule.upcoming(now, 6)))
    if not timedelta(0) <= spec.jitter < shortest:
        raise DeclarationError(
            f"job {spec.name!r}: jitter is {duration(spec.jitter)}; give less than {duration(shortest)}"
        )


def policy_text(spec: JobSpec) -> str:
    """Return a job's policies in words."""
    misfire, overlap = spec.misfire, spec.overlap
    missed = f"catch up {misfire.limit}" if isinstance(misfire, CatchUp) else misfire.value.replace("_", " ")
    at_once = f"parallel {overlap.limit}" if isinstance(overlap, Parallel) else Overlap(overlap).value
    jitter = f", jitter {duration(spec.jitter)}" if spec.jitter else ""
    return f"missed: {missed}, overlap: {at_once}, deadline {duration(spec.deadline)}{jitter}"


def _from(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    while True:
        after = schedule.next_after(after)
        yield after

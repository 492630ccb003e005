"""A job's rhythm: a cron expression or an interval, behind one interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from coreops.scheduler.cron import Cron
from coreops.telemetry.phrases import duration
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import JobSpec

__all__ = ["Interval", "Schedule", "checked", "schedule_of"]

_SHORTEST: Final = timedelta(seconds=1)


class Schedule(Protocol):
    """Tells when a job is due."""

    def next_after(self, after: datetime) -> datetime:
        """Return the first due instant later than ``after`` (UTC)."""
        ...

    def following(self, slot: datetime) -> datetime:
        """Return the due instant after ``slot``, which is one itself (UTC)."""
        ...

    def upcoming(self, after: datetime, count: int) -> Sequence[datetime]:
        """Return the next ``count`` due instants later than ``after`` (UTC)."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """Due every ``every``, counted from ``anchor``, so that a late run does not shift those after it."""

    every: timedelta
    anchor: datetime

    def next_after(self, after: datetime) -> datetime:
        return self.anchor + ((after - self.anchor) // self.every + 1) * self.every

    def following(self, slot: datetime) -> datetime:
        return slot + self.every

    def upcoming(self, after: datetime, count: int) -> Sequence[datetime]:
        first = self.next_after(after)
        return tuple(first + step * self.every for step in range(count))


def schedule_of(spec: JobSpec, now: datetime) -> tuple[Schedule, str]:
    """Return a job's schedule and its text for people.

    Args:
        spec: The declaration.
        now: Instant from which an interval is counted.

    Raises:
        DeclarationError: neither or both of ``cron`` and ``every``, or one that cannot be used; names job and field.
    """
    if (spec.cron is None) == (spec.every is None):
        given = "neither cron nor every" if spec.cron is None else "both cron and every"
        msg = f"job {spec.name!r} gives {given}; give exactly one of them"
        raise DeclarationError(msg)
    if spec.every is not None:
        if spec.every < _SHORTEST:
            msg = f"job {spec.name!r}: every is {duration(spec.every)}; give {duration(_SHORTEST)} or more"
            raise DeclarationError(msg)
        return Interval(spec.every, now), f"every {duration(spec.every)}"
    cron = checked(spec)
    return cron, cron.expression


def checked(spec: JobSpec) -> Cron:
    """Return a job's cron expression in its zone. Raises DeclarationError that names job and field."""
    try:
        return Cron(spec.cron or "", spec.timezone)
    except DeclarationError as problem:
        msg = f"job {spec.name!r}: {problem}"
        raise DeclarationError(msg) from None

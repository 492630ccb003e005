"""When a cron expression fires next, in a time zone, on both daylight-saving days.

croniter finds the matching wall-clock times of an expression; which instant a wall-clock time is, is decided here,
after the section "Daylight Saving Time and other time changes" of Debian's cron(8):

- a *wall-clock* job, whose minute and hour both name times, runs once on each day: a time that the spring jump leaves
  out runs right after the jump, a time that autumn repeats runs in the first pass only;
- a *wildcard* job, whose minute or hour begins with ``*``, follows real time: nothing is made up for the hour that is
  left out, and the hour that is repeated has its runs in both passes.

As in Debian's cron, a day must match both day fields when one of them begins with ``*``, and either of them otherwise.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter
from croniter.croniter import CroniterBadDateError

from coreops.scheduler.expression import FIELDS, alternatives, checked_fields, five_fields
from coreops_hookspecs.errors import DeclarationError

__all__ = ["Cron"]

_LOOKBACK: Final = timedelta(hours=3)  # longer than any repetition of wall-clock time since 1970
_MINUTE: Final = timedelta(minutes=1)


class Cron:
    """One expression in one time zone.

    Args:
        expression: Five fields as in crontab(5), or a nickname.
        timezone: IANA name.

    Raises:
        DeclarationError: the expression or the zone cannot be used; the message names the field.
    """

    def __init__(self, expression: str, timezone: str = "UTC") -> None:
        self.expression: Final = five_fields(expression)
        """The five fields."""
        self.timezone = timezone
        minute, hour, *_days = checked_fields(self.expression)
        self.wildcard: Final = minute.startswith("*") or hour.startswith("*")
        """Whether it follows real time."""
        self._alternatives: Final = alternatives(self.expression)
        self._zone = _zone(timezone)
        self._refuse_never()

    def __repr__(self) -> str:
        return f"Cron({self.expression!r}, {self.timezone!r})"

    def next_after(self, after: datetime) -> datetime:
        """Return the first instant later than ``after`` at which the job fires (UTC).

        Args:
            after: Any aware instant.
        """
        return self._next_wildcard(after) if self.wildcard else self._next_wall_clock(after)

    def following(self, slot: datetime) -> datetime:
        """Return the instant after ``slot``, which is one itself (UTC)."""
        return self.next_after(slot)

    def upcoming(self, after: datetime, count: int) -> Sequence[datetime]:
        """Return the next ``count`` instants later than ``after`` (UTC)."""
        found: list[datetime] = []
        for _ in range(count):
            after = self.next_after(after)
            found.append(after)
        return tuple(found)

    def _next_wall_clock(self, after: datetime) -> datetime:
        walls = self._walls_after(_wall(after, self._zone))
        return next(instant for wall in walls if (instant := self._only_run(wall)) > after)

    def _next_wildcard(self, after: datetime) -> datetime:
        wall = _wall(after, self._zone)
        near_jump = any(_wall(after + step, self._zone) != wall + step for step in (-_LOOKBACK, _LOOKBACK))
        best: datetime | None = None
        # near a jump a wall-clock time that lies behind may come a second time
        for candidate in self._walls_after(wall - _LOOKBACK if near_jump else wall):
            passes = _passes(candidate, self._zone)
            if best is not None and (not passes or passes[0] >= best):
                break  # first passes only get later
            later = [instant for instant in passes if instant > after]
            best = min(later + ([best] if best else []), default=None)
            if best is not None and not near_jump:
                break
        assert best is not None
        return best

    def _walls_after(self, wall: datetime) -> Iterator[datetime]:
        if len(self._alternatives) == 1:
            return _matching(self._alternatives[0], wall)
        merged = heapq.merge(*(_matching(each, wall) for each in self._alternatives))
        return (each for each, _ in groupby(merged))

    def _only_run(self, wall: datetime) -> datetime:
        while not (passes := _passes(wall, self._zone)):
            wall += _MINUTE  # jumps end on a whole minute
        return passes[0]

    def _refuse_never(self) -> None:
        if next(self._walls_after(datetime(2000, 1, 1)), None) is None:  # noqa: DTZ001 - wall-clock time has no zone
            msg = f"cron {self.expression!r} never fires: no {FIELDS[3]} has such a {FIELDS[2]}; correct one of the two"
            raise DeclarationError(msg)


def _matching(expression: str, wall: datetime) -> Iterator[datetime]:
    """Give the wall-clock times later than ``wall`` that match, in order, as long as there are any."""
    matching = croniter(expression, wall, ret_type=datetime, implement_cron_bug=True)
    with suppress(CroniterBadDateError):
        while True:
            yield matching.get_next()


def _wall(instant: datetime, zone: tzinfo) -> datetime:
    """Return what a clock in ``zone`` shows at that instant, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _passes(wall: datetime, zone: tzinfo) -> Sequence[datetime]:
    """Return the instants (UTC) at which a clock in ``zone`` shows ``wall``: none in a gap, two where it repeats."""
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(instant for instant in found if _wall(instant, zone) == wall)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"timezone {name!r} is not an IANA time zone; give a name like Europe/Vienna or UTC"
        raise DeclarationError(msg) from None

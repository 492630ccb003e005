"""When a hold ends: the day that somebody means, and the time of day at which it is over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coreops_hookspecs import Config
from coreops_hookspecs.errors import UsageError

__all__ = ["Days"]

_COUNT = re.compile(r"\+?(\d{1,4})\s*d?")


@dataclass(frozen=True, slots=True)
class Days:
    """The operator's terms.

    Args:
        zone: In which days are counted.
        release: Time of day at which holds end on their last day.
        usual: Days for which a place is held unless said otherwise.
        most: Days for which it may be held.
    """

    zone: ZoneInfo
    release: time
    usual: int
    most: int

    @classmethod
    def of(cls, config: Config) -> Days:
        """Return those of the configuration."""
        zone = _read(config, "RESERVATION_TIMEZONE", ZoneInfo, ZoneInfo("UTC"))
        release = _read(config, "RESERVATION_RELEASE_TIME", time.fromisoformat, time(18))
        return cls(zone, release, config.get("RESERVATION_DEFAULT_DAYS"), config.get("RESERVATION_MAX_DAYS"))

    def end(self, last_day: date) -> datetime:
        """Return the instant (UTC) at which a hold ends."""
        return datetime.combine(last_day, self.release, self.zone).astimezone(UTC)

    def chosen(self, text: str, now: datetime, say: Callable[..., str]) -> date:
        """Return the last day that somebody means: ``2026-12-01``, or a number of days; empty for the usual one.

        Raises:
            UsageError: it is no day, over, or too far away.
        """
        today = now.astimezone(self.zone).date()
        day = today + timedelta(days=self.usual) if not text.strip() else _day(text.strip(), today, say)
        if self.end(day) <= now:
            raise UsageError(f"{day} is over", user_message=say("{day} is over already; choose a later day.", day=day))
        if day > today + timedelta(days=self.most):
            told = say(
                "A place is held for {days} days at most; choose a day up to {last}.",
                days=self.most,
                last=today + timedelta(self.most),
            )
            raise UsageError(f"{day} is too far away", user_message=told)
        return day


def _day(text: str, today: date, say: Callable[..., str]) -> date:
    counted = _COUNT.fullmatch(text)
    try:
        return today + timedelta(days=int(counted[1])) if counted else date.fromisoformat(text)
    except (ValueError, OverflowError):
        example = today + timedelta(days=7)
        told = say(
            "`{text}` is no day. Write it as {example} or as a number of days; a note comes after it.",
            text=text[:50],
            example=example,
        )
        raise UsageError(f"{text[:50]!r} is no day", user_message=told) from None


def _read(config: Config, key: str, read: Callable[[str], Any], otherwise: Any) -> Any:
    try:
        return read(config.get(key))
    except (KeyError, ValueError):  # the runtime has told of it, and keeps the job's own time too
        return otherwise

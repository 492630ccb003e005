"""Rate limits: a bucket for each route and top-level resource, and one for all requests together."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_MOST_WINDOWS = 1000
"""Windows kept before those that have ended are dropped: each interaction's token opens one."""
REACTIONS = "reactions"
"""The bucket that adding and removing reactions share."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`limit` requests in `per` seconds."""

    limit: int
    per: float


def _discord_routes() -> dict[str, Budget]:
    return {
        "POST /channels/{channel}/messages": Budget(5, 5.0),
        "PATCH /channels/{channel}/messages/{message}": Budget(5, 5.0),
        "DELETE /channels/{channel}/messages/{message}": Budget(5, 1.0),
        "POST /channels/{channel}/messages/bulk-delete": Budget(1, 3.0),
        "POST /channels/{channel}/typing": Budget(5, 5.0),
        "PATCH /channels/{channel}": Budget(5, 15.0),
        REACTIONS: Budget(1, 0.25),
        "POST /webhooks/{webhook}/{token}": Budget(5, 2.0),
        "PATCH /webhooks/{webhook}/{token}/messages/{message}": Budget(5, 2.0),
        "GET /guilds/{guild}/members": Budget(10, 10.0),
        "PUT /applications/{application}/commands": Budget(2, 5.0),
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets in force. Discord publishes none but the global one; those of `strict` are as observed.

    `routes` is keyed by "METHOD /template" or a shared bucket's name; `other` holds for every other route,
    `requests` for all requests of the bot together. `daily_creates` caps new commands a scope may get a day.
    """

    requests: Budget
    other: Budget
    routes: Mapping[str, Budget] = field(default_factory=dict)
    daily_creates: int = 200

    @classmethod
    def strict(cls) -> Limits:
        """Budgets of Discord's size (docs, Rate Limits, "Global Rate Limit": 50 requests a second)."""
        return cls(requests=Budget(50, 1.0), other=Budget(10, 5.0), routes=_discord_routes())

    @classmethod
    def generous(cls) -> Limits:
        """Ten times Discord's, so that a fast test run or a chatty demonstration is not slowed down."""
        strict = cls.strict()
        wide = {name: Budget(one.limit * 10, one.per) for name, one in strict.routes.items()}
        return cls(requests=Budget(500, 1.0), other=Budget(100, 5.0), routes=wide)


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limiter says to one request: the headers to answer with, and the wait in seconds if refused."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False

    def body(self) -> dict[str, object]:
        """The JSON of a 429 (Discord docs, "Rate Limit Response Structure")."""
        wait = round(self.retry_after or 0.0, 3)
        return {"message": "You are being rate limited.", "retry_after": wait, "global": self.is_global}


class Limiter:
    """Counts requests in fixed windows that open with the first request, as Discord's buckets do."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def check(self, bucket: str, major: str, *, counts_globally: bool = True) -> Verdict:
        """Count one request against its bucket and the global budget.

        `bucket` is the route's key in `Limits.routes`, `major` its top-level resource (channel, guild, webhook).
        """
        now = self._clock()
        if counts_globally:
            window = self._window(("", ""), self.limits.requests, now)
            if window.used >= self.limits.requests.limit:
                return _refused_globally(window.ends - now)
            window.used += 1
        budget = self.limits.routes.get(bucket, self.limits.other)
        window = self._window((bucket, major), budget, now)
        refused = window.used >= budget.limit
        window.used += not refused
        headers = _headers(bucket, budget, window, now)
        if not refused:
            return Verdict(headers)
        wait = window.ends - now
        headers |= {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": "user"}
        return Verdict(headers, retry_after=wait)

    def _window(self, key: tuple[str, str], budget: Budget, now: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            if len(self._windows) >= _MOST_WINDOWS:
                self._windows = {key: one for key, one in self._windows.items() if one.ends > now}
            window = self._windows[key] = _Window(ends=now + budget.per)
        return window


def _headers(bucket: str, budget: Budget, window: _Window, now: float) -> dict[str, str]:
    digest = hashlib.sha256(bucket.encode()).hexdigest()[:32]
    return {
        "X-RateLimit-Limit": str(budget.limit),
        "X-RateLimit-Remaining": str(budget.limit - window.used),
        "X-RateLimit-Reset": f"{window.ends:.3f}",
        "X-RateLimit-Reset-After": f"{window.ends - now:.3f}",
        "X-RateLimit-Bucket": digest,
    }


def _refused_globally(wait: float) -> Verdict:
    headers = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return Verdict(headers, retry_after=wait, is_global=True)

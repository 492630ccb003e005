"""The Sheets API's quotas (Sheets API guide, "Usage limits"): reads and writes apart, by account and in all."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from coreops_sandbox.sheets.errors import exhausted


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """Requests within any ``seconds``; the project's count all accounts together. Google's own by default."""

    reads: int = 60
    writes: int = 60
    project_reads: int = 300
    project_writes: int = 300
    seconds: float = 60.0


class Quota:
    """Counts requests over a window that slides, which is the strictest reading of "per minute".

    Requests that are refused do not count.

    Args:
        limits: How many.
        clock: Seconds.
    """

    def __init__(self, limits: QuotaLimits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._spent: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def spend(self, account: str, kind: str) -> None:
        """Count one ``read`` or ``write``; raises GoogleError 429 if there is none left."""
        limits = self.limits
        own, all_ = (limits.reads, limits.project_reads) if kind == "read" else (limits.writes, limits.project_writes)
        if self.used(account, kind) >= own:
            raise exhausted(kind, own, per_user=True)
        if self.used("", kind) >= all_:
            raise exhausted(kind, all_, per_user=False)
        now = self._clock()
        for who in (account, ""):
            self._spent[who, kind].append(now)

    def used(self, account: str, kind: str) -> int:
        """How many requests of that kind count now; those of all accounts for an empty one."""
        since = self._clock() - self.limits.seconds
        spent = self._spent[account, kind]
        while spent and spent[0] <= since:
            spent.popleft()
        return len(spent)

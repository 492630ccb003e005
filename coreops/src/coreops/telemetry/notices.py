"""Lifecycle notices: every notable event becomes a log line at once, and part of an embed in the ops channel soon.

Embeds are coalesced over a short window and spaced out, so a start with fifty buckets is one message. Until the ops
channel can be reached they wait, bounded; what had to be dropped is counted in the next one. A notice publishes no
event, so it cannot cause another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from coreops.telemetry.lines import LIFECYCLE, line, pairs_of
from coreops.telemetry.notable import Notice, notice_of, recovered
from coreops.telemetry.phrases import error_text
from coreops.telemetry.pile import Pile
from coreops.telemetry.rollup import FAILED
from coreops_hookspecs.context import Logger
from coreops_hookspecs.telemetry import CommandCompleted, Event, HookFault, RefreshCompleted, SheetsCalled
from coreops_shared.clock import Clock

__all__ = ["NoticeTimes", "Notices", "Send"]

_LONGEST_BACKOFF: Final = 300.0


class Send(Protocol):
    """Posts one embed to the ops channel; raises when it could not."""

    async def __call__(
        self, title: str, description: str, severity: str, fields: Sequence[tuple[str, str]]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class NoticeTimes:
    """Seconds: how long notices are gathered, the least time between two embeds, the longest a send may take."""

    window: float = 2.0
    interval: float = 10.0
    send: float = 15.0


class Notices:
    """Tells the operator. Subscribe :meth:`observe` to the bus.

    Args:
        clock: Source of time.
        log: Takes the lines.
        times: See :class:`NoticeTimes`.
        pile: Where notices wait.
    """

    def __init__(
        self, clock: Clock, log: Logger, *, times: NoticeTimes | None = None, pile: Pile | None = None
    ) -> None:
        self._clock = clock
        self._log = log
        self._times = times or NoticeTimes()
        self._pile = Pile() if pile is None else pile
        self._failing: set[str] = set()
        self._send: Send | None = None
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def attach(self, send: Send | None) -> None:
        """Give the way to the ops channel, or take it away with ``None``."""
        self._send = send
        self._want()

    async def observe(self, event: Event) -> None:
        """Take an event: write its line, and keep what the operator should hear of."""
        notice = self._judge(event)
        self._write(event, notice)
        if notice is not None:
            self._pile.add(notice, self._clock.monotonic())
            self._want()

    async def start(self) -> None:
        """Begin to send."""
        if self._task is None:
            self._task = asyncio.create_task(self._send_for_ever(), name="notices")

    async def stop(self) -> None:
        """Send what waits, once, and stop. Call it while the ops channel can still be reached."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        if self._send is not None:
            await self._send_waiting(self._send)
        self._send = None

    def _judge(self, event: Event) -> Notice | None:
        if isinstance(event, RefreshCompleted):
            bucket = event.result.bucket
            if not event.result.ok:
                self._failing.add(bucket)
            elif bucket in self._failing:
                self._failing.discard(bucket)
                self._pile.end_quiet(f"bucket {bucket}")
                return recovered(event)
        return notice_of(event)

    def _write(self, event: Event, notice: Notice | None) -> None:
        known = pairs_of(event)
        if known is None:
            return
        tag, pairs = known
        rank = _rank(event) if notice is None else notice.rank
        write = (self._log.info, self._log.warning, self._log.error)[rank]
        for each in dict.fromkeys([tag] if notice is None else [tag, LIFECYCLE]):
            write(line(each, pairs))

    def _want(self) -> None:
        if self._send is not None and len(self._pile):
            self._wanted.set()

    async def _send_for_ever(self) -> None:
        failures = 0
        while True:
            await self._wanted.wait()
            await self._clock.sleep(self._times.window)
            self._wanted.clear()
            if self._send is None:
                continue
            failures = 0 if await self._send_waiting(self._send) else failures + 1
            await self._clock.sleep(min(self._times.interval * 2**failures, _LONGEST_BACKOFF))
            self._want()

    async def _send_waiting(self, send: Send) -> bool:
        """Send the pile as one embed; tell whether that went well. What could not be sent waits on."""
        batch = self._pile.take()
        if batch is None:
            return True
        embed = batch.render()
        sending = send(embed.title, embed.description, embed.severity.value, embed.fields)
        (failure,) = await asyncio.gather(asyncio.wait_for(sending, self._times.send), return_exceptions=True)
        now = self._clock.monotonic()
        if isinstance(failure, Exception):
            self._pile.put_back(batch, now)
            self._log.warning(
                "the ops channel could not be reached", error=error_text(failure), waiting=len(self._pile)
            )
            return False
        self._pile.sent(batch, now)
        return True


def _rank(event: Event) -> int:
    """Return how grave the line of an event is that the operator is not told of."""
    failed = isinstance(event, CommandCompleted) and event.outcome in FAILED
    return 1 if failed or isinstance(event, HookFault | SheetsCalled) else 0

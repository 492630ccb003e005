"""Notices that wait to be sent: merged, counted, bounded. Pure: time comes in as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coreops.telemetry.notable import Notice
from coreops.telemetry.phrases import shorten
from coreops_hookspecs.look import Severity

__all__ = ["Batch", "Embed", "Pile"]

_SHOWN: Final = 15  # notices in one embed; more is not read
_TITLE: Final = 256  # characters, Discord docs "Embed limits"
_DESCRIPTION: Final = 4096
_TEXT: Final = 240
_MARKS: Final = {Severity.OK: "✅", Severity.INFO: "🔹", Severity.WARNING: "⚠️", Severity.ERROR: "⛔"}


@dataclass(frozen=True, slots=True)
class Embed:
    """One message to the ops channel."""

    title: str
    description: str
    severity: Severity
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Waiting:
    notice: Notice
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Notices on their way to the operator, with how many others were dropped before."""

    waiting: tuple[_Waiting, ...]
    dropped: int

    def render(self) -> Embed:
        """Return the batch as one embed, the gravest notice in its title."""
        by_gravity = sorted(self.waiting, key=lambda each: -each.notice.rank)
        gravest = by_gravity[0].notice
        others = len(self.waiting) - 1
        fields = []
        if self.dropped:
            fields.append(("Not shown", f"{self.dropped} earlier notices were dropped; they are in the log"))
        if others:
            shown = self.waiting if others < _SHOWN else by_gravity[:_SHOWN]
            lines = [_line(each) for each in shown]
            if len(self.waiting) > len(shown):
                lines.append(f"and {len(self.waiting) - len(shown)} more in the log")
            title, description = f"{shorten(gravest.title, _TITLE - 20)} and {others} more", "\n".join(lines)
        else:
            title, description = gravest.title, _text(by_gravity[0])
            if gravest.trace and gravest.rank:
                fields.append(("Reference", gravest.trace))
        return Embed(shorten(title, _TITLE), shorten(description, _DESCRIPTION), gravest.severity, tuple(fields))


class Pile:
    """Waiting notices, at most ``capacity``; the same news within ``quiet`` seconds of being sent is only counted.

    What is thrown away because the pile is full is counted and told with the next batch.
    """

    def __init__(self, capacity: int = 200, quiet: float = 900.0) -> None:
        self._capacity = capacity
        self._quiet = quiet
        self._waiting: dict[str, _Waiting] = {}
        self._sent: dict[str, tuple[float, int]] = {}
        self._dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, notice: Notice, now: float, count: int = 1) -> None:
        """Put a notice that came ``count`` times on the pile. ``now`` is in monotonic seconds."""
        self._forget(now)
        waiting = self._waiting.get(notice.key)
        if waiting is not None:
            self._waiting[notice.key] = _Waiting(notice, waiting.count + count)
            return
        sent_at, held = self._sent.get(notice.key, (now - self._quiet, 0))
        if now - sent_at < self._quiet:
            self._sent[notice.key] = (sent_at, held + count)
            return
        self._sent.pop(notice.key, None)
        if len(self._waiting) >= self._capacity:
            oldest = next(iter(self._waiting))
            self._dropped += self._waiting.pop(oldest).count
        self._waiting[notice.key] = _Waiting(notice, held + count)

    def end_quiet(self, key: str) -> None:
        """Let the news of that key be told at once when it comes again, because it was over in between."""
        self._sent.pop(key, None)

    def take(self) -> Batch | None:
        """Take all that waits, or ``None`` from an empty pile. Afterwards it is either sent or put back."""
        if not self._waiting:
            return None
        batch = Batch(tuple(self._waiting.values()), self._dropped)
        self._waiting, self._dropped = {}, 0
        return batch

    def sent(self, batch: Batch, now: float) -> None:
        """Note that a batch reached the operator."""
        self._sent |= {each.notice.key: (now, 0) for each in batch.waiting}

    def put_back(self, batch: Batch, now: float) -> None:
        """Let a batch that could not be sent wait again, before what came in the meantime."""
        newer, self._waiting = self._waiting, {each.notice.key: each for each in batch.waiting}
        self._dropped += batch.dropped
        for each in newer.values():
            self.add(each.notice, now, each.count)

    def _forget(self, now: float) -> None:
        """Let go of old news, so that the memory of what was sent stays small."""
        if len(self._sent) > 2 * self._capacity:
            self._sent = {key: sent for key, sent in self._sent.items() if now - sent[0] < self._quiet}


def _line(each: _Waiting) -> str:
    text = shorten(each.notice.text, _TEXT)
    times = f" ({each.count} times)" if each.count > 1 else ""
    return f"{_MARKS[each.notice.severity]} **{shorten(each.notice.title, _TITLE)}**{times}" + (
        f": {text}" if text else ""
    )


def _text(each: _Waiting) -> str:
    times = f"({each.count} times)" if each.count > 1 else ""
    return f"{each.notice.text} {times}".strip()

"""What to read together: all tabs wanted from one spreadsheet at about the same time are one call. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Batch", "Want", "batches", "due"]


@dataclass(frozen=True, slots=True)
class Want:
    """One bucket's tab, and when it is to be read (monotonic seconds)."""

    bucket: str
    spreadsheet: str
    tab: str
    due_at: float


@dataclass(frozen=True, slots=True)
class Batch:
    """One call: tabs of one spreadsheet, each once, for buckets of which several may read the same tab."""

    spreadsheet: str
    wants: tuple[Want, ...]

    @property
    def tabs(self) -> tuple[str, ...]:
        """The tabs to read."""
        return tuple(dict.fromkeys(want.tab for want in self.wants))


def due(wants: Iterable[Want], now: float, horizon: float) -> tuple[Want, ...]:
    """Return what is to be read now.

    That is what is due, and whatever is due within ``horizon`` seconds in a spreadsheet that is read anyway.
    """
    wants = tuple(wants)
    read_anyway = {want.spreadsheet for want in wants if want.due_at <= now}
    return tuple(want for want in wants if want.spreadsheet in read_anyway and want.due_at <= now + horizon)


def batches(wants: Iterable[Want]) -> tuple[Batch, ...]:
    """Return one batch per spreadsheet, in the order in which spreadsheets are first wanted."""
    by_spreadsheet: dict[str, list[Want]] = {}
    for want in wants:
        by_spreadsheet.setdefault(want.spreadsheet, []).append(want)
    return tuple(Batch(spreadsheet, tuple(wanted)) for spreadsheet, wanted in by_spreadsheet.items())

"""Writes to spreadsheets that survive whatever happens after they were accepted: ``ctx.outbox``.

A write is accepted on disk before the call returns, and applied later: in the order of acceptance within a tab, tried
again while the store is down, once and never twice. One that cannot be applied becomes a dead letter, which an operator
can replay or drop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

__all__ = ["Outbox", "Write", "WriteKind", "WriteState"]


class WriteKind(StrEnum):
    """What a write does: add a row, or change cells of the row with its key."""

    APPEND = "append"
    UPDATE = "update"


class WriteState(StrEnum):
    """Where a write stands."""

    PENDING = "pending"
    APPLIED = "applied"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Write:
    """A write that was accepted.

    Args:
        number: Its place in the order of acceptance; names it to operators.
        name: What names it to its plugin: a second write with the same name is the first one.
        plugin: Whose it is.
        spreadsheet: Id of the spreadsheet.
        tab: Title of the tab.
        kind: Append or update.
        key: Header of the column whose text, whatever its case, identifies the row.
        values: Texts by header; cells under other headers stay as they are.
        expected: Texts by header that must be in the row before an update; empty for an append, which expects no row.
            ``None`` overwrites whatever is there.
        accepted_at: Instant (UTC).
        actor: Who asked.
        trace: Reference for the logs.
        state: Pending, applied or dead.
        attempts: How often the store was asked.
        error: Why the last attempt failed, or why it is dead.
        ended_at: When it was applied or found dead (UTC).
    """

    number: int
    name: str
    plugin: str
    spreadsheet: str
    tab: str
    kind: WriteKind
    key: str
    values: Mapping[str, str] = field(repr=False)
    expected: Mapping[str, str] | None = field(repr=False)
    accepted_at: datetime
    actor: str = ""
    trace: str = ""
    state: WriteState = WriteState.PENDING
    attempts: int = 0
    error: str = ""
    ended_at: datetime | None = None

    @property
    def row(self) -> str:
        """The text that identifies its row."""
        return self.values[self.key]


class Outbox(Protocol):
    """A plugin's durable writes. Needs the capability ``sheets.write``.

    Values are raw text: nothing becomes a number, a date or a formula. Headers must be written as the tab has them, but
    for their case. There must be a column that identifies rows; where the data has none, give the tab one for ids.
    """

    async def append(
        self,
        spreadsheet: str,
        tab: str,
        values: Mapping[str, str],
        *,
        key: str,
        name: str | None = None,
        admit: Callable[[], None] | None = None,
    ) -> Write:
        """Accept a row to be added; it is on disk when this returns.

        Whether the row was added although the answer got lost is told by its key: a row that is there with the same
        texts was; one with other texts makes the write a dead letter, and nothing is overwritten.

        Args:
            spreadsheet: Id of the spreadsheet.
            tab: Title of the tab.
            values: Texts by header.
            key: Header of the column that identifies rows; if ``values`` has none, its text is the write's name.
            name: Names this write among the plugin's own, such as ``f"place {interaction.id}"`` (an idempotency key):
                given twice, nothing is accepted the second time and the first write is returned as it stands. Without
                one a new name is made up.
            admit: Called when this write is the next to be accepted, and not if it was accepted before: nothing else is
                accepted until it returns and the write is in :meth:`pending`. What it raises refuses the write, so of
                many who want the last of something, one gets it. It must be quick.

        Raises:
            OutboxError: nothing was accepted, because too many writes wait or the disk cannot be used.
            ValueError: the values cannot be written to any tab.
        """
        ...

    async def update(
        self,
        spreadsheet: str,
        tab: str,
        values: Mapping[str, str],
        *,
        key: str,
        expected: Mapping[str, str] | None,
        name: str | None = None,
        admit: Callable[[], None] | None = None,
    ) -> Write:
        """Accept changes to cells of a row; they are on disk when this returns.

        Args:
            spreadsheet: Id of the spreadsheet.
            tab: Title of the tab.
            values: Texts by header; that under ``key`` says which row.
            key: Header of the column that identifies rows.
            expected: What the row was last seen to have under some headers. If it has something else when the change is
                applied, somebody else edited it: the write becomes a dead letter, and nothing is overwritten. ``None``
                overwrites whatever is there.
            name: As for :meth:`append`.
            admit: As for :meth:`append`.

        Raises:
            OutboxError: nothing was accepted, because too many writes wait or the disk cannot be used.
            ValueError: the values cannot be written to any tab.
        """
        ...

    async def settled(self, write: Write, *, within: float) -> Write:
        """Wait until a write is applied or dead, at most ``within`` seconds; return it as it stands then."""
        ...

    def pending(self, spreadsheet: str, tab: str, *, since: datetime | None = None) -> Sequence[Write]:
        """Return the writes, of all plugins, that a tab does not have yet, in order.

        Args:
            spreadsheet: Id of the spreadsheet.
            tab: Title of the tab.
            since: When the tab was last read, such as a snapshot's ``loaded_at``: what was applied after that is
                returned too, because the snapshot cannot show it.
        """
        ...

    def latest(
        self, spreadsheet: str, tab: str, row: str, *, key: str, since: datetime | None = None
    ) -> Mapping[str, str]:
        """Return what :meth:`pending` will leave in one row, by header; empty if nothing. For reading one's own writes.

        Args:
            spreadsheet: Id of the spreadsheet.
            tab: Title of the tab.
            row: The text that identifies the row.
            key: Header of the column that identifies rows.
            since: As for :meth:`pending`.
        """
        ...

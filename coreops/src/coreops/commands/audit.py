"""What is kept of every command: a record, its event, and a place in the audit trail if it is privileged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from coreops_hookspecs import AuditEntry, Logger, Tier
from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.telemetry import Audited, CommandCompleted, Event
from coreops_shared.changes import Change
from coreops_shared.redact import redact

__all__ = ["AuditRecord", "CommandLog", "PrivilegedTrail"]

_LONGEST = 200
"""Characters of a value that go into the trail."""


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who ran what, where, and how it ended.

    Args:
        at: Instant at which it ended (UTC).
        options: What was given, by option; values may be private and do not go into logs.
        needs: Tier that the command needs.
        outcome: As in :class:`coreops_hookspecs.telemetry.CommandCompleted`.
        duration: Seconds from receipt to answer.
        error: The error's own message, for operators; empty when it went well.
        changes: What is otherwise than before; goes into the trail, redacted, and not into logs.
    """

    at: datetime
    trace: str
    actor: str
    command: str
    plugin: str
    surface: str
    tier: Tier
    options: tuple[tuple[str, str], ...]
    needs: Tier
    guild_id: int | None
    channel_id: int
    outcome: str
    duration: float
    error: str
    changes: tuple[Change, ...] = ()


class CommandLog:
    """Puts records on the bus, from where they become log lines too.

    Args:
        publish: Puts an event on the bus.
    """

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish

    def __call__(self, record: AuditRecord) -> None:
        """Publish one record."""
        self._publish(
            CommandCompleted(
                at=record.at,
                trace=record.trace,
                actor=record.actor,
                command=record.command,
                plugin=record.plugin,
                surface=record.surface,
                outcome=record.outcome,
                duration=record.duration,
                tier=record.tier.label,
                guild_id=record.guild_id,
                channel_id=record.channel_id,
                error=record.error,
            )
        )


class PrivilegedTrail:
    """Adds what privileged commands did, and who tried them in vain, to the audit trail.

    Args:
        append: Adds a record. Raises CoreOpsError.
        publish: Puts each record's hash on the bus, from where it goes to the log, so that a shortened trail can be
            found out.
        log: Told of a record that could not be added.
    """

    def __init__(
        self,
        append: Callable[[AuditEntry], Awaitable[AuditEntry]],
        publish: Callable[[Event], None],
        log: Logger,
    ) -> None:
        self._append = append
        self._publish = publish
        self._log = log
        self._adding: set[asyncio.Task[None]] = set()

    def __call__(self, record: AuditRecord) -> None:
        """Add a record if its command is privileged; in the background, in order."""
        if record.needs > Tier.USER:
            task = asyncio.create_task(self._add(record), name="audit")
            self._adding.add(task)
            task.add_done_callback(self._adding.discard)

    async def settle(self) -> None:
        """Wait until everything is added."""
        if self._adding:
            await asyncio.wait(self._adding)

    async def _add(self, record: AuditRecord) -> None:
        entry = AuditEntry(
            at=record.at,
            trace=record.trace,
            actor=record.actor,
            command=record.command,
            plugin=record.plugin,
            surface=record.surface,
            options=tuple((name, redact(value)[:_LONGEST]) for name, value in record.options),
            guild_id=record.guild_id,
            channel_id=record.channel_id,
            outcome=record.outcome,
            error=redact(record.error)[:_LONGEST],
            changes=tuple(
                (change.what, redact(change.before)[:_LONGEST], redact(change.after)[:_LONGEST])
                for change in record.changes
            ),
        )
        try:
            added = await self._append(entry)
        except CoreOpsError as error:
            self._log.error(
                "a privileged command is missing from the audit trail", trace=record.trace, error=str(error)
            )
            return
        self._publish(
            Audited(
                at=record.at,
                trace=record.trace,
                actor=record.actor,
                number=added.number,
                command=record.command,
                outcome=record.outcome,
                hash=added.hash,
            )
        )

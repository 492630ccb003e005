"""One record of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["AuditEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who ran which privileged command, and how it ended; or which job changed something.

    Args:
        at: Instant at which it ended (UTC).
        trace: Reference for the logs.
        actor: ``user:<id>``; ``cron`` for a job by the clock; past Discord ``operator:<name>``, a name that was taken
            at its word.
        command: Its path, or the job's name.
        plugin: Its owner.
        surface: ``slash``, ``prefix`` or ``press``; ``http`` or ``cli`` for what came past Discord, ``job`` for a job.
        options: What was given, by option; secrets are redacted.
        guild_id: The server, ``None`` in a direct message.
        channel_id: The channel; 0 for what came past Discord.
        outcome: As in :class:`coreops_hookspecs.telemetry.CommandCompleted`.
        error: Why it did not go well; empty when it did.
        number: Its place in the trail, from 1; 0 before it is there.
        hash: Of this record and, through the one before, of all before it (SHA-256, hexadecimal digits).
        changes: What was changed, with how it was before and how it was after; secrets are redacted.
    """

    at: datetime
    trace: str
    actor: str
    command: str
    plugin: str
    surface: str
    options: tuple[tuple[str, str], ...]
    guild_id: int | None
    channel_id: int
    outcome: str
    error: str
    number: int = 0
    hash: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()

"""What is kept of every command: a record, its ``[command]`` log line and its event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from coreops_hookspecs import Logger, Surface, Tier
from coreops_hookspecs.telemetry import CommandCompleted, Event

__all__ = ["AuditRecord", "CommandLog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who ran what, where, and how it ended.

    Args:
        at: Instant at which it ended (UTC).
        options: Names of the options that were given; values may be private and are left out.
        outcome: As in :class:`coreops_hookspecs.telemetry.CommandCompleted`.
        duration: Seconds from receipt to answer.
        error: The error's own message, for operators; empty when it went well.
    """

    at: datetime
    trace: str
    actor: str
    command: str
    plugin: str
    surface: Surface
    tier: Tier
    options: tuple[str, ...]
    guild_id: int | None
    channel_id: int
    outcome: str
    duration: float
    error: str


class CommandLog:
    """Writes records to the log and the bus.

    Args:
        log: The structured logger.
        publish: Puts an event on the bus.
    """

    def __init__(self, log: Logger, publish: Callable[[Event], None]) -> None:
        self._log = log
        self._publish = publish

    def __call__(self, record: AuditRecord) -> None:
        """Write one record."""
        write = self._log.info if record.outcome == "ok" else self._log.warning
        write(
            f"[command] {record.command}",
            actor=record.actor,
            plugin=record.plugin,
            surface=record.surface,
            tier=record.tier.label,
            options=list(record.options),
            guild=record.guild_id,
            channel=record.channel_id,
            outcome=record.outcome,
            ms=round(record.duration * 1000),
            error=record.error,
        )
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
                guild_id=record.guild_id,
                channel_id=record.channel_id,
                error=record.error,
            )
        )

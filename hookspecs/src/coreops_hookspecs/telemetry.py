"""Frozen event types of the telemetry bus.

Events tell what happened, in the past tense; they are published by the runtime and by plugins through
``ctx.telemetry.publish`` and are seen by the ``coreops_telemetry`` hook.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun

__all__ = [
    "Audited",
    "CommandCompleted",
    "Event",
    "GatewayChanged",
    "HookFault",
    "JobCompleted",
    "Lifecycle",
    "Noted",
    "PluginChanged",
    "PluginStateChanged",
    "Quarantined",
    "RefreshCompleted",
    "Reloaded",
    "SheetsCalled",
    "WatchdogSignal",
    "WriteApplied",
    "WriteDied",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event carries.

    Args:
        at: Instant (UTC).
        trace: Id that ties the event to its first cause.
        actor: Who asked: ``user:<id>``, ``startup``, ``cron``, ``watch`` (somebody edited a folder of tables),
            ``plugin:<name>``, ``watchdog``.
    """

    at: datetime
    trace: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle(Event):
    """The runtime entered a phase: ``starting``, ``ready``, ``draining``, ``stopped``."""

    phase: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStateChanged(Event):
    """A plugin moved from one state to another."""

    plugin: str
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined(PluginStateChanged):
    """A plugin failed too often and is left alone until ``retry_at`` (UTC); ``new`` is ``quarantined``."""

    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded(Event):
    """Configuration, toggles and the buckets' times and tabs were read again. ``duration`` in seconds.

    ``result`` is ``ok``, or ``kept``: configuration stays as it was because it has problems. The figures count the
    keys, toggles and buckets that changed, and the problems of configuration and toggles.
    """

    result: str
    duration: float
    keys: int = 0
    toggles: int = 0
    buckets: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginChanged(Event):
    """An operator's order about a plugin was carried out, or was not. ``duration`` in seconds.

    ``action`` is one of :class:`coreops_hookspecs.PluginAction`; ``outcome`` is ``done``, ``planned``, ``leaked``,
    ``reboot needed``, ``rolled back`` or ``failed``, and ``refused`` when nothing was tried.
    """

    plugin: str
    action: str
    outcome: str
    detail: str = ""
    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HookFault(Event):
    """A guarded call into a plugin raised or ran out of time. ``duration`` in seconds."""

    plugin: str
    kind: str
    what: str
    outcome: str
    error: str
    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCompleted(Event):
    """A command was answered, whatever the answer. ``duration`` in seconds.

    ``outcome`` is ``ok``, ``denied``, ``usage``, ``cooldown``, ``unavailable``, ``upstream``, ``error`` or ``timeout``,
    ``lost`` when Discord did not take the answer, and ``flood`` for commands that were dropped because too many came at
    once; ``error`` counts them. ``tier`` is the caller's.
    """

    command: str
    plugin: str
    surface: str
    outcome: str
    duration: float
    tier: str = ""
    guild_id: int | None = None
    channel_id: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited(Event):
    """A privileged command was added to the audit trail, as record ``number``, sealed with ``hash``."""

    number: int
    command: str
    outcome: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsCalled(Event):
    """A call to the store of spreadsheets ended. ``duration`` in seconds, waiting and retries included.

    ``operation`` is ``read``, ``headers``, ``tabs``, ``modified_at``, ``append``, ``update``, ``upsert`` or ``clear``;
    ``attempts`` is how often the store was asked, 0 if the call never got its turn; ``error`` is empty if it went well.
    """

    operation: str
    spreadsheet: str
    tabs: tuple[str, ...]
    duration: float
    attempts: int
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCompleted(Event):
    """A bucket was refreshed, or the attempt failed."""

    result: RefreshResult


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCompleted(Event):
    """A job's run ended."""

    run: JobRun


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayChanged(Event):
    """The gateway connection changed: ``connected``, ``disconnected``, ``resumed``; ``ended`` when it must be opened
    anew, ``unreachable`` when that fails and is tried again."""

    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchdogSignal(Event):
    """The watchdog saw trouble or acted on it: ``signal`` is what, ``action`` what it did.

    For ``loop held`` the rest tells by whom: ``plugin``, or nobody's code when it is empty; ``file`` with the last two
    parts of its path, and ``line``; ``duration`` in seconds.
    """

    signal: str
    action: str
    detail: str = ""
    plugin: str = ""
    file: str = ""
    line: int = 0
    duration: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteApplied(Event):
    """A write of the outbox is in its tab. ``number`` names it; ``waited`` in seconds since it was accepted."""

    plugin: str
    tab: str
    number: int
    kind: str
    attempts: int
    waited: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDied(Event):
    """A write of the outbox cannot be applied and is a dead letter; ``error`` says why."""

    plugin: str
    tab: str
    number: int
    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """Something a plugin wants on record. Values are short texts or numbers, never message content."""

    plugin: str
    name: str
    values: tuple[tuple[str, str | int | float | bool], ...] = field(default=())

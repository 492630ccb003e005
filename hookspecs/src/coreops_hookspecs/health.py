"""Health checks and the reports that ``/health``, ``!ops health`` and the CLI show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coreops_hookspecs.context import PluginContext

__all__ = [
    "CheckResult",
    "Component",
    "Concern",
    "HealthChange",
    "HealthCheck",
    "HealthReport",
    "HealthStatus",
    "LoopBlock",
    "Losses",
    "PluginReport",
    "PluginState",
]


class HealthStatus(StrEnum):
    """Degraded serves, perhaps with old data; down does not serve."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a health check found.

    Args:
        status: How it is.
        detail: One short sentence with the cause, in English; people read it in their own language where the plugin's
            ``coreops_texts`` have it.
        values: What stands for the ``{placeholders}`` in it; without any the sentence is taken as it is.
    """

    status: HealthStatus
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A check that a plugin declares.

    Args:
        name: Name within the plugin, for example ``api``.
        check: Coroutine function called with the plugin's context.
        timeout: Longest time it may take; later counts as down.
        critical: Whether ``down`` makes the whole runtime not ready.
    """

    name: str
    check: Callable[[PluginContext], Awaitable[CheckResult]]
    timeout: timedelta = timedelta(seconds=5)
    critical: bool = False


class PluginState(StrEnum):
    """Where a plugin stands in its life; shown alike in the CLI, ``!ops plugins`` and ``/health``."""

    DISCOVERED = "discovered"
    INCOMPATIBLE = "incompatible"
    BLOCKED = "blocked"
    LOADING = "loading"
    ACTIVE = "active"
    DEGRADED = "degraded"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    UNLOADED = "unloaded"


@dataclass(frozen=True, slots=True)
class LoopBlock:
    """Code of a plugin that held the event loop for more than 250 ms, during which nobody was answered.

    Args:
        at: When it let go (UTC).
        duration: Seconds for which it held the loop, to about 50 ms.
        file: The last two parts of the path of the plugin's file.
        line: Line of that file at which it was found.
        function: Name of the function in that line.
        inner: What the plugin called there, such as ``time.sleep()``; empty when it was its own code.
    """

    at: datetime
    duration: float
    file: str
    line: int
    function: str
    inner: str = ""


@dataclass(frozen=True, slots=True)
class PluginReport:
    """What is publicly known of one plugin.

    Args:
        name: The plugin's name.
        version: Version of its distribution, or empty.
        distribution: Name of its distribution, or empty for one handed in by a test.
        state: Where it stands.
        reason: Why, for every state but active.
        since: Instant of the last change of state (UTC).
        retry_at: When a quarantined plugin is tried again (UTC).
        faults: Faults counted against it since the start.
        calls: Guarded calls that ended since the start. Access checks that had no objection are not among them.
        contributions: Number of contributions by kind, for example ``{"command": 4}``.
        failures: How many of the calls raised or ran out of time, for whatever reason; outages of services outside are
            failures and no faults.
        total_time: Seconds from begin to end of its calls together, waiting included; background tasks are not in it.
        p99: Seconds within which 99 of 100 of its latest 512 such calls ended, exact; ``None`` before the first.
        loop_time: Seconds for which its calls and tasks held the event loop together: the steps between two waits,
            with everything that they called, the runtime too. Tasks past ``ctx.tasks`` are not in it.
        blocks: How often it held the loop for more than 250 ms.
        last_block: The last time that it did.
        hooks: The hooks that it implements, by name.
        adds: The hooks that it adds for other plugins: their signatures by name.
    """

    name: str
    version: str
    distribution: str
    state: PluginState
    reason: str
    since: datetime
    retry_at: datetime | None
    faults: int
    calls: int
    contributions: dict[str, int]
    failures: int = 0
    total_time: float = 0.0
    p99: float | None = None
    loop_time: float = 0.0
    blocks: int = 0
    last_block: LoopBlock | None = None
    hooks: tuple[str, ...] = ()
    adds: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the runtime. ``since`` is the instant of the last change of status (UTC)."""

    name: str
    status: HealthStatus
    detail: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that is not as it should be, found once for every surface that shows it.

    Args:
        status: Degraded, or down.
        what: Which thing, and how it is: ``bucket clans is 41 min old``.
        cause: Why; may be empty.
        since: Since when (UTC), where that is known.
        next_at: When the runtime tries again by itself (UTC), if it does.
        command: Path of a command that helps now: ``ops refresh``; may be empty.
        argument: What is given to it: ``clans``.
        fix: What a person has to correct; may be empty.
    """

    status: HealthStatus
    what: str
    cause: str = ""
    since: datetime | None = None
    next_at: datetime | None = None
    command: str = ""
    argument: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class HealthChange:
    """A part of the runtime went from one status to another. ``at`` in UTC."""

    at: datetime
    component: str
    old: HealthStatus
    new: HealthStatus
    detail: str


@dataclass(frozen=True, slots=True)
class Losses:
    """What did not arrive since the start, on either way.

    Args:
        sessions: Gateway sessions that ended and could not be resumed: what Discord sent meanwhile is gone.
        seconds: For how long nothing was heard at the ends of those sessions.
        payloads: Payloads of the gateway that could not be decoded.
        answers: Commands whose answer Discord did not take.
    """

    sessions: int = 0
    seconds: float = 0.0
    payloads: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The whole runtime now.

    ``uptime`` and the gateway's figures are in seconds, ``None`` where unknown; ``ready`` is what ``/ready`` answers.
    ``changes`` are the latest changes of status, newest first; ``concerns`` what is not as it should be, gravest first.
    """

    status: HealthStatus
    ready: bool
    phase: str
    bot: str
    env: str
    bot_version: str
    coreops_version: str
    pid: int
    started_at: datetime
    uptime: float
    gateway_connected: bool
    gateway_latency: float | None
    last_event_age: float | None
    loop_lag: float | None
    components: tuple[Component, ...]
    losses: Losses = Losses()
    changes: tuple[HealthChange, ...] = ()
    concerns: tuple[Concern, ...] = ()

"""Health: the status of each part, folded into one for the whole runtime.

A part that is down takes the whole down only if it is critical; everything else that is not ok means degraded, which
serves, perhaps with old data.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops.telemetry.phrases import duration, error_text
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.health import (
    CheckResult,
    Component,
    HealthChange,
    HealthCheck,
    HealthReport,
    HealthStatus,
    Losses,
)
from coreops_hookspecs.telemetry import CommandCompleted, Event, GatewayChanged, PluginStateChanged, RefreshCompleted
from coreops_shared.clock import Clock
from coreops_shared.texts import translated

__all__ = ["HealthService", "Identity", "Vitals", "fold"]

_CHECK_EVERY: Final = 15.0
"""Seconds for which the answer of a plugin's check is used again: a page that is polled must not wear a service out."""
_CHANGES: Final = 50
"""How many changes of status are kept."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs, and since when (UTC)."""

    bot: str
    env: str
    bot_version: str
    coreops_version: str
    pid: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Vitals:
    """Figures of the gateway and the event loop, in seconds; ``None`` where unknown. ``losses`` without answers."""

    gateway_connected: bool = False
    gateway_latency: float | None = None
    last_event_age: float | None = None
    loop_lag: float | None = None
    losses: Losses = field(default_factory=Losses)


@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    plugin: str
    declared: HealthCheck
    run: Callable[[], Awaitable[CheckResult]]

    @property
    def name(self) -> str:
        return f"{self.plugin}.{self.declared.name}"


@dataclass(frozen=True, slots=True, eq=False)
class _Probe:
    name: str
    read: Callable[[], CheckResult]
    critical: bool


class HealthService:
    """Knows how every part of the runtime is.

    Args:
        identity: Who runs.
        clock: Source of time.
        guard: Door to plugins' checks.
        vitals: Reads the gateway's and the loop's figures.
    """

    def __init__(
        self, identity: Identity, *, clock: Clock, guard: Guard, vitals: Callable[[], Vitals] = Vitals
    ) -> None:
        self._identity = identity
        self._clock = clock
        self._guard = guard
        self._vitals = vitals
        self._born = clock.monotonic()
        self._set: dict[str, tuple[CheckResult, bool]] = {}
        self._probes: list[_Probe] = []
        self._checks: dict[str, _Check] = {}
        self._answers: dict[str, tuple[float, CheckResult]] = {}
        self._since: dict[str, Component] = {}
        self._unanswered = 0
        self._changes: deque[HealthChange] = deque(maxlen=_CHANGES)
        self._asking: asyncio.Task[None] | None = None
        self.phase = "starting"
        """``starting``, ``ready``, ``draining`` or ``stopped``."""

    @property
    def identity(self) -> Identity:
        """Who runs."""
        return self._identity

    def set_component(self, name: str, status: HealthStatus, detail: str = "", *, critical: bool = True) -> None:
        """Say how a part of the runtime is.

        Args:
            name: The part.
            status: How it is now.
            detail: One short sentence with the cause.
            critical: Whether the runtime cannot serve without it.
        """
        self._set[name] = (CheckResult(status, detail), critical)
        self._component(name, self._set[name][0])

    def watch(self, name: str, read: Callable[[], CheckResult], *, critical: bool = False) -> Callable[[], None]:
        """Ask ``read`` how a part of the runtime is each time somebody wants to know. Returns what ends that."""
        probe = _Probe(name, read, critical)
        self._probes.append(probe)
        return partial(self._probes.remove, probe)

    def add_check(
        self, plugin: str, check: HealthCheck, run: Callable[[], Awaitable[CheckResult]]
    ) -> Callable[[], None]:
        """Take up a plugin's check. Returns what removes it.

        Raises:
            DeclarationError: the plugin has another check of that name.
        """
        added = _Check(plugin, check, run)
        if added.name in self._checks:
            msg = f"health check {check.name!r} of plugin {plugin!r} is declared twice; rename one"
            raise DeclarationError(msg)
        self._checks[added.name] = added
        return partial(self._remove, added)

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the names of a plugin's checks."""
        return tuple(name for name, check in self._checks.items() if check.plugin == plugin)

    async def report(self) -> HealthReport:
        """Return how the runtime is, after asking the plugins' checks."""
        await self._ask()
        components, status = self._assess(_said)
        who, vitals = self._identity, self._vitals()
        return HealthReport(
            status=status,
            ready=self._is_ready(status),
            phase=self.phase,
            bot=who.bot,
            env=who.env,
            bot_version=who.bot_version,
            coreops_version=who.coreops_version,
            pid=who.pid,
            started_at=who.started_at,
            uptime=self._clock.monotonic() - self._born,
            gateway_connected=vitals.gateway_connected,
            gateway_latency=vitals.gateway_latency,
            last_event_age=vitals.last_event_age,
            loop_lag=vitals.loop_lag,
            components=components,
            changes=tuple(self._changes),
            losses=replace(vitals.losses, answers=self._unanswered),
        )

    async def observe(self, event: Event) -> None:
        """Look at the parts when something changed, so that ``since`` is right although nobody asked. For the bus."""
        if isinstance(event, CommandCompleted) and event.outcome == "lost":
            self._unanswered += 1
        if isinstance(event, GatewayChanged | PluginStateChanged | RefreshCompleted):
            self._assess()

    async def ready(self) -> bool:
        """Tell whether commands are answered; outside the phase ``ready`` no check is asked."""
        if self.phase != "ready":
            return False
        await self._ask()
        return self._is_ready(self._assess()[1])

    def _is_ready(self, status: HealthStatus) -> bool:
        return self.phase == "ready" and status is not HealthStatus.DOWN

    def _assess(self, detail: Callable[[CheckResult], str] | None = None) -> tuple[tuple[Component, ...], HealthStatus]:
        """Return the parts, each with its ``detail`` in English unless it is to be said otherwise, and the whole."""
        found = [(name, *known) for name, known in self._set.items()]
        found += [(probe.name, probe.read(), probe.critical) for probe in self._probes]
        found += [
            (name, self._answers[name][1], check.declared.critical)
            for name, check in self._checks.items()
            if name in self._answers
        ]
        components = tuple(self._component(name, result) for name, result, _ in found)
        if detail is not None:
            told = zip(components, found, strict=True)
            components = tuple(replace(each, detail=detail(result)) for each, (_, result, _) in told)
        return components, fold((result.status, critical) for _, result, critical in found)

    def _component(self, name: str, result: CheckResult) -> Component:
        before, now = self._since.get(name), self._clock.now()
        same = before is not None and before.status is result.status
        detail = _english(result)
        component = Component(name, result.status, detail, before.since if same and before else now)
        if before is not None and not same:
            self._changes.appendleft(HealthChange(now, name, before.status, result.status, detail))
        self._since[name] = component
        return component

    async def _ask(self) -> None:
        """Ask the checks whose answers are old; callers at the same time share the asking."""
        if self._asking is None:
            now = self._clock.monotonic()
            old = [
                check
                for name, check in self._checks.items()
                if name not in self._answers or now - self._answers[name][0] >= _CHECK_EVERY
            ]
            if not old:
                return
            self._asking = asyncio.create_task(self._ask_all(old), name="health checks")
        await asyncio.shield(self._asking)

    async def _ask_all(self, checks: Iterable[_Check]) -> None:
        try:
            await asyncio.gather(*map(self._ask_one, checks))
        finally:
            self._asking = None

    async def _ask_one(self, check: _Check) -> None:
        limit = check.declared.timeout.total_seconds()
        outcome = await self._guard.call(check.plugin, CallKind.CHECK, check.name, check.run, timeout=limit)
        if self._checks.get(check.name) is check:
            self._answers[check.name] = (self._clock.monotonic(), _result(outcome, limit))

    def _remove(self, check: _Check) -> None:
        if self._checks.get(check.name) is check:
            del self._checks[check.name]
            self._answers.pop(check.name, None)
            self._since.pop(check.name, None)


def fold(parts: Iterable[tuple[HealthStatus, bool]]) -> HealthStatus:
    """Return the status of a whole from its parts' statuses and whether each is critical."""
    worst = HealthStatus.OK
    for status, critical in parts:
        if status is HealthStatus.DOWN and critical:
            return HealthStatus.DOWN
        if status is not HealthStatus.OK:
            worst = HealthStatus.DEGRADED
    return worst


def _english(result: CheckResult) -> str:
    return result.detail.format(**result.values) if result.values else result.detail


def _said(result: CheckResult) -> str:
    """Return its detail in the language of whoever is spoken to."""
    text = translated(result.detail)
    return text.format(**result.values) if result.values else text


def _result(outcome: Outcome[CheckResult], limit: float) -> CheckResult:
    if outcome.status is OutcomeStatus.TIMEOUT:
        return CheckResult(HealthStatus.DOWN, "no answer within {span}", {"span": duration(limit)})
    if outcome.status is OutcomeStatus.SKIPPED:
        return CheckResult(HealthStatus.DEGRADED, "not asked: {reason}", {"reason": outcome.reason})
    if not outcome.ok:
        return CheckResult(HealthStatus.DOWN, error_text(outcome.error))
    if not isinstance(outcome.value, CheckResult):
        return CheckResult(HealthStatus.DOWN, f"the check returned {type(outcome.value).__name__}, not CheckResult")
    return outcome.value

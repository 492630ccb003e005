"""The guard: the one door to plugin code.

Every hook, command, listener, job, check, route and task of a plugin is entered here. The guard sets the current
plugin, holds the deadline, keeps the account, counts faults and gives back an :class:`Outcome`; it never raises what
the plugin raised. Cancellation from outside is let through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from coreops.plugins.breaker import Breaker, BreakerPolicy
from coreops.plugins.deadlines import Deadlines
from coreops.plugins.outcomes import CallKind, Outcome, OutcomeStatus, is_fault
from coreops.plugins.states import PluginStates
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import Clock

__all__ = ["Account", "CallKind", "Fault", "Guard", "Outcome", "OutcomeStatus"]

T = TypeVar("T")

_current: ContextVar[str] = ContextVar("coreops_current_plugin", default="")


@dataclass(frozen=True, slots=True)
class Fault:
    """A guarded call that ended badly through the plugin's own doing. ``duration`` in seconds."""

    plugin: str
    kind: CallKind
    what: str
    outcome: OutcomeStatus
    error: BaseException
    duration: float


@dataclass(slots=True)
class Account:
    """What a plugin has cost so far. ``seconds`` is wall time inside guarded calls, waiting included."""

    calls: int = 0
    faults: int = 0
    skipped: int = 0
    seconds: float = 0.0


class Guard:
    """Calls plugin code and tells how it ended.

    Args:
        clock: Source of time for accounts and breakers.
        states: Where the plugins stand; the guard moves them into quarantine and back.
        on_fault: Told of every fault; must not raise.
        policy: When a plugin is put into quarantine.
    """

    def __init__(
        self,
        clock: Clock,
        states: PluginStates,
        on_fault: Callable[[Fault], None],
        policy: BreakerPolicy | None = None,
    ) -> None:
        self._clock = clock
        self._states = states
        self._on_fault = on_fault
        self._policy = policy or BreakerPolicy()
        self._breakers: dict[str, Breaker] = {}
        self._accounts: dict[str, Account] = {}
        self._deadlines = Deadlines()

    @property
    def current(self) -> str:
        """Name of the plugin whose code is running, or an empty text outside of plugin code."""
        return _current.get()

    def account(self, plugin: str) -> Account:
        """Return the account of a plugin."""
        return self._accounts.setdefault(plugin, Account())

    def available(self, plugin: str) -> str:
        """Return an empty text when calls into the plugin are let through, else why they are not."""
        standing = self._states.get(plugin)
        if standing is None:
            return f"plugin {plugin!r} is not installed"
        if not standing.serving:
            return f"plugin {plugin!r} is {standing.state}" + (f": {standing.reason}" if standing.reason else "")
        breaker = self._breakers.get(plugin)
        if breaker is not None and breaker.is_open(self._clock.monotonic()):
            return f"plugin {plugin!r} is in quarantine: {standing.reason}"
        return ""

    async def call(
        self,
        plugin: str,
        kind: CallKind,
        what: str,
        function: Callable[..., Awaitable[T]],
        *args: Any,
        timeout: float | None,  # noqa: ASYNC109 - the deadline is the guard's own business
        always: bool = False,
    ) -> Outcome[T]:
        """Await ``function(*args)`` on behalf of a plugin.

        Args:
            plugin: Whose code it is.
            kind: By which door.
            what: Name of the hook, command, job … for logs.
            function: Coroutine function.
            args: Its arguments.
            timeout: Seconds until it is cancelled, met late by up to 50 ms; ``None`` for no deadline.
            always: Call even a quarantined plugin, as at shutdown.
        """
        if refusal := self._enter(plugin, always=always):
            return Outcome(OutcomeStatus.SKIPPED, reason=refusal)
        started = self._clock.monotonic()
        token = _current.set(plugin)
        task = asyncio.current_task()
        cancelling = task.cancelling() if task is not None else 0
        slot = None if timeout is None else self._deadlines.open(timeout)
        value: T | None = None
        error: BaseException | None = None
        try:
            value = await function(*args)
        except asyncio.CancelledError as cancelled:
            from_outside = task is not None and task.cancelling() > cancelling
            if from_outside and not (slot is not None and slot.expired):
                self._breaker(plugin).withdraw()
                raise
            error = cancelled
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - the guard is where plugin errors end
            error = raised
        finally:
            _current.reset(token)
            if slot is not None:
                self._deadlines.close(slot)
        status = OutcomeStatus.OK if error is None else OutcomeStatus.ERROR
        if slot is not None and slot.expired:
            if not slot.absorb():
                self._breaker(plugin).withdraw()
                raise asyncio.CancelledError
            status, error = OutcomeStatus.TIMEOUT, TimeoutError(f"{what} took longer than {timeout:g} s")
        return self._leave(plugin, kind, what, Outcome(status, value, error, self._clock.monotonic() - started))

    def call_sync(self, plugin: str, kind: CallKind, what: str, function: Callable[..., T], *args: Any) -> Outcome[T]:
        """Call a synchronous function of a plugin, such as a declaring hook. It has no deadline."""
        if refusal := self._enter(plugin):
            return Outcome(OutcomeStatus.SKIPPED, reason=refusal)
        started = self._clock.monotonic()
        token = _current.set(plugin)
        value: T | None = None
        error: BaseException | None = None
        try:
            value = function(*args)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - the guard is where plugin errors end
            error = raised
        finally:
            _current.reset(token)
        status = OutcomeStatus.OK if error is None else OutcomeStatus.ERROR
        return self._leave(plugin, kind, what, Outcome(status, value, error, self._clock.monotonic() - started))

    def report_fault(self, plugin: str, kind: CallKind, what: str, error: BaseException) -> None:
        """Count an error that reached the runtime by another way than a guarded call."""
        if is_fault(error):
            self._count(Fault(plugin, kind, what, OutcomeStatus.ERROR, error, 0.0))

    def reinstate(self, plugin: str) -> None:
        """End a plugin's quarantine now."""
        if (breaker := self._breakers.get(plugin)) is not None:
            breaker.reset()
        standing = self._states.get(plugin)
        if standing is not None and standing.state is PluginState.QUARANTINED:
            self._states.change(plugin, PluginState.ACTIVE)

    def _breaker(self, plugin: str) -> Breaker:
        breaker = self._breakers.get(plugin)
        if breaker is None:
            breaker = self._breakers[plugin] = Breaker(self._policy)
        return breaker

    def _enter(self, plugin: str, *, always: bool = False) -> str:
        standing = self._states.get(plugin)
        if standing is None or not standing.serving:
            return self.available(plugin)
        if always or self._breaker(plugin).allow(self._clock.monotonic()):
            return ""
        self.account(plugin).skipped += 1
        return self.available(plugin)

    def _leave(self, plugin: str, kind: CallKind, what: str, outcome: Outcome[T]) -> Outcome[T]:
        account = self.account(plugin)
        account.calls += 1
        account.seconds += outcome.duration
        if outcome.fault and outcome.error is not None:
            self._count(Fault(plugin, kind, what, outcome.status, outcome.error, outcome.duration))
        elif self._breaker(plugin).success():
            self._states.change(plugin, PluginState.ACTIVE)
        return outcome

    def _count(self, fault: Fault) -> None:
        self.account(fault.plugin).faults += 1
        self._on_fault(fault)
        breaker = self._breaker(fault.plugin)
        standing = self._states.get(fault.plugin)
        if not breaker.fault(self._clock.monotonic()) or breaker.retry_at is None or standing is None:
            return
        if standing.state is PluginState.LOADING:
            return  # the manager decides about a plugin that fails while it is loaded
        wait = timedelta(seconds=breaker.retry_at - self._clock.monotonic())
        reason = f"{self._policy.faults} faults within {self._policy.window:g} s, the last in {fault.kind} {fault.what}"
        retry_at = self._clock.now() + wait
        self._states.change(fault.plugin, PluginState.QUARANTINED, reason, retry_at=retry_at)

"""The guard: the one door to plugin code.

Every hook, command, listener, job, check, route and task of a plugin is entered here. The guard sets the current
plugin, holds the deadline, keeps the account, counts faults and gives back an :class:`Outcome`; it never raises what
the plugin raised. Cancellation from outside is let through.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import CoroutineType
from typing import Any, Final, TypeVar

from coreops.plugins.batch import Batch
from coreops.plugins.breaker import BreakerPolicy
from coreops.plugins.deadlines import Deadlines, Slot
from coreops.plugins.gate import Gate
from coreops.plugins.outcomes import CallKind, Outcome, OutcomeStatus, is_fault
from coreops.plugins.states import PluginStates
from coreops.plugins.steps import Steps
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import Clock

__all__ = ["CallKind", "Fault", "Guard", "Outcome", "OutcomeStatus"]

T = TypeVar("T")

_OK: Final = OutcomeStatus.OK  # an enum member costs a search in the enum's class each time it is named
_TASK: Final = CallKind.TASK
_NOTHING: Final = object()

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


class _Call:
    """What is being called, shared by the calls of one hook.

    ``slot`` is the deadline, if one is open; ``timeout`` is that of a call which opens it when it first waits: most
    calls end without, and while one holds the loop nothing could cancel it anyway.
    """

    __slots__ = ("kind", "slot", "timeout", "what")

    def __init__(self, kind: CallKind, what: str, slot: Slot | None = None, timeout: float | None = None) -> None:
        self.kind = kind
        self.what = what
        self.slot = slot
        self.timeout = timeout


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
        self._monotonic = clock.monotonic
        self._states = states
        self._on_fault = on_fault
        self._policy = policy or BreakerPolicy()
        self._gates: dict[str, Gate] = {}
        self._deadlines = Deadlines()

    @property
    def current(self) -> str:
        """Name of the plugin whose code is running, or an empty text outside of plugin code."""
        return _current.get()

    def gate(self, plugin: str) -> Gate:
        """Return the gate of a plugin, which holds its account; always the same object."""
        gate = self._gates.get(plugin)
        if gate is None:
            gate = self._gates[plugin] = Gate(plugin, self._states.seat(plugin), self._policy)
        return gate

    def available(self, plugin: str) -> str:
        """Return an empty text when calls into the plugin are let through, else why they are not."""
        gate = self._gates.get(plugin)
        if gate is not None and gate.seat.open:
            return ""
        return self.gate(plugin).refusal(self._monotonic())

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
        task = _running_task()
        call = _Call(kind, what, timeout=timeout)
        token = _current.set(plugin)
        try:
            return await self._run(self.gate(plugin), call, function, args, always=always, cancelling=task.cancelling())
        finally:
            _current.reset(token)
            if call.slot is not None:
                self._deadlines.close(call.slot)

    def begin(
        self,
        calls: Sequence[T],
        make: Callable[[T], Awaitable[None]],
        started: Callable[[asyncio.Task[None]], None],
    ) -> None:
        """Begin ``make(each)`` for each, all at the same time and with as few tasks as that takes (:mod:`.batch`).

        Args:
            calls: What is to be done.
            make: Does one, by way of :meth:`call`; if it cancels its own task the others go on.
            started: Told of each task, at the end of which its work is done.
        """
        Batch(calls, make, _current, started=started).begin()

    async def gather(
        self,
        kind: CallKind,
        what: str,
        calls: Sequence[tuple[Gate, Callable[..., Awaitable[Any]], Sequence[Any]]],
        *,
        timeout: float,  # noqa: ASYNC109 - the deadline is the guard's own business
    ) -> list[Outcome[Any]]:
        """Await calls into several plugins at the same time, under one deadline; outcomes in the order of the calls.

        A call for which the others left no time is a timeout that its plugin is not blamed for.
        """
        slot = self._deadlines.open(timeout)
        call = _Call(kind, what, slot)

        def make(each: tuple[Gate, Callable[..., Awaitable[Any]], Sequence[Any]]) -> Awaitable[Outcome[Any]]:
            return self._run(each[0], call, each[1], each[2], own_context=True)

        def missing(each: tuple[Gate, Callable[..., Awaitable[Any]], Sequence[Any]], begun: bool) -> Outcome[Any]:
            if begun:
                return Outcome(OutcomeStatus.SKIPPED, reason=f"{what} of {each[0].plugin!r} was cancelled")
            late = f"{what} was not begun within {timeout:g} s, while another plugin held the event loop"
            return Outcome(OutcomeStatus.TIMEOUT, error=TimeoutError(late))

        try:
            joined = slot.tasks.append
            return await Batch(calls, make, _current, started=joined, missing=missing, over=lambda: slot.expired).run()
        finally:
            self._deadlines.close(slot)

    def enter_sync(self, gate: Gate) -> str:
        """Take a passage for a synchronous call into a plugin that is not open; return why not, or an empty text."""
        return gate.enter(self._monotonic())

    def passed_sync(self, gate: Gate) -> None:
        """Note that the call for which :meth:`enter_sync` took a passage has returned."""
        if gate.breaker.success():
            self._states.change(gate.plugin, PluginState.ACTIVE)

    def failed_sync(self, gate: Gate, kind: CallKind, what: str, error: BaseException) -> Outcome[Any]:
        """Account for a synchronous call that the hook table made itself, and that raised."""
        return self._failed(gate, _Call(kind, what), OutcomeStatus.ERROR, error, self._monotonic())

    def report_fault(self, plugin: str, kind: CallKind, what: str, error: BaseException) -> None:
        """Count an error that reached the runtime by another way than a guarded call."""
        if is_fault(error):
            self._count(self.gate(plugin), Fault(plugin, kind, what, OutcomeStatus.ERROR, error, 0.0))

    def quarantine(self, plugin: str, reason: str, until: datetime | None = None) -> None:
        """Skip a plugin's calls from now on; one that is going on ends as it would have.

        Args:
            plugin: One that serves.
            reason: Why, for people.
            until: From when on one call decides whether it serves again (UTC); ``None`` for not before
                :meth:`reinstate`.
        """
        seconds = math.inf if until is None else (until - self._clock.now()).total_seconds()
        self.gate(plugin).breaker.hold(self._monotonic() + seconds)
        self._states.change(plugin, PluginState.QUARANTINED, reason, retry_at=until)

    def reinstate(self, plugin: str) -> None:
        """End a plugin's quarantine now."""
        self.gate(plugin).breaker.reset()
        standing = self._states.get(plugin)
        if standing is not None and standing.state is PluginState.QUARANTINED:
            self._states.change(plugin, PluginState.ACTIVE)

    async def _run(
        self,
        gate: Gate,
        call: _Call,
        function: Callable[..., Awaitable[T]],
        args: Sequence[Any],
        *,
        always: bool = False,
        own_context: bool = False,
        cancelling: int = 0,
    ) -> Outcome[T]:
        if own_context:  # a task of its own has a context of its own, so nothing is to be set back
            _current.set(gate.plugin)
        started = self._monotonic()
        decides = call.kind is not _TASK  # a task may run for days, and all other calls would wait for its verdict
        if not gate.seat.open and (refusal := gate.enter(started, always=always, decides=decides)):
            return Outcome(OutcomeStatus.SKIPPED, reason=refusal)
        value: T | None = None
        waits: Any = _NOTHING
        error: BaseException | None = None
        flight = gate.flight if decides else None  # a background task is no call that could be waited for
        if flight is not None:
            flight.count += 1
        try:
            running = function(*args)
            if type(running) is CoroutineType:
                try:
                    waits = running.send(None)
                except StopIteration as ended:  # without a wait, as most do
                    value = ended.value
                finally:
                    gate.loop_time += self._monotonic() - started
                if waits is not _NOTHING:
                    self._watch(call, started)
                    value = await Steps(gate, running, self._monotonic, waits)
            else:  # a future or an awaitable of C, which cannot be stepped through
                self._watch(call, started)
                value = await running
        except (Exception, SystemExit, KeyboardInterrupt, asyncio.CancelledError) as raised:  # noqa: BLE001 - it ends here
            error = raised
        if flight is not None:
            flight.count -= 1
            if flight.idle is not None and not flight.count:
                flight.idle.set()
        if error is None and call.slot is None:
            return self._returned(gate, call.kind, value, started)
        return self._ended(gate, call, (value, error), started, cancelling)

    def _watch(self, call: _Call, started: float) -> None:
        if call.timeout is not None:
            spent = self._monotonic() - started
            call.slot = self._deadlines.open(call.timeout, _running_task(), spent=spent)

    def _ended(
        self,
        gate: Gate,
        call: _Call,
        result: tuple[T | None, BaseException | None],
        started: float,
        cancelling: int,
    ) -> Outcome[T]:
        value, error = result
        slot = call.slot
        if slot is not None and slot.expired:
            return self._late(gate, call, slot, started, cancelling)
        if error is None:
            return self._returned(gate, call.kind, value, started)
        if isinstance(error, asyncio.CancelledError) and _running_task().cancelling() > cancelling:
            gate.breaker.withdraw()
            raise error
        return self._failed(gate, call, OutcomeStatus.ERROR, error, started)

    def _late(self, gate: Gate, call: _Call, slot: Slot, started: float, cancelling: int) -> Outcome[Any]:
        # as in asyncio.timeout: take back our own cancellation; one from outside at the same time wins
        if _running_task().uncancel() > cancelling:
            gate.breaker.withdraw()
            raise asyncio.CancelledError
        error = TimeoutError(f"{call.what} took longer than {slot.seconds:g} s")
        return self._failed(gate, call, OutcomeStatus.TIMEOUT, error, started)

    def _returned(self, gate: Gate, kind: CallKind, value: T | None, started: float) -> Outcome[T]:
        duration = self._monotonic() - started
        gate.calls += 1
        if kind is not _TASK:  # a task may run for days, which tells nothing of how fast the plugin answers
            gate.total_time += duration
            gate.recent.append(duration)
        if gate.breaker.retry_at is not None and gate.breaker.success():
            self._states.change(gate.plugin, PluginState.ACTIVE)
        return Outcome(_OK, value, None, duration)

    def _failed(
        self, gate: Gate, call: _Call, status: OutcomeStatus, error: BaseException, started: float
    ) -> Outcome[Any]:
        duration = self._monotonic() - started
        gate.calls += 1
        gate.failures += 1
        if call.kind is not _TASK:
            gate.total_time += duration
            gate.recent.append(duration)
        if is_fault(error):
            self._count(gate, Fault(gate.plugin, call.kind, call.what, status, error, duration))
        elif gate.breaker.success():
            self._states.change(gate.plugin, PluginState.ACTIVE)
        return Outcome(status, None, error, duration)

    def _count(self, gate: Gate, fault: Fault) -> None:
        gate.faults += 1
        self._on_fault(fault)
        now = self._monotonic()
        standing = gate.seat.standing
        if standing is None or standing.state is PluginState.LOADING:
            return  # the manager decides about a plugin that fails while it is loaded
        if not gate.breaker.fault(now) or gate.breaker.retry_at is None:
            return
        reason = f"{self._policy.faults} faults within {self._policy.window:g} s, the last in {fault.kind} {fault.what}"
        retry_at = self._clock.now() + timedelta(seconds=gate.breaker.retry_at - now)
        self._states.change(fault.plugin, PluginState.QUARANTINED, reason, retry_at=retry_at)


def _running_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"
    return task

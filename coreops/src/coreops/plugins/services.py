"""The services that belong to one plugin and end with it: tasks, outgoing HTTP, durable values, telemetry."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.ledger import Contribution, Ledger
from coreops_hookspecs.cache import BucketStatus
from coreops_hookspecs.digest import Digest
from coreops_hookspecs.health import HealthReport, PluginReport
from coreops_hookspecs.jobs import JobStatus
from coreops_hookspecs.sheets import SheetsQuota
from coreops_hookspecs.telemetry import Event, Noted
from coreops_shared import trace
from coreops_shared.clock import Clock

if TYPE_CHECKING:
    import aiohttp

__all__ = ["KeyValues", "PluginHttp", "PluginState", "PluginTasks", "PluginTelemetry", "SharedTelemetry"]

T = TypeVar("T")

STOP_GRACE = 5.0
"""Seconds that a plugin's cancelled tasks get to end."""


class KeyValues(Protocol):
    """The part of the state store that plugins reach, by plugin and key."""

    async def kv_get(self, plugin: str, key: str) -> str | None: ...
    async def kv_set(self, plugin: str, key: str, value: str) -> None: ...
    async def kv_delete(self, plugin: str, key: str) -> None: ...


class SharedTelemetry(Protocol):
    """What all plugins share of the telemetry; a plugin's own notes are added here."""

    def publish(self, event: Event) -> None: ...
    async def health(self) -> HealthReport: ...
    async def digest(self) -> Digest: ...
    def plugins(self) -> Sequence[PluginReport]: ...
    def buckets(self) -> Sequence[BucketStatus]: ...
    def jobs(self) -> Sequence[JobStatus]: ...
    def quota(self) -> SheetsQuota | None: ...
    def recent(self, limit: int = 50) -> Sequence[Event]: ...


class PluginTasks:
    """Background tasks of one plugin: guarded, in the ledger, cancelled at unload."""

    def __init__(self, plugin: str, guard: Guard, ledger: Ledger, numbers: Iterator[int]) -> None:
        self._plugin = plugin
        self._guard = guard
        self._ledger = ledger
        self._numbers = numbers
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Run a coroutine in the background; a task that is refused or fails ends with an exception."""
        label = f"{self._plugin}.{name}#{next(self._numbers)}"
        task = asyncio.create_task(self._run(coroutine, label), name=label)
        entry = self._ledger.record(self._plugin, "task", label, lambda: lambda: _cancel(task))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(done, coroutine, entry))
        return task

    async def close(self) -> tuple[str, ...]:
        """Cancel what still runs and wait for it, at most :data:`STOP_GRACE` seconds; return what did not end."""
        running = [task for task in self._tasks if not task.done()]
        for task in running:
            task.cancel()
        if not running:
            return ()
        _, left = await asyncio.wait(running, timeout=STOP_GRACE)
        return tuple(sorted(task.get_name() for task in left))

    async def _run(self, coroutine: Coroutine[Any, Any, T], label: str) -> T:
        async def body() -> T:
            return await coroutine

        outcome = await self._guard.call(self._plugin, CallKind.TASK, label, body, timeout=None)
        if outcome.ok:
            return outcome.value  # type: ignore[return-value]  # an ok outcome carries the result, None included
        raise outcome.error or RuntimeError(outcome.reason)

    def _ended(self, task: asyncio.Task[Any], coroutine: Coroutine[Any, Any, Any], entry: Contribution) -> None:
        self._tasks.discard(task)
        self._ledger.strike(entry)
        coroutine.close()  # one that was refused, or cancelled before its first step, has not begun
        if not task.cancelled():
            task.exception()  # the guard has reported it; asyncio need not warn that nobody asked


def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()


class PluginHttp:
    """Outgoing HTTP of one plugin, through a session of its own that is made at first use."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session; total time of a request is bounded to 30 s unless the plugin says otherwise."""
        import aiohttp  # only plugins that use HTTP pay for it

        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        return self._session

    async def close(self) -> None:
        """Close the session, if one was made."""
        if self._session is not None:
            await self._session.close()


class PluginState:
    """Durable values of one plugin."""

    def __init__(self, plugin: str, store: KeyValues) -> None:
        self._plugin = plugin
        self._store = store

    async def get(self, key: str) -> str | None:
        """Return the value of ``key``, or ``None``."""
        return await self._store.kv_get(self._plugin, key)

    async def set(self, key: str, value: str) -> None:
        """Keep ``value`` under ``key``; it is on disk when this returns."""
        await self._store.kv_set(self._plugin, key, value)

    async def delete(self, key: str) -> None:
        """Forget ``key``; an unknown one does nothing."""
        await self._store.kv_delete(self._plugin, key)


class PluginTelemetry:
    """The runtime's telemetry as one plugin sees it: the public payloads, and notes in its own name."""

    def __init__(self, plugin: str, shared: SharedTelemetry, clock: Clock) -> None:
        self._plugin = plugin
        self._clock = clock
        self.publish = shared.publish
        self.health = shared.health
        self.digest = shared.digest
        self.plugins = shared.plugins
        self.buckets = shared.buckets
        self.jobs = shared.jobs
        self.quota = shared.quota
        self.recent = shared.recent

    def note(self, name: str, **values: str | int | float | bool) -> None:
        """Publish a note with the current trace and actor; the plugin itself is the actor outside of a command."""
        actor = trace.actor() or f"plugin:{self._plugin}"
        self.publish(
            Noted(
                at=self._clock.now(),
                trace=trace.current(),
                actor=actor,
                plugin=self._plugin,
                name=name,
                values=tuple(values.items()),
            )
        )

"""``PluginContext`` and the services a plugin is handed.

Each service is a Protocol: plugins never see the class behind it. The same objects are given to lightbulb commands by
type, so a command may ask for ``cache: Cache`` or for ``core: PluginContext``.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from coreops_hookspecs.cache import BucketStatus, RefreshResult, Snapshot
from coreops_hookspecs.commands import Commands
from coreops_hookspecs.config import SettingValue, ToggleState
from coreops_hookspecs.controls import Controls
from coreops_hookspecs.digest import Digest
from coreops_hookspecs.health import HealthReport, PluginReport
from coreops_hookspecs.jobs import JobRun, JobStatus
from coreops_hookspecs.operations import Operations
from coreops_hookspecs.outbox import Outbox
from coreops_hookspecs.sheets import SheetsQuota, TabInfo, Table, Upserted
from coreops_hookspecs.telemetry import Event

if TYPE_CHECKING:
    import asyncio

    import aiohttp
    import hikari

__all__ = [
    "Cache",
    "Commands",
    "Config",
    "Controls",
    "Discord",
    "Hooks",
    "Http",
    "Logger",
    "Operations",
    "Outbox",
    "PluginContext",
    "Scheduler",
    "Sheets",
    "State",
    "Tasks",
    "Telemetry",
    "Toggles",
    "Trace",
]

T = TypeVar("T")


class Logger(Protocol):
    """The structured logger; keyword arguments become fields of the JSON line. Never log message content."""

    def debug(self, message: str, **fields: Any) -> None: ...
    def info(self, message: str, **fields: Any) -> None: ...
    def warning(self, message: str, **fields: Any) -> None: ...
    def error(self, message: str, **fields: Any) -> None: ...

    def exception(self, message: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        """Log at ERROR with a traceback: of ``exc_info``, or of the exception being handled."""
        ...


class Trace(Protocol):
    """The id that ties a cause to everything that follows from it."""

    def current(self) -> str:
        """Return the active trace id."""
        ...

    def span(self, trace: str | None = None) -> AbstractContextManager[str]:
        """Make ``trace`` (or a new id) the active one inside the ``with`` block."""
        ...


class Cache(Protocol):
    """Read access to buckets. Reading is synchronous and never waits for a sheet."""

    def get_snapshot(self, name: str) -> Snapshot[Any]:
        """Return the bucket's current snapshot; a stale one starts a refresh in the background.

        Raises:
            UnknownBucketError: no such bucket.
            BucketColdError: never read, or older than its ``max_age``.
        """
        ...

    def status(self, name: str) -> BucketStatus:
        """Return what is known of one bucket. Raises UnknownBucketError."""
        ...

    def list_buckets(self) -> Sequence[BucketStatus]:
        """Return what is known of every bucket, by name."""
        ...

    async def refresh_now(self, name: str, *, actor: str) -> RefreshResult:
        """Refresh one bucket and wait; callers at the same time share one load. Raises UnknownBucketError."""
        ...

    async def refresh_now_many(self, names: Sequence[str], *, actor: str) -> Sequence[RefreshResult]:
        """Refresh several buckets in as few reads as possible. Raises UnknownBucketError before any read."""
        ...


class Sheets(Protocol):
    """The async Sheets façade. Needs the capability ``sheets.read``, and ``sheets.write`` for writes.

    Raises errors of :class:`coreops_hookspecs.errors.SheetsError`.
    """

    async def read(self, spreadsheet: str, tab: str) -> Table: ...
    async def read_many(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[Table]: ...
    async def headers(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """Return the first row of each tab, in the order asked."""
        ...

    async def tabs(self, spreadsheet: str) -> Sequence[TabInfo]: ...

    async def modified_at(self, spreadsheet: str) -> datetime | None:
        """Return when the spreadsheet last changed (UTC), or ``None`` if that cannot be told."""
        ...

    async def append(self, spreadsheet: str, tab: str, rows: Sequence[Sequence[str]]) -> None: ...
    async def update(self, spreadsheet: str, tab: str, cell: str, rows: Sequence[Sequence[str]]) -> None: ...

    async def upsert(self, spreadsheet: str, tab: str, key: str, rows: Sequence[Mapping[str, str]]) -> Upserted:
        """Put rows, as texts by header, in place of those with the same text under ``key``; append the others.

        Cells under headers that a row does not name stay as they are.
        """
        ...

    async def clear(self, spreadsheet: str, tab: str, area: str = "") -> None:
        """Empty the cells of an area in A1 notation (``A2:C9``, ``A2:C``); of the whole tab without one."""
        ...


class Config(Protocol):
    """Typed values of declared settings."""

    def get(self, key: str) -> Any:
        """Return the value of a declared setting. Raises KeyError for an undeclared one."""
        ...

    def describe(self) -> Sequence[SettingValue]:
        """Return every declared setting with its source; secrets are withheld."""
        ...


class Toggles(Protocol):
    """Feature toggles. Whatever is not clearly TRUE is off."""

    def enabled(self, name: str) -> bool: ...
    def describe(self) -> Sequence[ToggleState]: ...


class Scheduler(Protocol):
    """Scheduled jobs: those of plugins, of the runtime, and ``refresh.<bucket>`` for each bucket.

    Needs the capability ``scheduler``.
    """

    def list_jobs(self) -> Sequence[JobStatus]: ...

    def upcoming(self, name: str, count: int = 5) -> Sequence[datetime]:
        """Return when a job is due next (UTC), as if it were not paused. Raises UnknownJobError."""
        ...

    async def run_now(self, name: str, *, actor: str) -> JobRun:
        """Run a job now, paused or not, and wait for its end. Raises UnknownJobError."""
        ...

    async def pause(self, name: str, *, actor: str) -> JobStatus:
        """Run a job no more by the clock, not after a restart either.

        Raises:
            UnknownJobError: no such job.
            CoreOpsError: it is paused, but that could not be written down and ends with a restart.
        """
        ...

    async def resume(self, name: str, *, actor: str) -> JobStatus:
        """Run a paused job by the clock again; nothing is made up for. Raises as :meth:`pause` does."""
        ...

    async def history(self, name: str, limit: int = 20) -> Sequence[JobRun]:
        """Return the latest runs of a job, newest first; those of a job that is no more too."""
        ...


class Telemetry(Protocol):
    """The bus, and the public payloads that every operational page is built from."""

    def publish(self, event: Event) -> None:
        """Put an event on the bus; never blocks, counts what it has to drop."""
        ...

    def note(self, name: str, **values: str | int | float | bool) -> None:
        """Publish a :class:`coreops_hookspecs.telemetry.Noted` event with the current trace and actor."""
        ...

    async def health(self) -> HealthReport:
        """Return the runtime's health now; runs the plugins' checks."""
        ...

    async def digest(self) -> Digest:
        """Return how everything is and how the last day went; runs the plugins' checks."""
        ...

    def plugins(self) -> Sequence[PluginReport]: ...
    def buckets(self) -> Sequence[BucketStatus]: ...
    def jobs(self) -> Sequence[JobStatus]: ...
    def quota(self) -> SheetsQuota | None:
        """Return how much of the spreadsheets' budget of requests is used; ``None`` for a store without one."""
        ...

    def recent(self, limit: int = 50) -> Sequence[Event]:
        """Return the latest events, newest first."""
        ...


class State(Protocol):
    """Small durable values of this plugin, kept in ``COREOPS_STATE_DIR``. Needs the capability ``state``."""

    async def get(self, key: str) -> str | None: ...
    async def set(self, key: str, value: str) -> None: ...
    async def delete(self, key: str) -> None: ...


class Tasks(Protocol):
    """Background tasks that end with the plugin."""

    def start(self, coroutine: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Run the coroutine guarded; it is cancelled when the plugin is unloaded."""
        ...


class Http(Protocol):
    """Outgoing HTTP. Needs the capability ``http``."""

    @property
    def session(self) -> aiohttp.ClientSession:
        """A session of this plugin; closed when it is unloaded."""
        ...


class Discord(Protocol):
    """The Discord connection."""

    @property
    def rest(self) -> hikari.api.RESTClient: ...
    @property
    def cache(self) -> hikari.api.Cache: ...
    @property
    def me(self) -> hikari.OwnUser | None: ...

    @property
    def ops_channel_id(self) -> int | None:
        """Channel for lifecycle notices (``LOG_CHANNEL_ID``), if one is configured."""
        ...


class Hooks(Protocol):
    """The hooks that this plugin added with ``coreops_addhooks``."""

    async def call(self, hook: str, **arguments: Any) -> Mapping[str, Any]:
        """Await all implementations of an own hook at the same time, each for at most 10 s.

        Returns:
            What those that ended well returned, by plugin, in the order in which plugins are started; without ``None``.

        Raises:
            DeclarationError: this plugin added no such hook, or the hook has other arguments.
        """
        ...


class PluginContext(Protocol):
    """Everything the runtime hands to one plugin."""

    @property
    def plugin(self) -> str: ...
    @property
    def log(self) -> Logger: ...
    @property
    def trace(self) -> Trace: ...
    @property
    def config(self) -> Config: ...
    @property
    def toggles(self) -> Toggles: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def sheets(self) -> Sheets: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def scheduler(self) -> Scheduler: ...
    @property
    def telemetry(self) -> Telemetry: ...
    @property
    def state(self) -> State: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def http(self) -> Http: ...
    @property
    def discord(self) -> Discord: ...
    @property
    def commands(self) -> Commands: ...
    @property
    def controls(self) -> Controls: ...
    @property
    def operations(self) -> Operations: ...
    @property
    def hooks(self) -> Hooks: ...

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions worth showing: ``bot``, ``coreops``, ``python``, ``hikari``, ``lightbulb``."""
        ...

    def now(self) -> datetime:
        """The current instant (UTC) by the runtime's clock."""
        ...

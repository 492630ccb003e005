"""The state store: runs of jobs, last good snapshots and values of plugins, in one SQLite file.

Losing state must not stop a bot: when the file cannot be opened the store works in memory, when a statement fails
history is skipped, and :meth:`Store.health` says so with what to do. Only a plugin's own values insist.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from coreops_hookspecs import CheckResult, HealthStatus
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.audit import AuditTrail
from coreops_shared.state.database import Database, Row, Statement
from coreops_shared.state.outbox import OutboxTable
from coreops_shared.state.records import Provenance, StoredSnapshot
from coreops_shared.state.runs import RunHistory
from coreops_shared.state.telemetry import TelemetryRows
from coreops_shared.state.troubles import is_of_the_disk, remedy
from coreops_shared.state.upkeep import backup

__all__ = ["Store"]

T = TypeVar("T")
_DISK: Final = "the disk"


class Store:
    """Durable state of one runtime.

    Args:
        path: The SQLite file, for example ``<COREOPS_STATE_DIR>/state.sqlite3``.
        kept_runs: How many runs of each job are kept.
        tell: Told once when state gets into trouble, and once when it is over.
    """

    def __init__(self, path: Path, *, kept_runs: int = 1000, tell: Callable[[str], None] = lambda _: None) -> None:
        self._database = Database(path)
        self._tell = tell
        self._failures: dict[str, str] = {}
        self.runs = RunHistory(self._insist, self._insist_all, kept=kept_runs)
        """The runs of jobs."""
        self.audit = AuditTrail(self._insist)
        """Who ran which privileged command."""
        self.outbox = OutboxTable(self._insist, lambda: self._database.trouble)
        """Writes to spreadsheets that were accepted."""
        self.telemetry = TelemetryRows(self._try)
        """What events measured, by series and slot."""

    async def open(self) -> None:
        """Open the file, or memory in its place. Raises CoreOpsError if a newer CoreOps has written the file."""
        await self._database.open()
        if self._database.trouble:
            self._tell(self._database.trouble)

    async def close(self) -> None:
        """Write everything out and close. May be called twice."""
        await self._database.close()

    def health(self) -> CheckResult:
        """Return whether state survives a restart, and if not, why and what to do."""
        detail = self._database.trouble or next(iter(self._failures.values()), "")
        return CheckResult(HealthStatus.DEGRADED if detail else HealthStatus.OK, detail)

    async def save_snapshot(self, bucket: str, payload: bytes, provenance: Provenance) -> None:
        """Keep the last good state of a bucket in place of the one before (see :func:`.records.pack`)."""
        loaded_at = _text(provenance.loaded_at)
        await self._try(
            "INSERT OR REPLACE INTO snapshots (bucket, payload, spreadsheet, tab, loaded_at, sha256) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (bucket, payload, provenance.spreadsheet, provenance.tab, loaded_at, provenance.sha256),
        )

    async def load_snapshot(self, bucket: str) -> StoredSnapshot | None:
        """Return the last good state of a bucket, or ``None`` if there is none or it is damaged."""
        rows = await self._try(
            "SELECT payload, spreadsheet, tab, loaded_at, sha256 FROM snapshots WHERE bucket = ?", (bucket,)
        )
        if not rows:
            return None
        payload, spreadsheet, tab, loaded_at, sha256 = rows[0]
        stored = StoredSnapshot(payload, Provenance(spreadsheet, tab, datetime.fromisoformat(loaded_at), sha256))
        return stored if stored.intact else None

    async def kv_get(self, plugin: str, key: str) -> str | None:
        """Return a value of a plugin, or ``None``. Raises CoreOpsError if it cannot be read."""
        rows = await self._insist("SELECT value FROM plugin_values WHERE plugin = ? AND key = ?", (plugin, key))
        return str(rows[0][0]) if rows else None

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        """Keep a value of a plugin; it is on disk when this returns. Raises CoreOpsError if it cannot be written."""
        await self._insist(
            "INSERT OR REPLACE INTO plugin_values (plugin, key, value) VALUES (?, ?, ?)", (plugin, key, value)
        )

    async def kv_delete(self, plugin: str, key: str) -> None:
        """Forget a value of a plugin, if there is one. Raises CoreOpsError if it cannot be written."""
        await self._insist("DELETE FROM plugin_values WHERE plugin = ? AND key = ?", (plugin, key))

    async def backup(self, at: datetime) -> Path:
        """Add a copy of the file to the folder of backups, see :func:`.upkeep.backup`. Raises CoreOpsError."""
        if self._database.trouble:
            raise CoreOpsError(f"there is no state to copy: {self._database.trouble}")
        try:
            return await asyncio.to_thread(backup, self._database.path, at)
        except (OSError, sqlite3.Error) as error:
            msg = f"{self._database.path} could not be copied ({error}): {remedy(error, self._database.path)}"
            raise CoreOpsError(msg) from error

    async def _insist(self, statement: str, values: Iterable[Any]) -> list[Row]:
        return await self._watched(statement, self._database.run(statement, values))

    async def _insist_all(self, statements: Sequence[Statement]) -> None:
        await self._watched(statements[0][0], self._database.run_all(statements))

    async def _watched(self, what: str, work: Awaitable[T]) -> T:
        try:
            done = await work
        except sqlite3.Error as error:
            path = self._database.path
            failure = f"{path}: a statement failed ({error}); {remedy(error, path)}"
            self._note(_DISK if is_of_the_disk(error) else what, failure)
            raise CoreOpsError(failure, user_message="The bot's own storage failed; tell an admin.") from error
        self._works(what)
        return done

    def _note(self, what: str, failure: str) -> None:
        if not self._failures:
            self._tell(failure)
        self._failures[what] = failure

    def _works(self, what: str) -> None:
        """Forget what failed: the statement itself, and with any write the disk."""
        if not self._failures:
            return
        self._failures.pop(what, None)
        if not what.startswith("SELECT"):
            self._failures.pop(_DISK, None)
        if not self._failures:
            self._tell(f"{self._database.path} can be written again")

    async def _try(self, statement: str, values: Iterable[Any]) -> list[Row]:
        try:
            return await self._insist(statement, values)
        except CoreOpsError:
            return []  # health tells


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()

"""The state store: runs of jobs, last good snapshots and values of plugins, in one SQLite file.

Losing state must not stop a bot: when the file cannot be opened the store works in memory, when a statement fails
history is skipped, and :meth:`Store.health` says so with what to do. Only a plugin's own values insist.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coreops_hookspecs import CheckResult, HealthStatus, JobRun, RunOutcome
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.audit import AuditTrail
from coreops_shared.state.database import Database, Row
from coreops_shared.state.outbox import OutboxTable
from coreops_shared.state.records import Provenance, StoredSnapshot

__all__ = ["Store"]


class Store:
    """Durable state of one runtime.

    Args:
        path: The SQLite file, for example ``<COREOPS_STATE_DIR>/state.sqlite3``.
        kept_runs: How many runs of each job are kept.
    """

    def __init__(self, path: Path, *, kept_runs: int = 1000) -> None:
        self._database = Database(path)
        self._kept_runs = kept_runs
        self._failures: dict[str, str] = {}
        self.audit = AuditTrail(self._insist)
        """Who ran which privileged command."""
        self.outbox = OutboxTable(self._insist, lambda: self._database.trouble)
        """Writes to spreadsheets that were accepted."""

    async def open(self) -> None:
        """Open the file, or memory in its place. Raises CoreOpsError if a newer CoreOps has written the file."""
        await self._database.open()

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

    async def add_run(self, run: JobRun) -> None:
        """Add a run to the history of its job."""
        instants = (_text(run.scheduled_for), _text(run.started_at))
        await self._try(
            "INSERT INTO runs (job, plugin, scheduled_for, started_at, duration, outcome, actor, trace, error) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (run.job, run.plugin, *instants, run.duration, run.outcome.value, run.actor, run.trace, run.error),
        )
        await self._try(
            "DELETE FROM runs WHERE job = ? AND id <= "
            "(SELECT id FROM runs WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (run.job, run.job, self._kept_runs),
        )

    async def runs(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]:
        """Return the latest runs, newest first, of one job or of all."""
        rows = await self._try(
            "SELECT job, plugin, scheduled_for, started_at, duration, outcome, actor, trace, error FROM runs "
            "WHERE ? IS NULL OR job = ? ORDER BY id DESC LIMIT ?",
            (job, job, limit),
        )
        return [_run(row) for row in rows]

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

    async def _insist(self, statement: str, values: Iterable[Any]) -> list[Row]:
        try:
            rows = await self._database.run(statement, values)
        except sqlite3.Error as error:
            failure = f"{self._database.path}: a statement failed ({error}); check the disk's space and health"
            self._failures[statement] = failure
            raise CoreOpsError(failure, user_message="The bot's own storage failed; tell an admin.") from error
        self._failures.pop(statement, None)  # it works again
        return rows

    async def _try(self, statement: str, values: Iterable[Any]) -> list[Row]:
        try:
            return await self._insist(statement, values)
        except CoreOpsError:
            return []  # health tells


def _run(row: Row) -> JobRun:
    job, plugin, scheduled_for, started_at, duration, outcome, actor, trace, error = row
    instants = (datetime.fromisoformat(scheduled_for), datetime.fromisoformat(started_at))
    return JobRun(job, plugin, *instants, duration, RunOutcome(outcome), actor, trace, error)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()

"""The schema of the state store. Each entry brings a database from one version to the next; never change an old one."""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS"]

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            job TEXT NOT NULL,
            plugin TEXT NOT NULL,
            scheduled_for TEXT NOT NULL,
            started_at TEXT NOT NULL,
            duration REAL NOT NULL,
            outcome TEXT NOT NULL,
            actor TEXT NOT NULL,
            trace TEXT NOT NULL,
            error TEXT NOT NULL
        )
        """,
        "CREATE INDEX runs_by_job ON runs (job, id)",
        """
        CREATE TABLE snapshots (
            bucket TEXT PRIMARY KEY,
            payload BLOB NOT NULL,
            spreadsheet TEXT NOT NULL,
            tab TEXT NOT NULL,
            loaded_at TEXT NOT NULL,
            sha256 TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE plugin_values (
            plugin TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (plugin, key)
        ) WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            command TEXT NOT NULL,
            body BLOB NOT NULL,
            hash TEXT NOT NULL
        )
        """,
        "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END",
        "CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        """
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            plugin TEXT NOT NULL,
            name TEXT NOT NULL,
            spreadsheet TEXT NOT NULL,
            tab TEXT NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            body BLOB NOT NULL,
            accepted_at TEXT NOT NULL,
            actor TEXT NOT NULL,
            trace TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            error TEXT NOT NULL,
            ended_at TEXT,
            UNIQUE (plugin, name)
        )
        """,
        "CREATE INDEX outbox_by_state ON outbox (state, number)",
    ),
    (
        "ALTER TABLE runs ADD COLUMN slots INTEGER NOT NULL DEFAULT 1",
        # what has begun and is not written down as ended: one row for all that began together, as JSON
        "CREATE TABLE begun (number INTEGER PRIMARY KEY, runs BLOB NOT NULL)",
        "CREATE TABLE job_slots (job TEXT PRIMARY KEY, slot TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE job_pauses (job TEXT PRIMARY KEY, actor TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        """
        CREATE TABLE telemetry (
            slot INTEGER NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            spread TEXT NOT NULL,
            PRIMARY KEY (slot, kind, name)
        ) WITHOUT ROWID
        """,
    ),
)

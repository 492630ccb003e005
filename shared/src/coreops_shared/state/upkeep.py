"""Looking after a state store's file: check it, copy it, make it smaller. None of it needs a running bot.

A copy is a whole, checked SQLite file made by ``VACUUM INTO`` (https://www.sqlite.org/lang_vacuum.html), which reads a
consistent state while the bot writes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from coreops_shared.state.migrations import MIGRATIONS

__all__ = ["BACKUPS", "KEPT", "Checked", "backup", "backups", "check", "copy", "load", "vacuum"]

BACKUPS: Final = "backups"
"""Folder of the backups, beside the file."""
KEPT: Final = 7
"""How many backups are kept; the oldest goes when there is one more."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a state store's file found. ``size`` in bytes; ``rows`` by table.

    ``problems`` is empty when the file is in order.
    """

    path: str
    size: int
    schema: int
    known_schema: int
    rows: dict[str, int]
    backups: tuple[str, ...]
    problems: tuple[str, ...]


def check(path: Path) -> Checked:
    """Look at a whole file, each page and index of it. Writes nothing. Raises sqlite3.Error if it is no such file."""
    with _reading(path) as connection:
        problems = _damage(connection)
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema > len(MIGRATIONS):
            problems.append(f"a newer CoreOps has written it (schema {schema}, this one knows {len(MIGRATIONS)})")
        rows: dict[str, int] = {}
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            with suppress(sqlite3.DatabaseError):  # a damaged table is among the problems
                (rows[table],) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - a name of the schema
    kept = tuple(str(each) for each in backups(path))
    return Checked(str(path), path.stat().st_size, schema, len(MIGRATIONS), rows, kept, tuple(problems))


def backups(path: Path) -> Sequence[Path]:
    """Return the backups of a file, oldest first."""
    return sorted((path.parent / BACKUPS).glob(f"{path.stem}-*{path.suffix}"))


def backup(path: Path, at: datetime, *, kept: int = KEPT) -> Path:
    """Add a copy to the folder of backups and remove what is more than ``kept``; return the copy.

    Raises:
        OSError: the folder cannot be written.
        sqlite3.Error: the file cannot be read, or the disk is full.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    made = path.parent / BACKUPS / f"{path.stem}-{stamp}{path.suffix}"
    made.parent.mkdir(mode=0o700, exist_ok=True)
    copy(path, made)
    for old in backups(path)[:-kept]:
        old.unlink(missing_ok=True)
    return made


def copy(path: Path, target: Path) -> None:
    """Write a copy in place of ``target``, which is whole or as it was. Raises as :func:`backup` does."""
    half = target.with_name(f"{target.name}.part")
    half.unlink(missing_ok=True)
    try:
        with _reading(path) as connection:
            connection.execute("VACUUM INTO ?", (str(half),))
        half.chmod(0o600)
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(target)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def vacuum(path: Path) -> tuple[int, int]:
    """Give unused space back to the disk; return the size in bytes before and after.

    Raises:
        sqlite3.Error: the file cannot be written, or something else uses it.
    """
    before = path.stat().st_size
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before, path.stat().st_size


def load(path: Path) -> sqlite3.Connection:
    """Return a database in memory with what can be read of the file: all of it, or nothing if it is damaged."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error, OSError), _reading(path) as source:
        if source.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]:
            source.backup(memory)
    return memory


def _damage(connection: sqlite3.Connection) -> list[str]:
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as error:  # so damaged that the check itself cannot go on
        return [str(error)]
    return [] if found == ["ok"] else found


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without writing. In a folder that cannot be written WAL needs a file that nobody else changes."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError:
        connection.close()
        if not path.exists() or os.access(path.parent, os.W_OK, effective_ids=True):
            raise
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    with closing(connection):
        yield connection

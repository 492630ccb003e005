"""The SQLite file under the state store: opened, checked, migrated, and replaced by memory when it cannot be used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import aiosqlite

from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.migrations import MIGRATIONS

__all__ = ["Database"]

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a committed value survives a power cut
    "PRAGMA busy_timeout = 5000",
)

Row = Sequence[Any]


class Database:
    """One connection, one writer. Statements commit by themselves.

    Args:
        path: The file; its folder is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: aiosqlite.Connection | None = None
        self.trouble = ""
        """Why the file is not used, for people; empty while it is."""

    async def open(self) -> None:
        """Open, check and migrate the file; if it cannot be used, open an empty database in memory instead.

        Raises:
            CoreOpsError: a newer CoreOps has written the file.
        """
        try:
            await asyncio.to_thread(self.path.parent.mkdir, parents=True, exist_ok=True)
            self._connection = await _prepared(str(self.path))
        except (OSError, sqlite3.Error) as error:
            self.trouble = (
                f"{self.path} cannot be used ({error}); nothing will survive a restart: check space and permissions, "
                "or move the file away, then restart"
            )
            self._connection = await _prepared(":memory:")

    async def close(self) -> None:
        """Close the file; statements after it do nothing. May be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def run(self, statement: str, values: Iterable[Any] = ()) -> list[Row]:
        """Run one statement and return its rows. Raises sqlite3.Error, or sqlite3.ProgrammingError when closed."""
        if self._connection is None:
            raise sqlite3.ProgrammingError("the state store is closed")
        return list(await self._connection.execute_fetchall(statement, tuple(values)))


async def _prepared(name: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(name, isolation_level=None)
    try:
        for setting in _SETTINGS:
            await connection.execute_fetchall(setting)
        await _check(connection)
        await _migrate(connection, name)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _check(connection: aiosqlite.Connection) -> None:
    found = [str(row[0]) for row in await connection.execute_fetchall("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError(f"it is damaged: {'; '.join(found)}")
    await connection.execute_fetchall("BEGIN IMMEDIATE")  # raises if it may only be read
    await connection.execute_fetchall("ROLLBACK")


async def _migrate(connection: aiosqlite.Connection, name: str) -> None:
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise CoreOpsError(
            f"{name}: was written by a newer CoreOps (schema {version}, this one knows {len(MIGRATIONS)}); upgrade "
            "CoreOps, or name another folder in COREOPS_STATE_DIR"
        )
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        for statement in (*statements, f"PRAGMA user_version = {number}", "COMMIT"):
            await connection.execute_fetchall(statement)

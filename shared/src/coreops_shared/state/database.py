"""The SQLite file under the state store: opened, checked, migrated, and replaced by memory when it cannot be used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiosqlite

from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.migrations import MIGRATIONS
from coreops_shared.state.troubles import remedy
from coreops_shared.state.upkeep import copy, load

__all__ = ["Database", "Row", "Statement"]

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a committed value survives a power cut
    "PRAGMA busy_timeout = 5000",
)

Row = Sequence[Any]
Statement = tuple[str, Sequence[Any]]
"""One statement and its values; with a list of rows for values it is run for each of them."""


class Database:
    """One connection, one writer. Statements commit by themselves, or several together.

    Args:
        path: The file; its folder is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: aiosqlite.Connection | None = None
        self._turn = asyncio.Lock()  # nobody's statement may land in the middle of somebody's transaction
        self.trouble = ""
        """Why the file is not used, for people; empty while it is."""

    async def open(self) -> None:
        """Open, check and migrate the file; if it cannot be used, work in memory instead.

        Memory begins with what can still be read of the file, so that last good data go on serving.

        Raises:
            CoreOpsError: a newer CoreOps has written the file.
        """
        try:
            await asyncio.to_thread(self.path.parent.mkdir, parents=True, exist_ok=True)
            self._connection = await _prepared(self.path)
        except (OSError, sqlite3.Error) as error:
            self.trouble = (
                f"{self.path} cannot be used ({error}); nothing new will survive a restart: {remedy(error, self.path)}"
            )
            self._connection = await _in_memory(self.path)

    async def close(self) -> None:
        """Close the file; statements after it do nothing. May be called twice."""
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await connection.close()

    async def run(self, statement: str, values: Iterable[Any] = ()) -> list[Row]:
        """Run one statement and return its rows. Raises sqlite3.Error, or sqlite3.ProgrammingError when closed."""
        async with self._turn:
            return list(await self._open.execute_fetchall(statement, tuple(values)))

    async def run_all(self, statements: Iterable[Statement]) -> None:
        """Run statements as one: all of them are on disk when this returns, or none. Raises as :meth:`run` does."""
        await asyncio.shield(self._run_all(tuple(statements)))  # a caller that gives up does not leave it half done

    async def _run_all(self, statements: Iterable[Statement]) -> None:
        async with self._turn:
            await _transaction(self._open, statements)

    @property
    def _open(self) -> aiosqlite.Connection:
        if self._connection is None:
            raise sqlite3.ProgrammingError("the state store is closed")
        return self._connection


async def _transaction(connection: aiosqlite.Connection, statements: Iterable[Statement]) -> None:
    await connection.execute_fetchall("BEGIN IMMEDIATE")
    try:
        for statement, values in statements:
            if isinstance(values, list):
                await connection.executemany(statement, values)
            else:
                await connection.execute_fetchall(statement, values)
        await connection.execute_fetchall("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:  # a full disk has rolled back by itself
            await connection.execute_fetchall("ROLLBACK")
        raise


async def _prepared(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(str(path), isolation_level=None)
    try:
        for setting in _SETTINGS:
            await connection.execute_fetchall(setting)
        await _check(connection)
        await _migrate(connection, path)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _in_memory(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.Connection(partial(load, path), 64)
    try:
        await _migrate(connection, None)
        # what is applied from here could not be marked as applied, and would be applied again after a restart
        await connection.execute_fetchall("DELETE FROM outbox")
    except BaseException:
        await connection.close()
        raise
    return connection


async def _check(connection: aiosqlite.Connection) -> None:
    found = [str(row[0]) for row in await connection.execute_fetchall("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        damage = sqlite3.DatabaseError("; ".join(found))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage
    await connection.execute_fetchall("BEGIN IMMEDIATE")  # raises if it may only be read
    await connection.execute_fetchall("ROLLBACK")


async def _migrate(connection: aiosqlite.Connection, path: Path | None) -> None:
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise CoreOpsError(
            f"{path or 'the state'}: was written by a newer CoreOps (schema {version}, this one knows "
            f"{len(MIGRATIONS)}); upgrade CoreOps, or name another folder in COREOPS_STATE_DIR"
        )
    if path is not None and 0 < version < len(MIGRATIONS):
        await asyncio.to_thread(copy, path, path.with_name(f"{path.name}.schema-{version}"))
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        steps = [*statements, f"PRAGMA user_version = {number}"]
        await _transaction(connection, [(statement, ()) for statement in steps])

"""The audit trail: records that are only ever added, each sealed with the hash of the one before.

Whoever changes, removes or inserts a record breaks the chain at that place, which :func:`verify` finds. Removing the
last ones leaves no gap: compare the last hash with one that was noted elsewhere (each is logged when it is written).
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from coreops_hookspecs.audit import AuditEntry
from coreops_shared.state.database import Row

__all__ = ["FIRST", "AuditTrail", "entries", "verify"]

FIRST: Final = "0" * 64
"""What stands in place of a hash before the first record."""

_COLUMNS: Final = "number, at, actor, command, body, hash"
_encode = msgspec.json.Encoder(order="deterministic").encode

Run = Callable[[str, Iterable[Any]], Awaitable[list[Row]]]


class AuditTrail:
    """Adds and reads records. One runtime at a time writes, which its lock makes sure of.

    Args:
        run: Runs one statement. Raises CoreOpsError.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._adding = asyncio.Lock()

    async def append(self, entry: AuditEntry) -> AuditEntry:
        """Add a record; it is on disk when this returns, with its number and hash. Raises CoreOpsError."""
        async with self._adding:
            last = await self._run("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", ())
            number, before = (last[0][0] + 1, last[0][1]) if last else (1, FIRST)
            sealed = replace(entry, number=number, hash="")
            body = _body(sealed)
            digest = _seal(before, body)
            at = sealed.at.astimezone(UTC).isoformat()
            values = (number, at, sealed.actor, sealed.command, body, digest)
            await self._run(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - constant
            return replace(sealed, hash=digest)

    async def read(
        self, *, actor: str | None = None, command: str | None = None, since: datetime | None = None, limit: int = 20
    ) -> Sequence[AuditEntry]:
        """Return the latest records, newest first. Raises CoreOpsError.

        Args:
            actor: Whose, for example ``user:<id>``.
            command: Of which command, or of a group and all below it.
            since: Not before this instant.
            limit: At most so many.
        """
        start = since.astimezone(UTC).isoformat() if since is not None else None
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM audit WHERE (? IS NULL OR actor = ?) AND (? IS NULL OR at >= ?) "  # noqa: S608 - constants
            "AND (? IS NULL OR command = ? OR substr(command, 1, length(?) + 1) = ? || ' ') "
            "ORDER BY number DESC LIMIT ?",
            (*[actor] * 2, *[start] * 2, *[command] * 4, limit),
        )
        return [_entry(row) for row in rows]


def entries(path: Path) -> Iterator[AuditEntry]:
    """Read all records of a state store's file, oldest first. Raises sqlite3.Error."""
    return (_entry(row) for row in _rows(path))


def verify(path: Path) -> tuple[int, str, str]:
    """Check the chain of a state store's file.

    Returns:
        How many records are in order, the last hash of those, and what is wrong with the next; empty if nothing is.

    Raises:
        sqlite3.Error: the file cannot be read, or has no trail.
    """
    before, count = FIRST, 0
    for row in _rows(path):
        problem = _problem(row, count + 1, before)
        if problem:
            return count, before, problem
        before, count = row[5], count + 1
    return count, before, ""


def _problem(row: Row, expected: int, before: str) -> str:
    number, at, actor, command, body, digest = row
    if number != expected:
        return f"record {expected} is missing; record {number} comes in its place"
    if not isinstance(body, bytes) or _seal(before, body) != digest:
        return f"record {number} was changed after it was written"
    entry = _entry(row)
    if (entry.at.astimezone(UTC).isoformat(), entry.actor, entry.command, entry.number) != (at, actor, command, number):
        return f"record {number} was changed after it was written: its columns differ from what was sealed"
    return ""


def _rows(path: Path) -> Iterator[Row]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        yield from connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY number")  # noqa: S608 - a constant
    finally:
        connection.close()


def _body(entry: AuditEntry) -> bytes:
    return _encode({name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__ if name != "hash"})


def _seal(before: str, body: bytes) -> str:
    return hashlib.sha256(before.encode() + body).hexdigest()


def _entry(row: Row) -> AuditEntry:
    return replace(msgspec.json.decode(row[4], type=AuditEntry), hash=row[5])

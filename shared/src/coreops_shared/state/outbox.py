"""The table of accepted writes: what is in it was promised, and stays until it is applied or an operator drops it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from coreops_hookspecs.outbox import Write, WriteKind, WriteState
from coreops_shared.state.database import Row

__all__ = ["OutboxTable"]

_COLUMNS: Final = (
    "number, name, plugin, spreadsheet, tab, kind, key, body, "
    "accepted_at, actor, trace, state, attempts, error, ended_at"
)
_KEPT: Final = 1000
"""How many applied writes are remembered, so that a name given again is recognised."""

_INSERT: Final = (
    "INSERT INTO outbox (plugin, name, spreadsheet, tab, kind, key, body, accepted_at, actor, trace, state, attempts, "
    "error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT (plugin, name) DO NOTHING RETURNING number"
)

Run = Callable[[str, Iterable[Any]], Awaitable[list[Row]]]


class _Body(msgspec.Struct):
    values: dict[str, str]
    expected: dict[str, str] | None


class OutboxTable:
    """Keeps writes. Everything it did is on disk when it returns.

    Args:
        run: Runs one statement and commits. Raises CoreOpsError.
        trouble: Returns why nothing survives a restart; empty while it does.
    """

    def __init__(self, run: Run, trouble: Callable[[], str]) -> None:
        self._run = run
        self._trouble = trouble

    @property
    def trouble(self) -> str:
        """Why nothing survives a restart, for people; empty while it does."""
        return self._trouble()

    async def insert(self, write: Write) -> int | None:
        """Keep a write and return its number, or ``None`` if its name was given before. Raises CoreOpsError."""
        names = (write.plugin, write.name, write.spreadsheet, write.tab, write.kind.value, write.key)
        cause = (_text(write.accepted_at), write.actor, write.trace, write.state.value)
        rows = await self._run(_INSERT, (*names, _body(write), *cause))
        return int(rows[0][0]) if rows else None

    async def find(self, plugin: str, name: str) -> Write | None:
        """Return the write that a plugin gave a name. Raises CoreOpsError."""
        rows = await self._run(f"SELECT {_COLUMNS} FROM outbox WHERE plugin = ? AND name = ?", (plugin, name))  # noqa: S608 - constant
        return _write(rows[0]) if rows else None

    async def waiting(self) -> Sequence[Write]:
        """Return every write that is pending or dead, in order of acceptance. Raises CoreOpsError."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM outbox WHERE state IN ('pending', 'dead') ORDER BY number",  # noqa: S608 - constant
            (),
        )
        return [_write(row) for row in rows]

    async def mark(self, writes: Sequence[Write]) -> None:
        """Keep the state that these writes, all of the same, have come to. Raises CoreOpsError."""
        if not writes:
            return
        first = writes[0]
        await self._run(
            "UPDATE outbox SET state = ?, attempts = ?, error = ?, ended_at = ? "
            "WHERE number IN (SELECT value FROM json_each(?))",
            (first.state.value, first.attempts, first.error, _text(first.ended_at), _numbers(writes)),
        )
        if first.state is WriteState.APPLIED:
            await self._run(
                "DELETE FROM outbox WHERE state = 'applied' AND number <= "
                "(SELECT number FROM outbox WHERE state = 'applied' ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (_KEPT,),
            )

    async def revive(self, write: Write) -> None:
        """Make a dead letter pending again, as what it is now. Raises CoreOpsError."""
        await self._run(
            "UPDATE outbox SET state = 'pending', kind = ?, body = ?, error = '', ended_at = NULL WHERE number = ?",
            (write.kind.value, _body(write), write.number),
        )

    async def remove(self, write: Write) -> None:
        """Forget a write. Raises CoreOpsError."""
        await self._run("DELETE FROM outbox WHERE number = ?", (write.number,))


def _numbers(writes: Sequence[Write]) -> str:
    return msgspec.json.encode([write.number for write in writes]).decode()


def _body(write: Write) -> bytes:
    expected = None if write.expected is None else dict(write.expected)
    return msgspec.json.encode(_Body(dict(write.values), expected))


def _write(row: Row) -> Write:
    number, name, plugin, spreadsheet, tab, kind, key, body, *rest = row
    accepted_at, actor, trace, state, attempts, error, ended_at = rest
    texts = msgspec.json.decode(body, type=_Body)
    return Write(
        number=number,
        name=name,
        plugin=plugin,
        spreadsheet=spreadsheet,
        tab=tab,
        kind=WriteKind(kind),
        key=key,
        values=texts.values,
        expected=texts.expected,
        accepted_at=datetime.fromisoformat(accepted_at),
        actor=actor,
        trace=trace,
        state=WriteState(state),
        attempts=attempts,
        error=error,
        ended_at=None if ended_at is None else datetime.fromisoformat(ended_at),
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()

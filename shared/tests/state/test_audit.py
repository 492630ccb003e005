"""The audit trail is only added to, and whoever changes a byte of it is found out."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreops_hookspecs import AuditEntry
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.audit import FIRST, entries, verify
from coreops_shared.state.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENTRY = AuditEntry(
    at=NOON,
    trace="t" * 32,
    actor="user:1",
    command="ops refresh",
    plugin="ops",
    surface="slash",
    options=(("bucket", "clans"),),
    guild_id=2,
    channel_id=3,
    outcome="ok",
    error="",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


async def filled(path: Path, count: int = 5) -> list[AuditEntry]:
    store = Store(path)
    await store.open()
    added = [await store.audit.append(replace(ENTRY, at=NOON + timedelta(hours=number))) for number in range(count)]
    await store.close()
    return added


def tamper(path: Path, statement: str) -> None:
    """Change the file as somebody would who knows of the triggers."""
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount > 0
    connection.close()


async def test_an_untouched_trail_is_in_order_and_reads_as_it_was_written(path: Path) -> None:
    added = await filled(path)
    assert list(entries(path)) == added
    assert verify(path) == (5, added[-1].hash, "")
    assert [entry.number for entry in added] == [1, 2, 3, 4, 5]


async def test_a_trail_goes_on_after_a_restart(path: Path) -> None:
    await filled(path, 2)
    added = await filled(path, 1)
    assert added[0].number == 3
    assert verify(path) == (3, added[0].hash, "")


async def test_every_single_byte_of_a_record_counts(path: Path) -> None:
    await filled(path, 1)
    original = path.read_bytes()
    with sqlite3.connect(path) as connection:
        ((body,),) = connection.execute("SELECT body FROM audit")
    connection.close()
    for at in range(0, len(body), 7):
        changed = bytearray(body)
        changed[at] ^= 1
        tamper(path, f"UPDATE audit SET body = x'{changed.hex()}'")
        assert verify(path)[2] == "record 1 was changed after it was written", at
        path.write_bytes(original)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE audit SET actor = 'user:9' WHERE number = 3",
            "record 3 was changed after it was written: its columns",
        ),
        ("UPDATE audit SET at = '2020' WHERE number = 3", "record 3 was changed after it was written: its columns"),
        ("UPDATE audit SET hash = lower(hex(zeroblob(32))) WHERE number = 3", "record 3 was changed"),
        ("DELETE FROM audit WHERE number = 3", "record 3 is missing; record 4 comes in its place"),
        ("UPDATE audit SET number = number + 10 WHERE number > 2", "record 3 is missing"),
        ("UPDATE audit SET body = (SELECT body FROM audit WHERE number = 2) WHERE number = 3", "record 3 was changed"),
    ],
)
async def test_whatever_is_changed_the_first_wrong_record_is_named(path: Path, statement: str, problem: str) -> None:
    added = await filled(path)
    tamper(path, statement)
    count, last, found = verify(path)
    assert found.startswith(problem)
    assert (count, last) == (2, added[1].hash)


async def test_a_removed_beginning_is_found(path: Path) -> None:
    await filled(path)
    tamper(path, "DELETE FROM audit WHERE number < 3")
    assert verify(path) == (0, FIRST, "record 1 is missing; record 3 comes in its place")


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_changes(path: Path, statement: str) -> None:
    await filled(path, 1)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute(statement)
    connection.close()


async def test_records_are_found_by_actor_command_and_time(path: Path) -> None:
    store = Store(path)
    await store.open()
    for number, (actor, command) in enumerate(
        [("user:1", "ops refresh"), ("user:2", "ops refresh all"), ("user:1", "ops refreshing"), ("user:1", "clan")]
    ):
        await store.audit.append(replace(ENTRY, at=NOON + timedelta(hours=number), actor=actor, command=command))

    async def numbers(**wanted: object) -> list[int]:
        return [entry.number for entry in await store.audit.read(**wanted)]  # type: ignore[arg-type]

    assert await numbers() == [4, 3, 2, 1]
    assert await numbers(actor="user:1") == [4, 3, 1]
    assert await numbers(command="ops refresh") == [2, 1]
    assert await numbers(since=NOON + timedelta(hours=2)) == [4, 3]
    assert await numbers(actor="user:1", command="ops", limit=1) == [3]
    await store.close()
    with pytest.raises(CoreOpsError):
        await store.audit.append(ENTRY)

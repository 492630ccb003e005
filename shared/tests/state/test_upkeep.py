"""The state store's file: copied before it is changed, checked, made smaller; and what a disk can do to it."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreops_hookspecs import HealthStatus, Table
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.migrations import MIGRATIONS
from coreops_shared.state.records import pack
from coreops_shared.state.store import Store
from coreops_shared.state.upkeep import backup, backups, check, vacuum

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CLANS = pack(Table("recruitment", "clans", (("tag", "level"), ("EMB", "24"))), NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


async def filled(path: Path, rows: int = 1) -> None:
    store = Store(path)
    await store.open()
    for number in range(rows):
        await store.kv_set("ops", f"key{number}", "x" * 500)
    await store.save_snapshot("clans", CLANS.payload, CLANS.provenance)
    await store.close()


def older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute("INSERT INTO plugin_values VALUES ('ops', 'a', 'b')")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()


async def test_before_a_migration_the_file_is_copied(path: Path) -> None:
    older(path)
    store = Store(path)
    await store.open()
    assert await store.kv_get("ops", "a") == "b"
    await store.close()
    assert check(path).schema == len(MIGRATIONS)
    copied = check(path.with_name("state.sqlite3.schema-1"))
    assert (copied.schema, copied.rows["plugin_values"], copied.problems) == (1, 1, ())


async def test_a_file_that_cannot_be_copied_is_not_migrated(path: Path) -> None:
    older(path)
    path.with_name("state.sqlite3.schema-1").mkdir()
    store = Store(path)
    await store.open()
    assert await store.kv_get("ops", "a") == "b", "it works in memory, with what the file has"
    assert store.health().status is HealthStatus.DEGRADED
    await store.close()
    assert check(path).schema == 1


async def test_backups_are_whole_and_the_oldest_go(path: Path) -> None:
    await filled(path, 20)
    store = Store(path)
    await store.open()
    for day in range(9):
        made = await store.backup(NOON + timedelta(days=day))
    await store.close()
    kept = backups(path)
    assert len(kept) == 7
    assert kept[-1] == made
    assert made.stat().st_mode & 0o077 == 0, "it holds what the state store holds"
    assert check(made).rows == check(path).rows


async def test_a_backup_that_fails_leaves_the_others(path: Path) -> None:
    await filled(path)
    first = backup(path, NOON)
    path.write_bytes(b"no database, and not a short text either" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        backup(path, NOON + timedelta(days=1))
    assert backups(path) == [first]
    assert list(first.parent.iterdir()) == [first], "nothing half done is left"


async def test_vacuum_gives_space_back(path: Path) -> None:
    await filled(path, 400)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM plugin_values")
        connection.commit()
    before, after = vacuum(path)
    assert after < before / 2
    assert check(path).problems == ()


async def test_a_check_finds_overwritten_pages_and_a_newer_schema(path: Path) -> None:
    await filled(path, 100)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer CoreOps" in check(path).problems[0]
    content = path.read_bytes()
    path.write_bytes(content[:20_480] + b"\xff" * 4096 + content[24_576:])
    assert "malformed" in check(path).problems[0]


@contextmanager
def no_file_may_grow_beyond(size: int) -> Iterator[None]:
    """Let the kernel refuse what is written beyond a size (setrlimit(2)): a disk that takes no more."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY if hard < 0 else hard, hard))


async def test_a_disk_that_takes_no_more_is_told_once_and_is_over_with_the_first_write_that_succeeds(
    path: Path,
) -> None:
    told: list[str] = []
    store = Store(path, tell=told.append)
    await store.open()
    await store.kv_set("ops", "a", "b")
    wal = path.with_name("state.sqlite3-wal")
    with no_file_may_grow_beyond(wal.stat().st_size):
        for _ in range(3):
            await store.save_snapshot("clans", CLANS.payload, CLANS.provenance)
        with pytest.raises(CoreOpsError, match="check its space, limits and health"):
            await store.kv_set("ops", "a", "c")
        assert store.health().status is HealthStatus.DEGRADED
        assert await store.kv_get("ops", "a") == "b", "reading goes on"
    assert len(told) == 1
    await store.kv_set("ops", "a", "d")
    assert store.health().status is HealthStatus.OK
    assert told[1] == f"{path} can be written again"
    await store.close()


async def test_a_full_database_says_that_the_disk_is_full(path: Path) -> None:
    store = Store(path)
    await store.open()
    await store._database.run("PRAGMA max_page_count = 1")  # SQLite answers as it does when write(2) says ENOSPC
    with pytest.raises(CoreOpsError, match="the disk is full: free space on it"):
        await store.kv_set("ops", "a", "x" * 100_000)
    assert "the disk is full" in store.health().detail
    await store.close()


@contextmanager
def as_a_user_without_rights() -> Iterator[None]:
    """Let go of root's rights for a while: root is refused nothing by the modes of files."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)


async def test_a_disk_that_may_only_be_read_serves_what_it_has_and_says_what_to_do() -> None:
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    path = folder / "state.sqlite3"
    try:
        await filled(path)
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_a_user_without_rights():
            store = Store(path)
            await store.open()
            loaded = await store.load_snapshot("clans")
            await store.kv_set("ops", "new", "1")
            assert await store.kv_get("ops", "new") == "1"
            await store.close()
        assert loaded is not None
        assert loaded.payload == CLANS.payload
        assert "nothing new will survive a restart: it may only be read" in store.health().detail
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


async def test_a_damaged_file_says_where_the_backups_are(path: Path) -> None:
    path.write_bytes(b"this is no database, certainly not one of SQLite" * 100)
    store = Store(path)
    await store.open()
    detail = store.health().detail
    await store.close()
    assert f"put the newest file of the folder {path.parent / 'backups'} in its place" in detail

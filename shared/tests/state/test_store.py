"""State survives a restart; a store that cannot keep it says so and stops nobody."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from coreops_hookspecs import HealthStatus, JobRun, RunOutcome, Table
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.sheets.pieces import text_of
from coreops_shared.state.migrations import MIGRATIONS
from coreops_shared.state.records import pack
from coreops_shared.state.store import Store

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CLANS = Table("recruitment", "clans", (("clan_tag", "level"), ("EMB", "24"), ("Ünï", "")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "state.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path)
    await store.open()
    yield store
    await store.close()


def run(number: int, job: str = "ops.report") -> JobRun:
    at = NOON + timedelta(minutes=number)
    return JobRun(job, "ops", at, at + timedelta(seconds=1), 0.5, RunOutcome.ERROR, "cron", f"trace-{number}", "odd")


async def reopened(path: Path) -> Store:
    store = Store(path)
    await store.open()
    return store


async def test_a_snapshot_survives_a_restart_with_its_provenance(store: Store, path: Path) -> None:
    stored = pack(CLANS, NOON.astimezone(timezone(timedelta(hours=2))))
    await store.save_snapshot("clans", b"older", stored.provenance)
    await store.save_snapshot("clans", stored.payload, stored.provenance)
    await store.close()
    again = await reopened(path)
    loaded = await again.load_snapshot("clans")
    assert loaded is not None
    assert text_of(loaded.table()) == CLANS
    assert loaded.provenance == stored.provenance
    assert loaded.provenance.loaded_at.utcoffset() == timedelta(0)
    assert await again.load_snapshot("templates") is None
    await again.close()


async def test_a_snapshot_that_changed_on_disk_is_not_served(store: Store) -> None:
    stored = pack(CLANS, NOON)
    await store.save_snapshot("clans", stored.payload + b"x", stored.provenance)
    assert await store.load_snapshot("clans") is None


async def test_runs_come_back_newest_first_by_job(store: Store) -> None:
    for number in range(3):
        await store.runs.end([run(number)])
    await store.runs.end([run(9, "other")])
    assert await store.runs.latest("ops.report", 2) == [run(2), run(1)]
    assert [one.job for one in await store.runs.latest()] == ["other", *["ops.report"] * 3]


async def test_only_the_latest_runs_of_a_job_are_kept(path: Path) -> None:
    store = Store(path, kept_runs=3)
    await store.open()
    for number in range(5):
        await store.runs.end([run(number)])
        await store.runs.end([run(number, "other")])
    assert await store.runs.latest("ops.report", 99) == [run(4), run(3), run(2)]
    assert len(await store.runs.latest("other", 99)) == 3
    await store.close()


async def test_values_belong_to_their_plugin_and_survive(store: Store, path: Path) -> None:
    await store.kv_set("ops", "seen", "1")
    await store.kv_set("ops", "seen", "2")
    await store.kv_set("welcome", "seen", "3")
    await store.kv_delete("welcome", "seen")
    await store.kv_delete("welcome", "never")
    await store.close()
    again = await reopened(path)
    assert await again.kv_get("ops", "seen") == "2"
    assert await again.kv_get("welcome", "seen") is None
    await again.close()


async def test_concurrent_writers_do_not_disturb_each_other(store: Store) -> None:
    await asyncio.gather(*(store.kv_set("ops", f"key{number}", str(number)) for number in range(50)))
    values = await asyncio.gather(*(store.kv_get("ops", f"key{number}") for number in range(50)))
    assert values == [str(number) for number in range(50)]


async def test_a_healthy_store_writes_ahead_and_says_it_is_well(store: Store, path: Path) -> None:
    await store.kv_set("ops", "a", "b")
    assert store.health().status is HealthStatus.OK
    with sqlite3.connect(path) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert reader.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert reader.execute("SELECT value FROM plugin_values").fetchall() == [("b",)]
    reader.close()


async def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(CoreOpsError, match=r"newer CoreOps \(schema 99, this one knows \d+\); upgrade"):
        await Store(path).open()
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA user_version").fetchone() == (99,)
    check.close()


async def test_an_older_file_is_migrated(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")  # version 0: nothing yet
    store = await reopened(path)
    await store.kv_set("ops", "a", "b")
    assert store.health().status is HealthStatus.OK
    await store.close()


async def works_in_memory(store: Store) -> str:
    await store.kv_set("ops", "a", "b")
    assert await store.kv_get("ops", "a") == "b"
    await store.runs.end([run(1)])
    assert await store.runs.latest() == [run(1)]
    await store.close()
    assert store.health().status is HealthStatus.DEGRADED
    return store.health().detail


@pytest.mark.parametrize("damage", ["no database at all", "overwritten pages"])
async def test_a_damaged_file_is_left_alone_and_memory_serves(path: Path, damage: str) -> None:
    if damage == "overwritten pages":
        store = await reopened(path)
        for number in range(200):
            await store.kv_set("ops", f"key{number}", "x" * 200)
        await store.close()
        content = path.read_bytes()
        content = content[:8192] + b"\xff" * 16384 + content[24576:]
    else:
        path.parent.mkdir()
        content = b"this is no database, certainly not one of SQLite" * 100
    path.write_bytes(content)
    detail = await works_in_memory(await reopened(path))
    assert str(path) in detail
    assert "move the file away" in detail
    assert path.read_bytes()[8192:] == content[8192:]


async def test_a_folder_that_cannot_be_made_leaves_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    detail = await works_in_memory(await reopened(tmp_path / "file" / "state.sqlite3"))
    assert "nothing new will survive a restart" in detail


async def test_a_failing_disk_loses_history_but_tells_the_plugin_that_insists(store: Store, path: Path) -> None:
    with sqlite3.connect(path) as breaker:
        breaker.execute("DROP TABLE runs")
        breaker.execute("ALTER TABLE plugin_values RENAME TO gone")
    breaker.close()
    with pytest.raises(CoreOpsError, match="no such table: runs"):
        await store.runs.end([run(1)])
    assert store.health().status is HealthStatus.DEGRADED
    assert "no such table: runs" in store.health().detail
    with pytest.raises(CoreOpsError, match="no such table") as caught:
        await store.kv_set("ops", "a", "b")
    assert caught.value.user_message == "The bot's own storage failed; tell an admin."
    with sqlite3.connect(path) as mender:
        mender.execute("ALTER TABLE gone RENAME TO plugin_values")
    mender.close()
    await store.kv_set("ops", "a", "b")
    assert "runs" in store.health().detail
    with sqlite3.connect(path) as mender:
        mender.execute(MIGRATIONS[0][0])
        mender.execute(MIGRATIONS[3][0])
    mender.close()
    await store.runs.end([run(1)])
    assert store.health().status is HealthStatus.OK


async def test_a_closed_store_takes_nothing_and_raises_only_to_those_who_insist(store: Store) -> None:
    await store.close()
    await store.save_snapshot("clans", b"", pack(CLANS, NOON).provenance)
    assert await store.load_snapshot("clans") is None
    with pytest.raises(CoreOpsError, match="closed"):
        await store.kv_get("ops", "a")

"""``coreops state`` and ``coreops jobs history``, beside a bot that runs or not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coreops.cli.group import LazyGroup
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_shared.state.lock import FileLock
from coreops_shared.state.store import Store

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    store = Store(tmp_path / "state.sqlite3")
    await store.open()
    await store.runs.end([JobRun("demo.a", "demo", NOON, NOON, 0.5, RunOutcome.OK, "cron", "t1")])
    await store.close()
    return tmp_path


def coreops(folder: Path, *words: str) -> Result:
    env = {
        "COREOPS_STATE_DIR": str(folder),
        "COREOPS_WORKBOOK": str(folder),
        "DISCORD_TOKEN": "MTA5MDAwMDAwMDAwMDAwMDAwMQ.GabcDe.sandbox-sandbox-sandbox-sandbox-sand",
    }
    return CliRunner().invoke(LazyGroup(), list(words), env=env)


async def test_check_backup_and_vacuum_tell_what_they_did_as_json(folder: Path) -> None:
    checked = json.loads(coreops(folder, "state", "check", "--json").output)
    assert (checked["problems"], checked["rows"]["runs"], checked["backups"]) == ([], 1, [])
    made = json.loads(coreops(folder, "state", "backup", "--json").output)
    assert Path(made["path"]).stat().st_size == made["size"]
    shrunk = json.loads(coreops(folder, "state", "vacuum", "--json").output)
    assert shrunk["after"] <= shrunk["before"]


async def test_vacuum_is_refused_while_a_bot_uses_the_file(folder: Path) -> None:
    lock = FileLock(folder / "runtime.lock")
    await lock.acquire()
    refused = coreops(folder, "state", "vacuum")
    await lock.release()
    assert refused.exit_code == 1
    assert "stop it first" in refused.output
    assert coreops(folder, "state", "vacuum").exit_code == 0


async def test_a_damaged_or_missing_file_is_a_problem_and_told(folder: Path) -> None:
    path = folder / "state.sqlite3"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000)
    damaged = coreops(folder, "state", "check")
    assert damaged.exit_code == 1
    assert "problem: " in damaged.output or "it is damaged" in damaged.output
    path.unlink()
    missing = coreops(folder, "state", "check")
    assert missing.exit_code == 1
    assert "is not there; run it where the bot runs" in missing.output


async def test_the_history_of_jobs_is_read_without_a_bot(folder: Path) -> None:
    (run,) = json.loads(coreops(folder, "jobs", "history", "demo.a", "--json").output)
    assert (run["job"], run["outcome"], run["trace"]) == ("demo.a", "ok", "t1")
    assert "demo.a" in coreops(folder, "jobs", "history").output
    assert "there are none" in coreops(folder, "jobs", "history", "demo.b").output

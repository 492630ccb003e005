"""The writes of a state folder, listed and changed from a terminal."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Write, WriteKind, WriteState
from coreops_shared.state.audit import entries
from coreops_shared.state.lock import FileLock
from coreops_shared.state.store import Store


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "book").mkdir()
    return {
        "DISCORD_TOKEN": "MTA5MDAwMDAwMDAwMDAwMDAwMQ.GabcDe.sandbox-sandbox-sandbox-sandbox-sand",
        "COREOPS_WORKBOOK": str(tmp_path / "book"),
        "COREOPS_STATE_DIR": str(tmp_path / "state"),
    }


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with a dead write and a pending one."""

    async def fill() -> None:
        store = Store(tmp_path / "state" / "state.sqlite3")
        await store.open()
        for row in ("EMB", "NIT"):
            write = Write(
                number=0, name=row, plugin="placement", spreadsheet="s", tab="clans", kind=WriteKind.UPDATE, key="tag",
                values={"tag": row, "level": "2"}, expected={"level": "1"},
                accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
            )  # fmt: skip
            await store.outbox.insert(write)
        dead = replace(write, number=1, state=WriteState.DEAD, error="somebody else edited B2 (level)")
        await store.outbox.mark([dead])
        await store.close()

    asyncio.run(fill())
    return tmp_path / "state"


def waiting(state: Path) -> list[Write]:
    async def read() -> list[Write]:
        store = Store(state / "state.sqlite3")
        await store.open()
        found = list(await store.outbox.waiting())
        await store.close()
        return found

    return asyncio.run(read())


def test_what_waits_is_listed_with_its_cause(coreops: Any, env: dict[str, str], state: Path) -> None:
    done = coreops("outbox", "list", env=env)
    assert done.code == 0
    dead, pending = done.out.splitlines()
    assert dead.split(maxsplit=2)[:2] == ["1", "dead"]
    assert "placement  update EMB in clans  somebody else edited B2 (level)" in dead
    assert pending.split()[:2] == ["2", "pending"]
    listed = json.loads(coreops("outbox", "list", "--json", env=env).out)
    assert [(write["number"], write["state"], write["row"]) for write in listed] == [
        (1, "dead", "EMB"),
        (2, "pending", "NIT"),
    ]


def test_a_replayed_write_is_pending_and_expects_nothing_if_it_may_overwrite(
    coreops: Any, env: dict[str, str], state: Path
) -> None:
    done = coreops("outbox", "replay", "1", "--overwrite", env=env)
    assert (done.code, done.out) == (0, "write 1 replayed at the next start\n")
    assert [(write.state, write.expected) for write in waiting(state)] == [
        (WriteState.PENDING, None),
        (WriteState.PENDING, {"level": "1"}),
    ]
    (entry,) = entries(state / "state.sqlite3")
    assert (entry.command, entry.surface, entry.options) == (
        "ops outbox replay",
        "cli",
        (("number", "1"), ("overwrite", "True")),
    )


def test_a_dropped_write_is_gone_and_only_a_dead_one_can_be(coreops: Any, env: dict[str, str], state: Path) -> None:
    assert coreops("outbox", "drop", "1", env=env).out == "write 1 dropped\n"
    refused = coreops("outbox", "drop", "2", env=env)
    assert (refused.code, "write 2 is no dead letter" in refused.err) == (1, True)
    assert [write.number for write in waiting(state)] == [2]


def test_while_a_runtime_uses_the_folder_it_is_read_here_and_changed_by_that_runtime_alone(
    coreops: Any, env: dict[str, str], state: Path
) -> None:
    lock = FileLock(state / "runtime.lock")
    asyncio.run(lock.acquire())
    try:
        assert coreops("outbox", "list", env=env).code == 0
        (state / "admin-key").write_text("k")
        refused = coreops("outbox", "drop", "1", "--http-port", "1", env=env)
        assert (refused.code, "no runtime answers on 127.0.0.1:1" in refused.err) == (1, True)
        assert len(waiting(state)) == 2
    finally:
        asyncio.run(lock.release())


def test_a_folder_without_state_is_named(coreops: Any, env: dict[str, str]) -> None:
    refused = coreops("outbox", "list", env=env)
    assert (refused.code, "holds no state" in refused.err) == (1, True)

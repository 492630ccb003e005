"""The trail of privileged commands, checked and exported from a terminal."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import AuditEntry
from coreops_shared.state.store import Store


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    book = tmp_path / "book"
    book.mkdir()
    return {
        "DISCORD_TOKEN": "MTA5MDAwMDAwMDAwMDAwMDAwMQ.GabcDe.sandbox-sandbox-sandbox-sandbox-sand",
        "COREOPS_WORKBOOK": str(book),
        "COREOPS_STATE_DIR": str(tmp_path / "state"),
    }


async def fill(folder: Path) -> None:
    store = Store(folder / "state.sqlite3")
    await store.open()
    for number in range(3):
        entry = AuditEntry(
            at=datetime(2026, 11, 23, number, tzinfo=UTC),
            trace=f"trace{number}",
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
        await store.audit.append(entry)
    await store.close()


def test_an_untouched_trail_is_in_order_and_exported_line_by_line(coreops: Any, env: dict[str, str]) -> None:
    asyncio.run(fill(Path(env["COREOPS_STATE_DIR"])))
    checked = coreops("audit", "verify", env=env)
    assert checked.code == 0, checked.err
    lines = [json.loads(line) for line in coreops("audit", "export", env=env).out.splitlines()]
    assert [line["trace"] for line in lines] == ["trace0", "trace1", "trace2"]
    assert checked.out == f"3 records in order, last hash {lines[-1]['hash']}\n"


def test_a_changed_record_is_named_and_the_exit_code_tells(coreops: Any, env: dict[str, str]) -> None:
    asyncio.run(fill(Path(env["COREOPS_STATE_DIR"])))
    with sqlite3.connect(Path(env["COREOPS_STATE_DIR"]) / "state.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET body = replace(body, 'clans', 'clanz') WHERE number = 2")
    connection.close()
    checked = coreops("audit", "verify", env=env)
    assert checked.code == 1
    assert checked.out.splitlines()[1] == "record 2 was changed after it was written"


@pytest.mark.parametrize("what", ["verify", "export"])
def test_without_a_trail_it_says_where_to_run_it(coreops: Any, env: dict[str, str], what: str) -> None:
    ended = coreops("audit", what, env=env)
    assert ended.code == 1
    assert "COREOPS_STATE_DIR" in ended.err

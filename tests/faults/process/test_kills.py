"""Killed at any instant, a process loses nothing that it promised, and does nothing twice.

Some kills by default, as many as ``COREOPS_KILLS`` says otherwise: 200 take about a minute for each store.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import pytest

from coreops_sandbox.server import Sandbox
from coreops_sandbox.sheets import QuotaLimits
from coreops_sandbox.workbook import lay_over
from coreops_shared.state.audit import entries, verify

KILLS = int(os.environ.get("COREOPS_KILLS", "20"))
SEED = 20260101
PROGRAM = Path(__file__).with_name("killed.py")
CONTENTS = {"book": {"rows": "id,text\ncounter,0\n"}}


async def killed(folder: Path, env: dict[str, str]) -> dict[str, list[str]]:
    """Let processes live and die; return what they were promised."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), str(folder), str(KILLS), str(SEED),
        env={**os.environ, "KILLED_ENV": json.dumps({"DISCORD_TOKEN": "t", **env})},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-3000:]
    told: dict[str, list[str]] = {"row": [], "count": [], "audit": [], "run": []}
    for line in (folder / "told").read_text().splitlines():
        what, _, name = line.partition(" ")
        told[what].append(name)
    assert all(told.values()), "each kind of work was done, or the kills prove nothing"
    return told


def check_state(path: Path, told: dict[str, list[str]]) -> None:
    """The trail is whole and has what was promised; so have the runs."""
    assert verify(path)[2] == ""
    assert set(told["audit"]) <= {entry.hash for entry in entries(path)}
    with sqlite3.connect(path) as connection:
        runs = connection.execute("SELECT trace, outcome FROM runs").fetchall()
        states = dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
    connection.close()
    assert not [trace for trace, count in Counter(trace for trace, _ in runs).items() if count > 1]
    assert {outcome for _, outcome in runs} <= {"ok", "abandoned"}
    # history is short: what is promised of a run is that the latest ones are there
    assert set(told["run"][-100:]) <= {trace for trace, _ in runs}
    assert set(states) == {"applied"}


def check_sheet(rows: list[list[str]], told: dict[str, list[str]]) -> None:
    """Every promised row stands once, and the count went up by ones."""
    found = Counter(row[0] for row in rows[1:])
    assert not [name for name, count in found.items() if count > 1], "doubled"
    assert not set(told["row"]) - set(found), "lost"
    counts = list(map(int, told["count"]))
    assert counts == sorted(set(counts))
    (last,) = (int(row[1]) for row in rows if row[0] == "counter")
    assert counts[-1] <= last <= counts[-1] + KILLS


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.timeout(900)
@pytest.mark.fault(
    "the process is killed (SIGKILL) at any instant, while it writes, refreshes, runs jobs and keeps the audit trail",
    users="no answer until the start; what was answered with “saved” is in the sheet",
    operator="nothing is lost or doubled; `coreops audit verify` finds the trail whole",
    recovery="the start, which applies what was accepted",
)
@pytest.mark.parametrize("store", ["workbook", "google"])
async def test_killed_at_any_instant_no_accepted_write_is_lost_or_doubled(store: str, tmp_path: Path) -> None:
    lay_over(tmp_path / "sheets", CONTENTS)
    if store == "workbook":
        told = await killed(tmp_path, {"COREOPS_WORKBOOK": str(tmp_path / "sheets")})
        with (tmp_path / "sheets" / "book" / "rows.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
    else:
        many = QuotaLimits(reads=10**6, writes=10**6, project_reads=10**6, project_writes=10**6)
        async with Sandbox(workbook=tmp_path / "sheets", quota=many) as sandbox:
            env = {"GSPREAD_CREDENTIALS": sandbox.google_credentials(), "COREOPS_GOOGLE_API_URL": sandbox.google_url}
            told = await killed(tmp_path, env)
            tab = sandbox.google.spreadsheets.named("book").tab("rows")
            assert tab is not None
            rows = [[str(cell or "") for cell in row] for row in tab.cells]
    check_sheet(rows, told)
    check_state(tmp_path / "state.sqlite3", told)

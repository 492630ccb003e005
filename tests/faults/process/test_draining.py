"""Told to stop while writes, a job and a refresh are under way, the process ends in time and loses nothing accepted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import aiohttp
import pytest

from coreops.exit_codes import ExitCode
from coreops_sandbox.launcher import on_google
from coreops_sandbox.server import Sandbox

BUSY = """
    import asyncio
    from dataclasses import dataclass
    from datetime import timedelta

    import lightbulb
    from coreops_hookspecs import BucketSpec, Command, JobSpec, PluginContext, PluginInfo, access, hookimpl

    @dataclass(frozen=True)
    class Note:
        tag: str
        text: str = ""

    @access.user
    class Work(lightbulb.SlashCommand, name="work", description="works"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
            for number in range(5):
                row = {"tag": f"n{number}", "text": "mine"}
                await core.outbox.append("recruitment", "notes", row, key="tag", name=f"note {number}")
            core.tasks.start(core.cache.refresh_now("notes", actor="user:1"), name="refresh")
            await ctx.respond("saved")

    async def long(ctx) -> None:
        await asyncio.sleep(60)

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo.load(__name__)

    @hookimpl
    def coreops_cache_buckets():
        return [BucketSpec("notes", "RECRUITMENT_SHEET_ID", "notes", Note, "tag", ttl=timedelta(hours=1))]

    @hookimpl
    def coreops_commands():
        return [Command(Work)]

    @hookimpl
    def coreops_jobs():
        return [JobSpec("busy.long", long, cron="0 0 1 1 *", deadline=timedelta(minutes=5))]
"""
MANIFEST = """
    hook-api = ">=0.1,<1"
    needs = ["scheduler", "sheets.read", "sheets.write"]
"""
BOUND = 20.0
"""Seconds in which the process ends; eight on a free machine, while the call to Google hangs for thirty."""


@pytest.fixture
def busy(tmp_path: Path) -> dict[str, str]:
    """An installed plugin that has much to do, and settings under which it is found."""
    package = tmp_path / "site" / "busy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(dedent(BUSY))
    (package / "coreops-plugin.toml").write_text(dedent(MANIFEST))
    info = tmp_path / "site" / "busy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: busy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[coreops]\nbusy = busy\n")
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))}


class Notes:
    """The tab that is written to, as a person sees it."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self._sandbox, self._http = sandbox, http

    async def begin(self) -> None:
        url = f"{self._sandbox.url}/sandbox/sheets/recruitment/notes"
        async with self._http.put(url, json={"rows": [["tag", "text"]]}) as response:
            assert response.status == 200, await response.text()

    def tags(self) -> list[str]:
        tab = self._sandbox.google.spreadsheets.named("recruitment").tab("notes")
        assert tab is not None
        return [str(row[0]) for row in tab.cells[1:] if row and row[0]]


@pytest.fixture
async def notes(sandbox: Sandbox, http: aiohttp.ClientSession) -> Notes:
    notes = Notes(sandbox, http)
    await notes.begin()
    return notes


async def history(state: Path) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "coreops", "jobs", "history", "busy.long", "--json",
        env={**os.environ, "COREOPS_STATE_DIR": str(state)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    return list(json.loads(told))


@pytest.mark.fault(
    "the process is told to stop (SIGTERM) while writes and reads wait for a Google that hangs, and a job runs",
    users="what was answered with “saved” is in the sheet after the start",
    operator="exit code 0 within seconds; the job's run is in its history with how it ended",
    recovery="the start, which applies what was accepted, once",
)
async def test_what_is_under_way_is_ended_in_time_and_what_was_accepted_is_applied_after_the_start(
    run: Any, busy: dict[str, str], notes: Notes, sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = {**busy, **on_google(sandbox)}
    bot = await run(**settings)
    await bot.ready()
    hanging = sandbox.faults.add("sheets.hang")
    assert (await bot.chat.say("!work")).text == "saved"
    asked = asyncio.create_task(bot.chat.say("!ops jobs run busy.long", as_="admin"))
    async with asyncio.timeout(20):
        while not await running(bot):
            await asyncio.sleep(0.02)

    bot.process.send_signal(signal.SIGTERM)
    assert await bot.ended(within=BOUND) == ExitCode.OK, bot.log.read_text()
    asked.cancel()
    assert notes.tags() == []
    assert [run["outcome"] for run in await history(tmp_path / "state")] == ["abandoned"]

    sandbox.faults.remove(hanging.id)
    again = await run(**settings)
    await again.ready()
    async with asyncio.timeout(20):
        while len(notes.tags()) < 5:
            await asyncio.sleep(0.05)
    await again.becomes("outbox", "ok")
    assert sorted(notes.tags()) == [f"n{number}" for number in range(5)]


async def running(bot: Any) -> bool:
    """Whether the long job runs."""
    health = (await bot.get("/health"))[1]
    (job,) = [job for job in health["jobs"] if job["name"] == "busy.long"]
    return bool(job["running"])

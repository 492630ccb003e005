"""A machine that runs out of something: file descriptors, disk, the right time."""

from __future__ import annotations

import asyncio
import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coreops_shared.clock import SystemClock

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process can be set on Linux alone")


@linux
@pytest.mark.fault(
    "no file descriptor is left",
    users="answers may be late or missing",
    operator="component descriptors degraded, with what to raise; new HTTP connections wait",
    recovery="serves again as soon as some are free",
)
async def test_running_out_of_file_descriptors_is_visible_and_passes(run: Any) -> None:
    bot = await run()
    await bot.ready()
    assert (await bot.part("descriptors"))["status"] == "ok"
    pid, before = bot.process.pid, resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE)
    open_now = max(int(one.name) for one in Path(f"/proc/{pid}/fd").iterdir()) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now, before[1]))
    part = await bot.becomes("descriptors", "degraded")
    assert "raise LimitNOFILE" in part["detail"]
    _, writer = await asyncio.open_connection("127.0.0.1", int(bot.url.rpartition(":")[2]))  # cannot be accepted
    await bot.chat.say("!ops ping", as_="staff")
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    await bot.becomes("descriptors", "ok")
    writer.close()
    await bot.answers()
    assert bot.process.returncode is None


@linux
@pytest.mark.fault(
    "the disk is full",
    users="nothing",
    operator="component state degraded, with the cause; log lines to a file are missing",
    recovery="state is written again as soon as there is room; history of that time is missing",
)
async def test_a_full_disk_degrades_state_and_nothing_else(run: Any) -> None:
    bot = await run()
    await bot.ready()
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    assert (await bot.chat.say("!ops refresh clans", as_="admin")).replies
    part = await bot.becomes("state", "degraded")
    assert part["detail"]
    await bot.answers()
    assert await bot.status("/ready") == 200
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
    assert (await bot.chat.say("!ops refresh clans", as_="admin")).replies
    await bot.becomes("state", "ok")


@pytest.mark.fault(
    "the machine's clock is set back by a day, or ahead",
    users="nothing",
    operator="watchdog: clock jumped; ages of tables follow the clock, deadlines and cooldowns do not",
    recovery="tables that look too old are read again",
)
@pytest.mark.parametrize("days", [-1, 1])
async def test_a_clock_that_is_set_is_told_and_stops_nothing(
    scene: Any, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda self: datetime.now(UTC) + timedelta(days=days))
    await scene.until(lambda: ("clock jumped", "log") in scene.watchdog())
    await scene.serves()
    status, health = await scene.get("/health")
    assert status == 200
    assert all(bucket["age"] is None or bucket["age"] >= 0 for bucket in health["buckets"])
    assert (await scene.get("/ready"))[0] == 200
    assert [told for told in scene.watchdog() if told[1] == "exit"] == []

"""What a supervisor sees: notifications, signals, exit codes, and the reason of the last exit."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from coreops.exit_codes import ExitCode
from coreops.watchdog.exit_reason import ExitReason, write
from coreops_sandbox.server import Sandbox


@pytest.mark.fault(
    "the process is told to stop (SIGTERM)",
    users="a short word that the bot restarts, to commands typed while it drains",
    operator="phase draining, then stopped; exit code 0",
    recovery="a start",
)
async def test_systemd_hears_of_every_phase_and_a_signal_drains(run: Any, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        bot = await run(NOTIFY_SOCKET=systemd.getsockname(), WATCHDOG_USEC="1000000")
        await bot.ready()
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(within=10) == ExitCode.OK
        systemd.settimeout(0)
        said = "\n".join(iter(lambda: receive(systemd), ""))
    order = [said.index(word) for word in ("EXTEND_TIMEOUT_USEC", "READY=1", "STOPPING=1", "STATUS=stopped")]
    assert order == sorted(order)
    assert "WATCHDOG=1" in said


def receive(systemd: socket.socket) -> str:
    try:
        return systemd.recv(4096).decode()
    except BlockingIOError:
        return ""


SLOW = """
    import asyncio

    from coreops_hookspecs import PluginInfo, hookimpl

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("slow_end", "1.0")

    @hookimpl
    async def coreops_shutdown(ctx, reason) -> None:
        await asyncio.sleep(60)
"""


@pytest.fixture
def slow_end(tmp_path: Path) -> Path:
    """An installed plugin that takes a minute to shut down."""
    site = tmp_path / "site"
    (site / "slow_end").mkdir(parents=True)
    (site / "slow_end" / "__init__.py").write_text(dedent(SLOW))
    (site / "slow_end" / "coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
    info = site / "slow_end-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-end\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[coreops]\nslow_end = slow_end\n")
    return site


@pytest.mark.fault(
    "a plugin does not come to an end when the process is told to stop",
    users="nothing",
    operator="a warning that names the stage that did not stop in time; exit code 0",
    recovery="the stage is cancelled at its bound",
)
async def test_a_plugin_that_will_not_stop_is_left_behind_at_a_bound(run: Any, slow_end: Path) -> None:
    bot = await run(PYTHONPATH=python_path(slow_end))
    await bot.ready()
    bot.process.send_signal(signal.SIGTERM)
    assert await bot.ended(within=15) == ExitCode.OK, bot.log.read_text()


@pytest.mark.fault(
    "a second SIGTERM or Ctrl-C while it drains",
    users="nothing",
    operator="the process is gone at once",
    recovery="a start; accepted writes are on disk",
)
async def test_a_second_signal_ends_the_process_at_once(run: Any, slow_end: Path) -> None:
    bot = await run(PYTHONPATH=python_path(slow_end))
    await bot.ready()
    bot.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(5):
        while await bot.status("/ready") == 200:
            await asyncio.sleep(0.02)
    assert bot.process.returncode is None
    bot.process.send_signal(signal.SIGTERM)
    assert await bot.ended(within=1) == -signal.SIGTERM


def python_path(site: Path) -> str:
    return os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.fault(
    "the watchdog ended the process before this start",
    users="nothing",
    operator="the reason in the log and in the ops channel after the next start",
    recovery="the start",
)
async def test_the_reason_of_the_last_exit_is_told_at_the_next_start_and_once(run: Any, tmp_path: Path) -> None:
    write(tmp_path / "state", ExitReason(datetime.now(UTC), "gateway deaf", "heartbeat last acknowledged 9 min ago"))
    for count in (1, 0):
        bot = await run()
        await bot.ready()
        said = bot.log.read_text()
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(within=10) == ExitCode.OK
        assert said.count("heartbeat last acknowledged 9 min ago") >= count
        assert bool(count) is ("watchdog exit before this start" in said)


@pytest.mark.parametrize(("code", "said"), [(4004, "DISCORD_TOKEN"), (4014, "Message Content Intent")])
async def test_what_discord_refuses_for_good_has_an_exit_code_of_its_own_and_says_what_to_change(
    run: Any, sandbox: Sandbox, code: int, said: str
) -> None:
    bot = await run()
    await bot.ready()
    sandbox.faults.add("gateway.close", {"code": code, "reason": "test"})
    assert await bot.ended(within=20) == ExitCode.REFUSED
    errors = [line["msg"] for line in map(json.loads, bot.log.read_text().splitlines()) if line["level"] == "ERROR"]
    assert any(said in error for error in errors), errors


HOLD = """
    import time

    import lightbulb
    from coreops_hookspecs import Command, PluginInfo, access, hookimpl

    @access.user
    class Hold(lightbulb.SlashCommand, name="hold", description="holds the loop"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            time.sleep(600)

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("slow_end", "1.0")

    @hookimpl
    def coreops_commands():
        return [Command(Hold)]
"""


@pytest.mark.fault(
    "a plugin holds the event loop for good",
    users="no answer until the restart",
    operator="exit code 6; plugin, file and line in the log and, after the restart, in the ops channel",
    recovery="the watchdog's thread ends the process, the supervisor starts it again",
)
async def test_a_loop_that_is_held_for_good_ends_the_process_and_names_the_line(
    run: Any, slow_end: Path, tmp_path: Path
) -> None:
    (slow_end / "slow_end" / "__init__.py").write_text(dedent(HOLD))
    file = tmp_path / "bot.log"
    bot = await run(PYTHONPATH=python_path(slow_end), WATCHDOG_STALL_SEC="1", COREOPS_LOG_FILE=str(file))
    await bot.ready()
    asking = asyncio.create_task(bot.chat.say("!hold"))
    assert await bot.ended(within=15) == ExitCode.WATCHDOG
    await asking
    assert "plugin slow_end at slow_end/__init__.py:11 in invoke()" in (tmp_path / "state/exit-reason.json").read_text()
    assert "loop dead" in bot.log.read_text()
    assert "loop dead" in file.read_text()

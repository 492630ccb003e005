"""Processes whose parent is gone."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; one that nobody has waited for yet counts."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
@pytest.mark.fault(
    "`coreops sandbox` is killed (SIGKILL)",
    users="no answer",
    operator="the runtime that it had started drains and ends too",
    recovery="a start",
)
async def test_a_runtime_whose_sandbox_was_killed_ends_by_itself(tmp_path: Path) -> None:
    env = {**os.environ, "COREOPS_SANDBOX_PORT": "0", "COREOPS_HTTP_PORT": "0"}
    command = [sys.executable, "-m", "coreops", "sandbox", "--port", "0", "--http-port", "0"]
    folders = ["--workbook", str(tmp_path / "workbook"), "--state", str(tmp_path / "state")]
    parent = await asyncio.create_subprocess_exec(
        *command, *folders, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert parent.stdout is not None
    async with asyncio.timeout(30):
        while not re.search(rb"CoreOps is ready", await parent.stdout.readline()):
            assert parent.returncode is None
    (child,) = map(int, Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split())
    parent.send_signal(signal.SIGKILL)
    try:
        async with asyncio.timeout(15):
            while not is_gone(child):
                await asyncio.sleep(0.05)
    finally:
        if not is_gone(child):
            os.kill(child, signal.SIGKILL)
        await parent.communicate()

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from coreops_sandbox.launcher import HOST

Start = Callable[..., Awaitable[Process]]
RUN = "import sys; from coreops_sandbox.cli import sandbox; sandbox(prog_name='coreops sandbox')"


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the command in an empty folder, as a process of its own."""
    processes: list[Process] = []

    async def start_(*args: str, **env: str) -> Process:
        own = {"COREOPS_SANDBOX_PORT": "0", "COREOPS_HTTP_PORT": "0", "PYTHONUNBUFFERED": "1"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", RUN, *args),
            cwd=tmp_path,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **own, **env},
        )
        processes.append(process)
        return process

    yield start_
    for process in processes:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def lines_until(process: Process, word: str) -> list[str]:
    assert process.stdout is not None
    seen: list[str] = []
    async with asyncio.timeout(20):
        while not seen or word not in seen[-1]:
            line = await process.stdout.readline()
            assert line, seen
            seen.append(line.decode().strip())
    return seen


async def test_bare_starts_the_local_discord_alone_and_tells_how_to_reach_it(start: Start) -> None:
    process = await start("--bare", "--token", "MTA5.own.token")
    lines = await lines_until(process, "Ctrl-C")
    told = dict(line.split(maxsplit=1) for line in lines if line.startswith(("rest_url", "token")))

    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": "Bot MTA5.own.token"}
        async with session.get(f"{told['rest_url']}/users/@me", headers=headers) as response:
            assert response.status == 200
    assert told["token"] == "MTA5.own.token"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(start: Start, number: signal.Signals) -> None:
    process = await start("--bare")
    await lines_until(process, "Ctrl-C")

    process.send_signal(number)

    async with asyncio.timeout(5):
        _, errors = await process.communicate()
    assert process.returncode == 0
    assert errors == b""


@pytest.mark.parametrize(("key", "option"), [("COREOPS_SANDBOX_PORT", "--port"), ("COREOPS_HTTP_PORT", "--http-port")])
async def test_a_busy_port_is_one_line_with_the_port_and_the_setting(start: Start, key: str, option: str) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await start(**{key: port})
        async with asyncio.timeout(20):
            _, errors = await process.communicate()

    assert process.returncode == 2
    assert errors.decode().splitlines() == [
        f"coreops sandbox: port {port} is in use: set {option} or {key} to a free one, or stop what listens there"
    ]


async def test_it_starts_the_runtime_tells_both_addresses_and_stops_it_within_five_seconds(
    start: Start, tmp_path: Path
) -> None:
    process = await start()
    lines = await lines_until(process, "Ctrl-C")
    told = dict(line.rsplit(maxsplit=1) for line in lines if "page" in line)

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{told['status page']}ready") as response:
            assert response.status == 200
        async with session.get(f"{told['chat page']}sandbox/state") as response:
            assert (await response.json())["bot"]["connected"]
    assert (tmp_path / ".run" / "workbook" / "recruitment" / "clans.csv").exists()

    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(5):
        said, errors = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in said + errors


async def test_a_runtime_that_cannot_start_ends_it_with_the_same_code_and_the_reason(start: Start) -> None:
    process = await start(LOG_LEVEL="LOUD")
    async with asyncio.timeout(20):
        _, errors = await process.communicate()

    assert process.returncode == 2
    assert "LOG_LEVEL" in errors.decode()
    assert errors.decode().splitlines()[-1].startswith("the runtime ended with exit code 2")

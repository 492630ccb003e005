from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from coreops_sandbox.launcher import HOST, PortBusyError, Runtime, claim_port, environment, sandboxed
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.seed import SEED

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


async def child(code: str) -> tuple[Runtime, asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    return Runtime(process), process


async def test_the_environment_names_the_default_guild_and_nothing_of_the_caller(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    own = environment(sandbox, workbook=tmp_path, state_dir=tmp_path, http_port=8080)

    assert own["COREOPS_DISCORD_REST_URL"] == sandbox.rest_url
    assert own["DISCORD_TOKEN"] == sandbox.token
    assert own["GUILD_IDS"] == SEED.guild
    assert own["ADMIN_ROLE_IDS"] == SEED.admin_role
    assert own["LOG_CHANNEL_ID"] == SEED.log
    assert all(isinstance(value, str) and value for value in own.values())


def test_a_sandboxed_runtime_inherits_the_caller_s_settings_but_no_real_account() -> None:
    caller = {"PATH": "/bin", "LOG_LEVEL": "DEBUG", "DISCORD_TOKEN": "real", "GSPREAD_CREDENTIALS": "{}"}

    env = sandboxed(caller, {"DISCORD_TOKEN": "own"})

    assert env == {"PATH": "/bin", "LOG_LEVEL": "DEBUG", "DISCORD_TOKEN": "own"}


def test_a_busy_port_is_refused_with_its_number_and_the_setting() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError, match=f"^port {port} is in use: set COREOPS_HTTP_PORT to a free one"):
            claim_port(port, "COREOPS_HTTP_PORT")


def test_port_zero_claims_a_free_one() -> None:
    assert claim_port(0, "X") > 1023


async def test_ready_waits_until_the_probe_answers_200() -> None:
    asked: asyncio.Queue[int] = asyncio.Queue()
    codes = iter([503, 503, 200])

    async def probe(request: web.Request) -> web.Response:
        status = next(codes)
        asked.put_nowait(status)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/ready", probe)
    runtime, process = await child("")
    async with TestServer(app) as server, asyncio.timeout(5):
        await runtime.ready(str(server.make_url("/ready")))
    await process.wait()

    assert [asked.get_nowait() for _ in range(3)] == [503, 503, 200]


async def test_ready_waits_while_nothing_listens_yet() -> None:
    runtime, process = await child("")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await runtime.ready(f"http://{HOST}:{claim_port(0, 'X')}/ready")
    await process.wait()


async def test_a_child_that_ignores_the_request_to_stop_is_killed_after_the_bound() -> None:
    runtime, process = await child(DEAF)
    assert process.stdout is not None
    await process.stdout.readline()

    async with asyncio.timeout(5):
        await runtime.stop(grace=0.2)

    assert await runtime.exited() == 128 + 9


async def test_the_exit_code_of_a_child_is_its_own() -> None:
    runtime, _ = await child("raise SystemExit(7)")

    async with asyncio.timeout(10):
        assert await runtime.exited() == 7
        await runtime.stop(grace=0.1)

"""Starts the runtime against a sandbox: its environment, its process, and the wait until it serves."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from coreops_hookspecs.errors import CoreOpsError
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.seed import SEED

HOST = "127.0.0.1"
POLL_S = 0.25
PROBE = aiohttp.ClientTimeout(total=2.0)

FOREIGN = frozenset(
    {
        "GSPREAD_CREDENTIALS",
        "COREOPS_GOOGLE_API_URL",
        "CONFIG_SHEET_ID",
        "ONBOARDING_SHEET_ID",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "PORT",
    }
)
"""Keys of the caller's environment that would lead a sandboxed runtime to real accounts or other ports."""


class PortBusyError(CoreOpsError):
    """A port that was asked for is taken."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(f"port {port} is in use: set {setting} to a free one, or stop what listens there")


def environment(sandbox: Sandbox, *, workbook: Path, state_dir: Path, http_port: int) -> dict[str, str]:
    """What the runtime must be told to serve the default guild of a started sandbox.

    The one place that knows these keys. `http_port` 0 lets the runtime take a free port.
    """
    ids = SEED
    return {
        # A coreops.toml that lies about belongs to a bot with real accounts.
        "COREOPS_CONFIG": os.devnull,
        "DISCORD_TOKEN": sandbox.token,
        "COREOPS_DISCORD_REST_URL": sandbox.rest_url,
        "COREOPS_WORKBOOK": str(workbook),
        "COREOPS_STATE_DIR": str(state_dir),
        "COREOPS_HTTP_PORT": str(http_port),
        "GUILD_IDS": ids.guild,
        "ADMIN_ROLE_IDS": ids.admin_role,
        "STAFF_ROLE_IDS": ids.staff_role,
        "RECRUITER_ROLE_IDS": ids.recruiter_role,
        "LEAD_ROLE_IDS": ids.lead_role,
        "LOG_CHANNEL_ID": ids.log,
        "RECRUITMENT_SHEET_ID": "recruitment",
        "BOT_NAME": "CoreOps",
        "ENV_NAME": "sandbox",
    }


def on_google(sandbox: Sandbox) -> dict[str, str]:
    """What goes over :func:`environment` so that the runtime's spreadsheets are those of the sandbox's Google."""
    return {
        "COREOPS_WORKBOOK": "",
        "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
        "COREOPS_GOOGLE_API_URL": sandbox.google_url,
    }


def sandboxed(caller: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what leads out of the sandbox, with the sandbox's keys over it."""
    return {key: value for key, value in caller.items() if key not in FOREIGN} | dict(own)


def claim_port(port: int, setting: str) -> int:
    """The port itself if it is free, or a free one for 0.

    Raises:
        PortBusyError: Something listens there; names the setting that changes it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortBusyError(port, setting) from None
        return int(probe.getsockname()[1])


class Runtime:
    """The runtime as a child process that writes to this process' output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, env: Mapping[str, str]) -> Runtime:
        """Start `coreops run`, in a session of its own: Ctrl-C then reaches this process alone.

        It ends when this process does, however that ends.
        """
        command = [sys.executable, "-m", "coreops_sandbox.leash", "coreops", "run"]
        process = await asyncio.create_subprocess_exec(
            *command, env=dict(env), stdin=asyncio.subprocess.PIPE, start_new_session=True
        )
        return cls(process)

    async def exited(self) -> int:
        """Wait until the process ends; 128 plus the signal's number if one ended it, as shells count."""
        code = await self._process.wait()
        return code if code >= 0 else 128 - code

    async def ready(self, url: str) -> None:
        """Wait until `url` answers 200, however long that takes."""
        async with aiohttp.ClientSession(timeout=PROBE) as session:
            while not await _answers(session, url):  # noqa: ASYNC110  (another process has no event to wait for)
                await asyncio.sleep(POLL_S)

    async def stop(self, grace: float) -> None:
        """Ask the process to stop; after `grace` seconds, kill it. Does nothing if it has ended."""
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(grace):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False

"""The runtime as a process of its own, with what a supervisor and a machine can do to it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.chat import Chat
from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample


@dataclass
class Bot:
    """One process of ``coreops run``."""

    process: asyncio.subprocess.Process
    url: str
    chat: Chat
    http: aiohttp.ClientSession
    log: Path

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self.http.get(f"{self.url}{path}") as response:
            return response.status, await response.json()

    async def status(self, path: str) -> int:
        with suppress(aiohttp.ClientConnectionError, TimeoutError):
            return (await self.get(path))[0]
        return 0

    async def ready(self) -> None:
        async with asyncio.timeout(20):
            while await self.status("/ready") != 200:
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)

    async def part(self, name: str) -> dict[str, Any]:
        """A component of the health report."""
        _, health = await self.get("/health")
        (found,) = [part for part in health["components"] if part["name"] == name]
        return dict(found)

    async def becomes(self, name: str, status: str) -> dict[str, Any]:
        """Wait until a component has this status."""
        async with asyncio.timeout(20):
            while (found := await self.part(name))["status"] != status:
                await asyncio.sleep(0.05)
        return found

    async def answers(self) -> None:
        assert (await self.chat.say("!ops ping", as_="staff")).replies

    async def ended(self, within: float) -> int:
        async with asyncio.timeout(within):
            return await self.process.wait()


@pytest.fixture
async def run(
    sandbox: Sandbox, tmp_path: Path, http: aiohttp.ClientSession
) -> AsyncIterator[Callable[..., Awaitable[Bot]]]:
    """Start `coreops run` on the sandbox; what still runs at the end is killed by its pid."""
    copy_sample(tmp_path / "workbook")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = environment(sandbox, workbook=tmp_path / "workbook", state_dir=tmp_path / "state", http_port=port)
    bots: list[Bot] = []

    async def start(**more: str) -> Bot:
        log = tmp_path / "log.txt"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "coreops", "run",
                env={**os.environ, **own, **more}, stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        bot = Bot(process, f"http://127.0.0.1:{port}", Chat(sandbox.url), http, log)
        bots.append(bot)
        return bot

    yield start
    for bot in bots:
        await bot.chat.close()
        if bot.process.returncode is None:
            bot.process.kill()
            await bot.process.wait()

"""A runtime on a sandbox whose times are short, and what a test of a fault asks of both.

A test that carries the mark ``fault`` is a row of docs/reference/faults.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from coreops_hookspecs import HealthReport
from coreops_hookspecs.telemetry import Event, GatewayChanged, WatchdogSignal
from coreops_sandbox.gateway import GatewayOptions
from coreops_sandbox.server import Sandbox

LIMIT = 25.0
"""Seconds that a test waits for what must happen."""

QUICK = {"WATCHDOG_CHECK_SEC": "0.2", "WATCHDOG_STALL_SEC": "1.5", "WATCHDOG_DISCONNECT_GRACE_SEC": "12"}


@dataclass
class Scene:
    """A runtime that serves, its Discord, and what is asked of them."""

    bot: Any
    sandbox: Sandbox
    http: aiohttp.ClientSession

    def trouble(self, name: str, params: dict[str, Any] | None = None, **limits: Any) -> Any:
        """Let something go wrong at Discord."""
        return self.sandbox.faults.add(name, params, **limits)

    async def serves(self) -> None:
        """Ask both surfaces and take nothing but answers."""
        assert (await self.bot.chat.slash("ops ping", as_="staff")).replies
        assert (await self.bot.chat.say("!ops ping", as_="staff")).replies

    async def answers_again(self) -> None:
        """Ask until there is an answer."""
        async with asyncio.timeout(LIMIT):
            while not (await self.bot.chat.say("!ops ping", as_="staff")).replies:
                pass

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self.http.get(f"{self.bot.http_url}{path}") as response:
            return response.status, await response.json()

    async def report(self) -> HealthReport:
        report: HealthReport = await self.bot.running.app.ground.health.report()
        return report

    def events(self) -> list[Event]:
        """Everything that was told, oldest first."""
        return list(reversed(self.bot.running.app.ground.bus.recent(500)))

    def states(self) -> list[str]:
        """What became of the connection."""
        return [event.state for event in self.events() if isinstance(event, GatewayChanged)]

    def watchdog(self) -> list[tuple[str, str]]:
        """What the watchdog saw and did."""
        return [(event.signal, event.action) for event in self.events() if isinstance(event, WatchdogSignal)]

    async def until(self, true: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(LIMIT):
            while True:
                found = true()
                if found if isinstance(found, bool) else await found:
                    return
                await asyncio.sleep(0.02)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(gateway=GatewayOptions(heartbeat=0.4, heartbeat_tolerance=60.0)) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


@pytest.fixture
def stage(boot: Any, sandbox: Sandbox, http: aiohttp.ClientSession) -> Callable[..., Awaitable[Scene]]:
    """Boot a runtime whose watchdog looks often, that serves before anything goes wrong."""

    async def set_up(**more: str) -> Scene:
        bot = await boot(env={**QUICK, **more})
        bot.chat._waiting["timeout"] = 2.0
        scene = Scene(bot, sandbox, http)
        await scene.serves()
        return scene

    return set_up


@pytest.fixture
async def scene(stage: Callable[..., Awaitable[Scene]]) -> Scene:
    return await stage()

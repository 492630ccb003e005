"""Boot a runtime inside a test: the one door through which the sandbox's fixtures reach the runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coreops.app import App
from coreops_hookspecs.health import PluginReport
from coreops_hookspecs.jobs import JobRun
from coreops_shared.clock import Clock
from coreops_shared.config.settings import load

__all__ = ["Running", "boot"]


@dataclass(frozen=True, slots=True)
class Running:
    """A runtime that serves.

    Attributes:
        app: The runtime.
        http_url: Its HTTP address, without a trailing slash.
        state_dir: What survives a restart.
    """

    app: App
    http_url: str
    state_dir: Path

    def plugins(self) -> Sequence[PluginReport]:
        """Return what is publicly known of every plugin, by name."""
        return self.app.ground.plugins.manager.reports()

    def commands(self) -> Sequence[Any]:
        """Return every command: ``path``, ``plugin``, ``options``, ``required``, ``examples`` and further facts."""
        assert self.app.discord is not None, "a runtime that serves has commands"
        return self.app.discord.room.tree.leaves()

    async def run_job(self, name: str) -> JobRun:
        """Run a job now and wait for its end. Raises UnknownJobError."""
        return await self.app.tables.scheduler.run_now(name, actor="test")

    async def unload(self, plugin: str) -> PluginReport:
        """Take a plugin out; what is left of it is the reason of its state. Raises PluginRefusedError."""
        return await self.app.ground.plugins.changes.unload(plugin, "test")

    async def stop(self) -> None:
        """Stop it; a second call does nothing."""
        await self.app.stop("the test ends")


async def boot(
    *,
    env: Mapping[str, str],
    plugins: Sequence[object] | None = None,
    clock: Clock | None = None,
    ready_timeout: float = 20.0,
) -> Running:
    """Start a runtime in this process and wait until it answers commands.

    Args:
        env: The whole environment that it sees, as for ``coreops run``.
        plugins: Names of installed plugins, and modules or objects, to run; ``None`` runs everything installed.
        clock: Source of time; the machine's without one.
        ready_timeout: Seconds that it may take.

    Raises:
        ConfigError: the environment cannot be used.
        CoreOpsError: it cannot start.
        TimeoutError: it did not get ready in time.
    """
    settings = await asyncio.to_thread(load, env)
    app = App(settings, plugins=plugins, clock=clock)
    try:
        async with asyncio.timeout(ready_timeout):
            await app.start()
    except BaseException:
        await app.stop("the start failed")
        raise
    return Running(app, app.http_url, settings.state_dir)

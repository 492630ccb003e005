"""Boot a runtime inside a test: the one door through which the sandbox's fixtures reach the runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coreops.app import App
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

    async def stop(self) -> None:
        """Stop it; a second call does nothing."""
        await self.app.stop("the test ends")


async def boot(
    *, env: Mapping[str, str], plugins: Sequence[object] | None = None, ready_timeout: float = 20.0
) -> Running:
    """Start a runtime in this process and wait until it answers commands.

    Args:
        env: The whole environment that it sees, as for ``coreops run``.
        plugins: Names of installed plugins, and modules or objects, to run; ``None`` runs everything installed.
        ready_timeout: Seconds that it may take.

    Raises:
        ConfigError: the environment cannot be used.
        CoreOpsError: it cannot start.
        TimeoutError: it did not get ready in time.
    """
    settings = await asyncio.to_thread(load, env)
    app = App(settings, plugins=plugins)
    try:
        async with asyncio.timeout(ready_timeout):
            await app.start()
    except BaseException:
        await app.stop("the start failed")
        raise
    return Running(app, app.http_url, settings.state_dir)

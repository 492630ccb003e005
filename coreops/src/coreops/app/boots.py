"""Safe mode: asked for, or after starts that did not get ready; said where operators look."""

from __future__ import annotations

import asyncio
from typing import Final

from coreops.app.ground import Ground
from coreops.health.concerns import SAFE_MODE
from coreops.watchdog import boots
from coreops_hookspecs.errors import ConfigError, UpstreamError
from coreops_hookspecs.health import CheckResult, HealthStatus
from coreops_shared.logging import get_logger

__all__ = ["Boots"]

_REMEDY: Final = "coreops plugins bisect finds the plugin that is to blame; ops plugins load brings one in by hand"


class Boots:
    """Counts this start until it is ready, and chooses safe mode.

    Args:
        ground: The rooms that stand first.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._folder = ground.settings.state_dir
        self._began = ground.clock.monotonic()

    async def begin(self) -> None:
        """Count the start; with too many before it, let only ``ops`` run."""
        unready = await asyncio.to_thread(boots.begin, self._folder)
        if unready >= boots.LIMIT:
            why = f"the last {unready} starts did not get ready, so only ops runs; a start that gets ready ends this"
            self._enter(f"{SAFE_MODE}: {why}", f"{why}; {_REMEDY}")
        elif self._ground.settings.safe:
            asked = "only ops runs, as was asked for with --safe; a start without it ends this"
            self._enter(f"{SAFE_MODE}: {asked}", f"{asked}; {_REMEDY}")

    async def ready(self) -> None:
        """Forget earlier starts."""
        await asyncio.to_thread(boots.clear, self._folder)

    async def ended(self, error: BaseException) -> None:
        """Take the count back when this start was stopped before its deadline, or when no plugin can be to blame."""
        in_time = self._ground.clock.monotonic() - self._began < self._ground.settings.startup_deadline_sec
        stopped = isinstance(error, asyncio.CancelledError) and in_time
        if stopped or isinstance(error, ConfigError | UpstreamError):
            await asyncio.to_thread(boots.withdraw, self._folder)

    def _enter(self, reason: str, told: str) -> None:
        self._ground.selection.enter_safe(reason)
        self._ground.health.watch(SAFE_MODE, lambda: CheckResult(HealthStatus.DEGRADED, reason))
        self._ground.reporter.problem(SAFE_MODE, told)
        get_logger("coreops").warning(reason)

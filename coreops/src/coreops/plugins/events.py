"""Events of other rooms, handed on to the plugins' asynchronous hooks."""

from __future__ import annotations

from collections.abc import Iterable

from coreops.plugins.hooks import AsyncHooks
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.config import ConfigDiff, ToggleState
from coreops_hookspecs.telemetry import Event, WatchdogSignal

__all__ = ["PluginEvents"]


class PluginEvents:
    """Callbacks for the rooms that something happened in.

    Args:
        hooks: The plugins' hooks.
    """

    def __init__(self, hooks: AsyncHooks) -> None:
        self._hooks = hooks
        self.told_ready = False
        """Whether the plugins were told that Discord is connected."""

    async def observed(self, event: Event) -> None:
        """Hand on an event of the bus."""
        await self._hooks.gather("coreops_telemetry", event=event)
        if isinstance(event, WatchdogSignal):
            await self._hooks.gather("coreops_watchdog", event=event)

    async def refreshed(self, result: RefreshResult) -> None:
        """Tell that a bucket was refreshed."""
        await self._hooks.gather("coreops_refreshed", result=result)

    async def switched(self, toggles: Iterable[ToggleState]) -> None:
        """Tell which toggles were switched."""
        for toggle in toggles:
            await self._hooks.gather("coreops_toggle_changed", name=toggle.name, enabled=toggle.enabled)

    async def reloaded(self, diff: ConfigDiff) -> None:
        """Tell that configuration was read again, and which keys changed."""
        await self._hooks.gather("coreops_reloaded", diff=diff)

    async def ready(self) -> None:
        """Tell that Discord is connected and commands are synced."""
        self.told_ready = True
        await self._hooks.gather("coreops_ready")

"""Hooks of the runtime's life. Asynchronous events, called through the guard with the plugin's own context.

Called in order of registration (dependencies first, then by name) and ``coreops_shutdown`` in the reverse order. Each
call has a deadline. An exception or a timeout is a fault of that plugin; the others are still called.
"""

from __future__ import annotations

from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.config import ConfigDiff
from coreops_hookspecs.context import PluginContext
from coreops_hookspecs.markers import hookspec
from coreops_hookspecs.telemetry import WatchdogSignal


@hookspec
async def coreops_startup(ctx: PluginContext) -> None:
    """Prepare the plugin: configuration and caches are there, Discord is not connected yet.

    Called once per load, one plugin after the other and before any other event; deadline 30 s. One that takes longer
    than a second is waited for by those plugins alone that depend on it. A fault fails the plugin. At a reload it is
    called on the new code while the old still has what it took, so take nothing that only one can have; a fault leaves
    the old code in place.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_ready(ctx: PluginContext) -> None:
    """React to Discord being connected and commands being synced. Concurrent; deadline 30 s.

    A plugin that is loaded or reloaded later is told after its startup.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_shutdown(ctx: PluginContext, reason: str) -> None:
    """Release what ``startup`` took. Called when the plugin is unloaded or the runtime stops; deadline 5 s.

    No new calls come in by then, and those that were going on have ended or are cancelled next. Settings, toggles and
    buckets are still there. At a reload it is called on the old code when the new serves.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_reloaded(ctx: PluginContext, diff: ConfigDiff) -> None:
    """React to configuration having been read again. Concurrent; deadline 10 s.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_refreshed(ctx: PluginContext, result: RefreshResult) -> None:
    """React to a bucket having been refreshed, successfully or not. Concurrent; deadline 10 s.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_toggle_changed(ctx: PluginContext, name: str, enabled: bool) -> None:
    """React to a feature toggle having been switched. Concurrent; deadline 10 s.

    .. versionadded:: 0.1
    """


@hookspec
async def coreops_watchdog(ctx: PluginContext, event: WatchdogSignal) -> None:
    """React to what the watchdog saw or did. Concurrent; deadline 5 s.

    .. versionadded:: 0.1
    """

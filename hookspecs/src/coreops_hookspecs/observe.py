"""The hook that observes."""

from __future__ import annotations

from coreops_hookspecs.context import PluginContext
from coreops_hookspecs.markers import hookspec
from coreops_hookspecs.telemetry import Event


@hookspec
async def coreops_telemetry(ctx: PluginContext, event: Event) -> None:
    """See every event of the bus. Concurrent; deadline 5 s; never recursive.

    Events that this very call causes are not handed to this hook again.

    .. versionadded:: 0.1
    """

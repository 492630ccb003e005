"""Dependency injection: a command asks by type for its plugin's context or for one of its services."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import lightbulb

from coreops.commands.invocation import current
from coreops_hookspecs import (
    Cache,
    Commands,
    Config,
    Controls,
    Discord,
    Http,
    Invocation,
    Logger,
    Operations,
    Outbox,
    PluginContext,
    Scheduler,
    Sheets,
    State,
    Tasks,
    Telemetry,
    Toggles,
    Trace,
)

__all__ = ["provide"]

_SERVICES: Final[dict[Any, str]] = {
    Cache: "cache",
    Commands: "commands",
    Config: "config",
    Controls: "controls",
    Discord: "discord",
    Http: "http",
    Logger: "log",
    Operations: "operations",
    Outbox: "outbox",
    Scheduler: "scheduler",
    Sheets: "sheets",
    State: "state",
    Tasks: "tasks",
    Telemetry: "telemetry",
    Toggles: "toggles",
    Trace: "trace",
}
"""Attribute of ``PluginContext`` for each service."""


def provide(client: lightbulb.Client, context_for: Callable[[str], PluginContext]) -> None:
    """Let lightbulb build the services when a command or an autocomplete provider asks for them.

    The factories run within the invocation, so each plugin is handed its own.

    Args:
        client: The lightbulb client.
        context_for: Returns the context of a plugin.
    """

    def context() -> PluginContext:
        return context_for(current().plugin)

    def service(attribute: str) -> Any:
        return getattr(context(), attribute)

    for where in (lightbulb.di.Contexts.COMMAND, lightbulb.di.Contexts.AUTOCOMPLETE):
        registry = client.di.registry_for(where)
        registry.register_factory(PluginContext, context)  # type: ignore[type-abstract]
        registry.register_factory(Invocation, current)  # type: ignore[type-abstract]
        for kind, attribute in _SERVICES.items():
            registry.register_factory(kind, partial(service, attribute))

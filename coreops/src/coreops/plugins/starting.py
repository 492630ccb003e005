"""Starting a plugin whose contributions are in the rooms, and finding out whether it is well."""

from __future__ import annotations

from typing import Any

from coreops.plugins.guard import CallKind
from coreops.plugins.outcomes import Outcome
from coreops.plugins.parts import Parts
from coreops.plugins.roster import Generation
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.health import CheckResult, HealthCheck, HealthStatus

__all__ = ["check", "fill", "greet", "start"]


async def start(parts: Parts, name: str) -> None:
    """Call ``coreops_startup``.

    Raises:
        CoreOpsError: a plugin that it needs does not serve, its settings are wrong, or the hook failed.
    """
    standings = {need: parts.states.get(need) for need in parts.roster[name].info.depends}
    missing = [need for need, standing in standings.items() if standing is None or not standing.serving]
    if missing:
        msg = f"needs the plugin {' and '.join(missing)}, which did not start"
        raise DeclarationError(msg)
    parts.outside.require(name)
    outcome = await parts.hooks.one("coreops_startup", name)
    if outcome is not None and not outcome.ok:
        raise DeclarationError(f"startup {_why(outcome)}") from outcome.error
    parts.table.begin(name)


async def fill(parts: Parts, generation: Generation) -> None:
    """Fill the buckets of a plugin, so that it starts with data as at a boot."""
    buckets = [item.key for item in generation.items if item.kind.name == "bucket"]
    if buckets:
        await parts.outside.fill(buckets)


async def greet(parts: Parts, name: str) -> None:
    """Call ``coreops_ready`` of a plugin that was started after the others had been told."""
    if parts.outside.ready():
        await parts.hooks.one("coreops_ready", name)


async def check(parts: Parts, generation: Generation) -> None:
    """Ask a plugin's health checks. Raises DeclarationError when one failed or says that it is down."""
    for item in generation.items:
        if item.kind.name == "check":
            await _ask(parts, generation.name, item.value)


async def _ask(parts: Parts, name: str, asked: HealthCheck) -> None:
    what, limit = f"{name}.{asked.name}", asked.timeout.total_seconds()
    outcome: Outcome[CheckResult] = await parts.guard.call(
        name, CallKind.CHECK, what, asked.check, parts.contexts(name), timeout=limit
    )
    if not outcome.ok:
        raise DeclarationError(f"health check {what} {_why(outcome)}") from outcome.error
    if isinstance(outcome.value, CheckResult) and outcome.value.status is HealthStatus.DOWN:
        raise DeclarationError(f"health check {what} says down: {outcome.value.detail}")


def _why(outcome: Outcome[Any]) -> str:
    error = outcome.error
    return f"was skipped: {outcome.reason}" if error is None else f"raised {type(error).__name__}: {error}"

"""What is publicly known of plugins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from coreops.plugins.guard import Guard
from coreops.plugins.ledger import Ledger
from coreops.plugins.states import PluginStates
from coreops_hookspecs.health import CheckResult, HealthStatus, PluginReport, PluginState

__all__ = ["Reports"]

_TROUBLED: Final = frozenset(
    {PluginState.FAILED, PluginState.INCOMPATIBLE, PluginState.QUARANTINED, PluginState.DEGRADED}
)


class Reports:
    """Reads states, accounts and ledger.

    Args:
        states: Where each plugin stands.
        guard: What its calls have cost.
        ledger: What it contributes.
        hooks: Returns the hooks that it implements.
        adds: Returns the hooks that it adds.
    """

    def __init__(
        self,
        states: PluginStates,
        guard: Guard,
        ledger: Ledger,
        hooks: Callable[[str], tuple[str, ...]],
        adds: Callable[[str], dict[str, str]],
    ) -> None:
        self._states = states
        self._guard = guard
        self._ledger = ledger
        self._hooks = hooks
        self._adds = adds

    def all(self) -> tuple[PluginReport, ...]:
        """Return what is known of every plugin, by name."""
        return tuple(self.one(standing.name) for standing in sorted(self._states, key=lambda each: each.name))

    def one(self, name: str) -> PluginReport:
        """Return what is known of a plugin."""
        standing, gate = self._states[name], self._guard.gate(name)
        return PluginReport(
            name=name,
            version=standing.version,
            distribution=standing.distribution,
            state=standing.state,
            reason=standing.reason,
            since=standing.since,
            retry_at=standing.retry_at,
            faults=gate.faults,
            calls=gate.calls,
            contributions=self._ledger.counts(name),
            failures=gate.failures,
            total_time=gate.total_time,
            p99=gate.p99,
            loop_time=gate.loop_time,
            blocks=gate.blocks,
            last_block=gate.last_block,
            hooks=self._hooks(name),
            adds=self._adds(name),
        )

    def health(self) -> CheckResult:
        """Return whether every plugin that should run does; the component ``plugins`` of the health report."""
        troubled = [f"{standing.name} {standing.state}" for standing in self._states if standing.state in _TROUBLED]
        if troubled:
            return CheckResult(HealthStatus.DEGRADED, ", ".join(troubled))
        active = sum(standing.state is PluginState.ACTIVE for standing in self._states)
        return CheckResult(HealthStatus.OK, f"{active} active")

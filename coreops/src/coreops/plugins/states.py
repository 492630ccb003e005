"""Where each plugin stands, why and since when. One record per plugin; every change is told to one listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from coreops_hookspecs.health import PluginState
from coreops_shared.clock import Clock

__all__ = ["PluginStates", "Standing"]

SERVING = frozenset({PluginState.ACTIVE, PluginState.DEGRADED, PluginState.LOADING, PluginState.QUARANTINED})
"""States in which the guard may call into a plugin; a quarantined one is asked the breaker first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a plugin stands. Instants in UTC; ``distribution`` is empty for a plugin handed in as an object."""

    name: str
    state: PluginState
    reason: str
    since: datetime
    retry_at: datetime | None = None
    version: str = ""
    distribution: str = ""

    @property
    def serving(self) -> bool:
        """Whether calls into the plugin may be made."""
        return self.state in SERVING


class PluginStates:
    """The standings of all known plugins, in order of discovery.

    Args:
        clock: Source of the instants.
        changed: Called with the old state (``None`` at discovery) and the new standing.
    """

    def __init__(self, clock: Clock, changed: Callable[[PluginState | None, Standing], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._standings: dict[str, Standing] = {}

    def __iter__(self) -> Iterator[Standing]:
        return iter(tuple(self._standings.values()))

    def __getitem__(self, name: str) -> Standing:
        return self._standings[name]

    def get(self, name: str) -> Standing | None:
        """Return where a plugin stands, or ``None`` for an unknown one."""
        return self._standings.get(name)

    def discover(self, name: str, *, version: str = "", distribution: str = "") -> None:
        """Begin the record of a plugin."""
        standing = Standing(
            name, PluginState.DISCOVERED, "", self._clock.now(), version=version, distribution=distribution
        )
        self._standings[name] = standing
        self._changed(None, standing)

    def change(
        self,
        name: str,
        state: PluginState,
        reason: str = "",
        *,
        retry_at: datetime | None = None,
        version: str | None = None,
    ) -> None:
        """Move a plugin to another state; saying the same again changes nothing."""
        old = self._standings[name]
        if (old.state, old.reason, old.retry_at) == (state, reason, retry_at) and version in {None, old.version}:
            return
        new = Standing(
            name=name,
            state=state,
            reason=reason,
            since=old.since if old.state is state else self._clock.now(),
            retry_at=retry_at,
            version=old.version if version is None else version,
            distribution=old.distribution,
        )
        self._standings[name] = new
        self._changed(old.state, new)

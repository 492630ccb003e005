"""Where each plugin stands, why and since when. One record per plugin; every change is told to one listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from coreops_hookspecs.health import PluginState
from coreops_shared.clock import Clock

__all__ = ["PluginStates", "Seat", "Standing"]

OPEN = frozenset({PluginState.ACTIVE, PluginState.DEGRADED, PluginState.LOADING})
"""States in which every call into a plugin passes."""

SERVING = OPEN | {PluginState.QUARANTINED}
"""States in which calls may be made; for a quarantined plugin the breaker is asked first."""


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


class Seat:
    """One plugin's place, kept for ever, so that the guard sees with one look whether calls pass."""

    __slots__ = ("open", "standing")

    def __init__(self) -> None:
        self.standing: Standing | None = None
        self.open = False


class PluginStates:
    """The standings of all known plugins, in order of discovery.

    Args:
        clock: Source of the instants.
        changed: Called with the old state (``None`` at discovery) and the new standing.
    """

    def __init__(self, clock: Clock, changed: Callable[[PluginState | None, Standing], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._seats: dict[str, Seat] = {}

    def __iter__(self) -> Iterator[Standing]:
        return iter([seat.standing for seat in self._seats.values() if seat.standing is not None])

    def __getitem__(self, name: str) -> Standing:
        standing = self.get(name)
        if standing is None:
            raise KeyError(name)
        return standing

    def get(self, name: str) -> Standing | None:
        """Return where a plugin stands, or ``None`` for an unknown one."""
        seat = self._seats.get(name)
        return None if seat is None else seat.standing

    def seat(self, name: str) -> Seat:
        """Return the place of a plugin, known or not."""
        return self._seats.setdefault(name, Seat())

    def discover(self, name: str, *, version: str = "", distribution: str = "") -> None:
        """Begin the record of a plugin."""
        standing = Standing(
            name, PluginState.DISCOVERED, "", self._clock.now(), version=version, distribution=distribution
        )
        self._sit(standing)
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
        old = self[name]
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
        self._sit(new)
        self._changed(old.state, new)

    def _sit(self, standing: Standing) -> None:
        seat = self.seat(standing.name)
        seat.standing = standing
        seat.open = standing.state in OPEN

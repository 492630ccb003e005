"""Which of the found plugins may run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ESSENTIAL", "Selection"]

ESSENTIAL: Final = "ops"
"""The plugin without which the bot cannot be repaired: always there, never blocked, never unloaded."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which plugins may run. ``allowed`` empty allows all; ``ops`` always runs; ``safe`` runs nothing else."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    safe: bool = False

    def refusal(self, name: str) -> str:
        """Return why a plugin may not run, or an empty text."""
        if name == ESSENTIAL:
            return ""
        if self.safe:
            return "safe mode: only ops runs; start without --safe to load it"
        if name in self.blocked:
            return "on the block-list COREOPS_PLUGINS_BLOCKED"
        if self.allowed and name not in self.allowed:
            return "not on the allow-list COREOPS_PLUGINS"
        return ""

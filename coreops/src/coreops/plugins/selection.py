"""Which of the found plugins may run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ESSENTIAL", "Selection"]

ESSENTIAL: Final = "ops"
"""The plugin without which the bot cannot be repaired: always there, never blocked, never unloaded."""


@dataclass(slots=True)
class Selection:
    """Which plugins may run. ``allowed`` empty allows all; ``ops`` always runs; ``safe`` starts nothing else."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    safe: bool = False
    why_safe: str = "safe mode: only ops runs"

    def enter_safe(self, why: str) -> None:
        """Let nothing but ``ops`` run from now on, for a reason that is told."""
        self.safe, self.why_safe = True, why

    def refusal(self, name: str, *, by_hand: bool = False) -> str:
        """Return why a plugin may not run, or an empty text. In safe mode one may still be loaded by hand."""
        if name == ESSENTIAL:
            return ""
        if self.safe and not by_hand:
            return self.why_safe
        if name in self.blocked:
            return "on the block-list COREOPS_PLUGINS_BLOCKED"
        if self.allowed and name not in self.allowed:
            return "not on the allow-list COREOPS_PLUGINS"
        return ""

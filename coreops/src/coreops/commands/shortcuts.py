"""Shorter ways to write operational commands as messages: another name of their group, and none at all for admins.

Pure. A command that is really called so goes before a shortcut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coreops.commands.tree import CommandTree, Match

__all__ = ["GROUP", "NO_SHORTCUTS", "Shortcuts"]

GROUP: Final = "ops"
"""The group that shortcuts lead into."""


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """What is configured.

    Args:
        bare: What admins may write without the group: ``health``, or with its argument, ``refresh all``.
        tag: Another name of the group; empty for none.
    """

    bare: tuple[str, ...] = ()
    tag: str = ""

    def tagged(self, tree: CommandTree, words: Sequence[str]) -> Match | None:
        """Return where words lead that begin with the tag."""
        if not self.tag or not words or words[0].lower() != self.tag.lower():
            return None
        return tree.match((GROUP, *words[1:]))

    def shortened(self, tree: CommandTree, words: Sequence[str]) -> Match | None:
        """Return the command that words mean which leave out the group; whether the caller may is asked later."""
        said = " ".join(words).lower() + " "
        if not any(said.startswith(f"{' '.join(bare.lower().split())} ") for bare in self.bare if bare.strip()):
            return None
        match = tree.match((GROUP, *words))
        return None if match.leaf is None else Match(match.path, match.leaf, match.used - 1)

    def of(self, prefix: str, path: Sequence[str], *, admin: bool) -> tuple[str, ...]:
        """Return the shorter forms of one command, for help; those without the group are for admins."""
        if path[0] != GROUP or len(path) < 2:
            return ()
        name = " ".join(path[1:])
        bare = [short for short in self.bare if admin and f"{short.lower()} ".startswith(f"{name} ")]
        tagged = [f"{self.tag} {name}"] if self.tag else []
        return tuple(f"{prefix}{form}" for form in [*bare, *tagged])


NO_SHORTCUTS: Final = Shortcuts()

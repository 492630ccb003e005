"""The command tree: every command of every plugin, by path.

It holds declarations only; :class:`coreops.commands.client.CommandClient` registers :meth:`CommandTree.roots` with
lightbulb whenever :attr:`CommandTree.version` has moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import hikari
import lightbulb
import msgspec

from coreops.commands.compose import compose, release
from coreops.commands.declared import MAX_CHILDREN, MAX_ROOTS, Declared, Path, read
from coreops.commands.leaves import Leaf
from coreops_hookspecs import Command
from coreops_hookspecs.errors import DeclarationError

__all__ = ["CommandTree", "Match", "Root"]

Root = lightbulb.Group | type[lightbulb.CommandBase]

_SLASH: Final = hikari.CommandType.SLASH


class Match(msgspec.Struct, frozen=True):
    """How far the words of a message lead into the tree.

    Args:
        path: The names that were found; empty when the first word is unknown.
        leaf: The command there, if one stands there. A group's is its default, with whose name the path then ends.
        used: How many words the path took.
    """

    path: Path
    leaf: Leaf | None
    used: int


class CommandTree:
    """Takes declarations, refuses what clashes, answers who owns a path."""

    def __init__(self) -> None:
        self._declared: list[Declared] = []
        self._leaves: dict[tuple[hikari.CommandType, Path], Leaf] = {}
        self._groups: dict[Path, str] = {}
        self._defaults: dict[Path, Leaf] = {}
        self._roots: dict[tuple[hikari.CommandType, str], Root] = {}
        self.version = 0

    def add(self, plugin: str, command: Command) -> Callable[[], None]:
        """Take a declaration and return what takes it out again.

        A command mounted under a group that is not there waits for it, whatever the order of loading.

        Raises:
            DeclarationError: it cannot be served or clashes; the message names the plugin, the command, what to do,
                and the other owner where there is one.
        """
        new = read(plugin, command)
        self._check_clash(new)
        self._check_room(new)
        self._declared.append(new)
        self._rebuild()

        def remove() -> None:
            if new in self._declared:
                self._declared.remove(new)
                release(new)
                self._rebuild()

        return remove

    def waiting(self) -> Sequence[str]:
        """Return, in words, the commands whose group is not there: misspelt, or its plugin is not loaded (yet)."""
        groups = ", ".join(sorted(path[0] for path in self._groups if len(path) == 1)) or "none"
        return [
            f"plugin {one.plugin!r}: {one.title!r} waits for the group {one.command.mount!r}, which no loaded plugin "
            f"has (groups: {groups}); correct mount=… or load the group's plugin"
            for one in self._declared
            if one.command.mount is not None and (one.command.mount,) not in self._groups
        ]

    def roots(self) -> Sequence[Root]:
        """Return what to register with lightbulb and Discord, by name."""
        return [root for _, root in sorted(self._roots.items(), key=lambda item: (item[0][1], int(item[0][0])))]

    def leaves(self) -> Sequence[Leaf]:
        """Return every command, by path."""
        return [leaf for _, leaf in sorted(self._leaves.items(), key=lambda item: (item[0][1], int(item[0][0])))]

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the names of a plugin's commands and groups."""
        return tuple(one.title for one in self._declared if one.plugin == plugin)

    def find(self, path: Path, kind: hikari.CommandType | int = _SLASH) -> Leaf | None:
        """Return the command at exactly that path, or ``None``."""
        return self._leaves.get((kind, path))  # type: ignore[arg-type]  # hikari's enums equal their numbers

    def match(self, words: Sequence[str]) -> Match:
        """Follow words, whatever their case, as deep as they lead; Discord's trees are three names deep.

        Where they lead to a group and not on, its default is meant, and what follows is given to that.
        """
        path: Path = ()
        for word in words[:3]:
            longer = (*path, word.lower())
            if (leaf := self.find(longer)) is not None:
                return Match(longer, leaf, len(longer))
            if longer not in self._groups:
                break
            path = longer
        default = self._defaults.get(path)
        return Match(path, None, len(path)) if default is None else Match(default.path, default, len(path))

    def children(self, path: Path) -> Sequence[Leaf]:
        """Return the commands below a group."""
        return [leaf for leaf in self.leaves() if leaf.path[: len(path)] == path and leaf.kind is _SLASH]

    def _check_clash(self, new: Declared) -> None:
        for other in self._declared:
            if clash := min(new.nodes & other.nodes, default=None):
                msg = (
                    f"command {' '.join(clash[1])!r} of plugin {new.plugin!r} is already contributed by plugin "
                    f"{other.plugin!r}; rename one, mount it under a group, or uninstall one of the two"
                )
                raise DeclarationError(msg)

    def _check_room(self, new: Declared) -> None:
        nodes = new.nodes.union(*(other.nodes for other in self._declared))
        if sum(kind is _SLASH and len(path) == 1 for kind, path in nodes) > MAX_ROOTS:
            msg = (
                f"plugin {new.plugin!r}: {new.title!r} does not fit, there are {MAX_ROOTS} slash commands and groups "
                "already (Discord docs, Application Commands, Registering a Command); use a group"
            )
            raise DeclarationError(msg)
        for group, count in Counter(path[:-1] for _, path in nodes if len(path) > 1).items():
            if count > MAX_CHILDREN:
                msg = (
                    f"plugin {new.plugin!r}: {new.title!r} does not fit into group {' '.join(group)!r}, which holds "
                    f"{MAX_CHILDREN} at most (Discord docs, Application Command Structure); use a subgroup"
                )
                raise DeclarationError(msg)

    def _rebuild(self) -> None:
        self.version += 1
        self._leaves, self._groups, self._defaults, self._roots = {}, {}, {}, {}
        for owner in (one for one in self._declared if one.command.mount is None):
            mounts = [one for one in self._declared if one.command.mount == owner.root] if owner.groups else []
            for one in (owner, *mounts):
                self._groups.update(one.groups)
                self._leaves.update({(leaf.kind, leaf.path): leaf for leaf in one.leaves})
                self._defaults.update({leaf.path[:-1]: leaf for leaf in one.leaves if leaf.default})
            kind = _SLASH if owner.groups else owner.leaves[0].kind
            if owner.leaves or mounts:
                self._roots[kind, owner.root] = compose(owner, mounts)

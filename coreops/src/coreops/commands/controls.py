"""The controls of every plugin: what answers its buttons, menus and forms, and how their custom ids are made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import hikari
import lightbulb

from coreops.commands.invocation import current
from coreops.commands.leaves import Leaf
from coreops.commands.seal import Sealed, Sealer, tag_of
from coreops_hookspecs import Control
from coreops_hookspecs.controls import STATE_LIMIT
from coreops_hookspecs.errors import DeclarationError
from coreops_shared.suggest import did_you_mean

__all__ = ["ControlRegistry", "Held", "PluginControls"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One control: its declaration, and a leaf by which its presses are admitted and put on record."""

    control: Control
    leaf: Leaf


class ControlRegistry:
    """Holds controls by the tags in custom ids.

    Args:
        key: Seals custom ids; replaced by the one of earlier runs once the state store is open.
    """

    def __init__(self, key: bytes) -> None:
        self._held: dict[str, Held] = {}
        self.sealer = Sealer(key)

    def add(self, plugin: str, control: Control) -> Callable[[], None]:
        """Take a declaration and return what takes it out again.

        Raises:
            DeclarationError: its name cannot be used, or is used already.
        """
        if _NAME.fullmatch(control.name) is None:
            msg = (
                f"plugin {plugin!r}: control name {control.name!r} is not allowed; use 1 to 32 lower-case letters, "
                "digits, - or _, beginning with a letter"
            )
            raise DeclarationError(msg)
        tag = tag_of(plugin, control.name)
        if tag in self._held:
            other = self._held[tag].leaf
            msg = f"plugin {plugin!r}: control {control.name!r} clashes with one of plugin {other.plugin!r}; rename it"
            raise DeclarationError(msg)
        self._held[tag] = held = Held(control, _leaf(plugin, control))

        def remove() -> None:
            if self._held.get(tag) is held:
                del self._held[tag]

        return remove

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the names of a plugin's controls."""
        return tuple(sorted(held.control.name for held in self._held.values() if held.leaf.plugin == plugin))

    def find(self, sealed: Sealed) -> Held | None:
        """Return the control that a custom id names, or ``None`` while its plugin is not there."""
        return self._held.get(sealed.tag)

    def of(self, plugin: str) -> PluginControls:
        """Return what one plugin makes its custom ids with."""
        return PluginControls(self, plugin)


class PluginControls:
    """Satisfies :class:`coreops_hookspecs.Controls` for one plugin."""

    def __init__(self, registry: ControlRegistry, plugin: str) -> None:
        self._registry = registry
        self._plugin = plugin

    def id(self, name: str, state: str = "", *, owner: int | None = None, shared: bool = False) -> str:
        """Return a custom id that carries ``state``. Raises KeyError, ValueError, LookupError."""
        known = self._registry.held_by(self._plugin)
        if name not in known:
            msg = f"plugin {self._plugin!r} declares no control {name!r}{did_you_mean(name, known)}"
            raise KeyError(msg)
        if len(state) > STATE_LIMIT:
            msg = (
                f"the state of control {name!r} has {len(state)} characters, {STATE_LIMIT} fit; keep more in ctx.state"
            )
            raise ValueError(msg)
        whose = None if shared else current().user_id if owner is None else owner
        return self._registry.sealer.seal(Sealed(tag_of(self._plugin, name), whose, state))


def _leaf(plugin: str, control: Control) -> Leaf:
    return Leaf(
        path=(control.command or plugin, control.name),
        kind=hikari.CommandType.SLASH,
        target=lightbulb.SlashCommand,
        plugin=plugin,
        rule=control.access,
        cooldown=None,
        toggle=control.toggle,
        section="",
        description="",
        options=(),
        examples=(),
    )

"""Reads a plugin's ``Command`` declaration into leaves, and refuses what Discord or the door could not serve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import hikari
import lightbulb
from lightbulb.commands.groups import SubGroup

from coreops.commands.leaves import Leaf, options_of
from coreops_hookspecs import AccessRule, Command, Cooldown
from coreops_hookspecs.access import rule_of
from coreops_hookspecs.errors import DeclarationError

__all__ = ["MAX_CHILDREN", "MAX_ROOTS", "Declared", "Node", "Path", "read"]

MAX_ROOTS: Final = 100
"""Slash commands and groups that an application may have (Discord docs, Application Commands)."""

MAX_CHILDREN: Final = 25
"""Most subcommands and groups in one group (Discord docs, Application Command Structure)."""

_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_SCOPES: Final = ("user", "guild", "global")

Path = tuple[str, ...]
Node = tuple[hikari.CommandType, Path]
Target = type[lightbulb.CommandBase]


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """One declaration, read.

    Args:
        plugin: Its owner.
        command: What the plugin declared.
        leaves: The commands in it, their paths from the root on.
        groups: Descriptions of the groups in it, by path.
    """

    plugin: str
    command: Command
    leaves: tuple[Leaf, ...]
    groups: dict[Path, str]

    @property
    def root(self) -> str:
        """First name of every path in it."""
        return self.command.mount or lightbulb.utils.get_command_data(self.command.target).name

    @property
    def nodes(self) -> frozenset[Node]:
        """Every place in the tree that it takes."""
        slash = ((hikari.CommandType.SLASH, path) for path in self.groups)
        return frozenset([*((leaf.kind, leaf.path) for leaf in self.leaves), *slash])

    @property
    def title(self) -> str:
        """What to call it in a message."""
        return ", ".join(leaf.name for leaf in self.leaves) or self.root


def read(plugin: str, command: Command) -> Declared:
    """Read one declaration.

    Raises:
        DeclarationError: it cannot be served; the message names the plugin, the command and what to do.
    """
    groups: dict[Path, str] = {}
    base: Path = (command.mount,) if command.mount else ()
    found = list(_walk(plugin, command.target, base, groups))
    _check_examples(plugin, command, next(iter(groups), ()), [path for path, _ in found])
    leaves = tuple(_leaf(plugin, command, path, target) for path, target in found)
    if command.default is not None:
        leaves = _with_default(plugin, command.default, leaves, groups)
    declared = Declared(plugin, command, leaves, groups)
    options = [option for leaf in leaves for option in leaf.options]
    for what, named, known in (
        ("rest", command.rest, any(option.rest for option in options)),
        ("several", command.several, any(option.several for option in options)),
    ):
        if named is not None and not known:
            msg = f"plugin {plugin!r}: {what}={named!r} names no text option of {declared.title!r}"
            raise DeclarationError(msg)
    return declared


def _check_examples(plugin: str, command: Command, group: Path, paths: Sequence[Path]) -> None:
    """Refuse examples that no command could show."""
    title = " ".join(group)
    if isinstance(command.examples, Mapping):
        below = {" ".join(path[len(group) :]) for path in paths} if group else frozenset[str]()
        if unknown := sorted(set(command.examples) - below):
            msg = f"plugin {plugin!r}: examples for {unknown[0]!r}, which is no command of the group {title!r}"
            raise DeclarationError(msg)
    elif command.examples and group:
        msg = f"plugin {plugin!r}: examples of group {title!r} name no command; write examples={{<name>: (…,)}}"
        raise DeclarationError(msg)


def _examples(command: Command, path: Path) -> tuple[str, ...]:
    if not isinstance(command.examples, Mapping):
        return command.examples
    found = (texts for name, texts in command.examples.items() if f" {' '.join(path)}".endswith(f" {name}"))
    return next(found, ())


def _with_default(plugin: str, default: str, leaves: tuple[Leaf, ...], groups: dict[Path, str]) -> tuple[Leaf, ...]:
    """Mark the command that the declared group means by itself."""
    group = next(iter(groups), ())
    path = (*group, default)
    if not group or all(leaf.path != path for leaf in leaves):
        msg = (
            f"plugin {plugin!r}: default={default!r} names no command of the group {' '.join(group)!r} it is given for"
        )
        raise DeclarationError(msg)
    return tuple(replace(leaf, default=True) if leaf.path == path else leaf for leaf in leaves)


def _walk(plugin: str, target: object, base: Path, groups: dict[Path, str]) -> Iterator[tuple[Path, Target]]:
    """Yield every command class under ``target`` with its path, and note the groups passed on the way."""
    if isinstance(target, lightbulb.Group | SubGroup):
        path = (*base, target.name)
        _check(plugin, path, slash=True, localize=target.localize)
        if len(path) > 2:
            msg = (
                f"plugin {plugin!r}: group {' '.join(path)!r} is nested too deep; Discord has group, subgroup, command"
            )
            raise DeclarationError(msg)
        groups[path] = target.description
        for child in target.subcommands.values():
            yield from _walk(plugin, child, path, groups)
    elif isinstance(target, type) and issubclass(target, lightbulb.CommandBase):
        data = lightbulb.utils.get_command_data(target)
        slash = data.type is hikari.CommandType.SLASH
        path = (*base, data.name)
        _check(plugin, path, slash=slash, localize=data.localize)
        if base and not slash:
            msg = f"plugin {plugin!r}: context menu command {data.name!r} cannot stand in a group; declare it by itself"
            raise DeclarationError(msg)
        yield path, target
    else:
        msg = (
            f"plugin {plugin!r}: {target!r} is not a lightbulb command class or group; "
            f"give Command(target=…) a lightbulb.SlashCommand subclass or a lightbulb.Group"
        )
        raise DeclarationError(msg)


def _check(plugin: str, path: Path, *, slash: bool, localize: bool) -> None:
    name = path[-1]
    if localize:
        msg = f"plugin {plugin!r}: command {' '.join(path)!r} uses localize=True; write its name and description out"
        raise DeclarationError(msg)
    if slash and (_NAME.fullmatch(name) is None or name != name.lower()):
        msg = (
            f"plugin {plugin!r}: command name {name!r} is not allowed; use 1 to 32 lower-case letters, digits, - or _ "
            f"(Discord docs, Application Command Naming)"
        )
        raise DeclarationError(msg)


def _leaf(plugin: str, command: Command, path: Path, target: Target) -> Leaf:
    name = " ".join(path)
    data = lightbulb.utils.get_command_data(target)
    return Leaf(
        path=path,
        kind=hikari.CommandType(data.type),
        target=target,
        plugin=plugin,
        rule=_rule(plugin, name, target, command.access),
        cooldown=_cooldown(plugin, name, command.cooldown),
        toggle=command.toggle,
        section=command.section or plugin,
        description=data.description,
        options=options_of(plugin, name, target, rest=command.rest, several=command.several),
        examples=_examples(command, path),
    )


def _rule(plugin: str, name: str, target: Target, declared: AccessRule | None) -> AccessRule:
    rule = rule_of(target) or declared
    if rule is None:
        msg = (
            f"plugin {plugin!r}: command {name!r} declares no tier; put @access.user, @access.staff or @access.admin "
            f"on its class, or access=… into Command(…)"
        )
        raise DeclarationError(msg)
    return rule


def _cooldown(plugin: str, name: str, cooldown: Cooldown | None) -> Cooldown | None:
    if cooldown is None:
        return None
    if cooldown.uses < 1 or cooldown.per.total_seconds() <= 0 or cooldown.scope not in _SCOPES:
        msg = (
            f"plugin {plugin!r}: the cooldown of {name!r} cannot be kept; it needs uses >= 1, per > 0 "
            f"and a scope of {', '.join(_SCOPES)}"
        )
        raise DeclarationError(msg)
    return cooldown

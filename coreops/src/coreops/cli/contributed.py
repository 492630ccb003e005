"""Commands that plugins add with ``coreops_cli``. A plugin is imported only when its commands are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click
import pluggy

from coreops.plugins.discovery import Found, discover
from coreops_hookspecs import declare
from coreops_hookspecs.markers import PROJECT

__all__ = ["Contributed"]


class Contributed:
    """Plugins' commands, by name. What is wrong with a plugin is one warning; the others are still served.

    Args:
        reserved: Names that no plugin may take.
        warn: Takes one line.
    """

    def __init__(self, reserved: frozenset[str], warn: Callable[[str], None]) -> None:
        self._reserved = reserved
        self._warn = warn
        self._commands: dict[str, tuple[str, click.Command]] = {}
        self._waiting: list[Found] | None = None

    def find(self, name: str) -> click.Command | None:
        """Return a command, importing as few plugins as it takes: first the one of that name."""
        waiting = self._discovered()
        waiting.sort(key=lambda found: found.name != name)
        while name not in self._commands and waiting:
            self._take(waiting.pop(0))
        known = self._commands.get(name)
        return None if known is None else known[1]

    def all(self) -> Mapping[str, click.Command]:
        """Return every command; imports every plugin."""
        waiting = self._discovered()
        while waiting:
            self._take(waiting.pop(0))
        return {name: command for name, (_, command) in self._commands.items()}

    def _discovered(self) -> list[Found]:
        if self._waiting is None:
            self._waiting = [found for found in discover() if not found.problem and not found.incompatible]
        return self._waiting

    def _take(self, found: Found) -> None:
        group = click.Group(found.name)
        try:
            _ask(found, group)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - discovery: one bad plugin must not stop the command line
            self._warn(f"plugin {found.name} adds no commands: {type(error).__name__}: {error}")
            return
        for name, command in group.commands.items():
            owner = "coreops itself" if name in self._reserved else self._commands.get(name, ("",))[0]
            if owner:
                self._warn(f"command {name!r} of plugin {found.name} is left out: {owner} has one of that name")
            else:
                self._commands[name] = (found.name, command)


def _ask(found: Found, group: click.Group) -> None:
    if found.entry_point is None:
        return
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(declare)
    manager.register(found.entry_point.load(), found.name)
    manager.hook.coreops_cli(group=group)

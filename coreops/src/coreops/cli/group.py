"""``coreops`` itself: its own commands by name, and those of plugins when somebody asks for them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from coreops.cli.contributed import Contributed

__all__ = ["LazyGroup"]

_BUILT_IN: Final = {
    "audit": "coreops.cli.audit",
    "buckets": "coreops.cli.buckets",
    "check": "coreops.cli.check",
    "config": "coreops.cli.config",
    "hooks": "coreops.cli.hooks",
    "jobs": "coreops.cli.jobs",
    "digest": "coreops.cli.digest",
    "health": "coreops.cli.health",
    "logs": "coreops.cli.logs",
    "new-plugin": "coreops.cli.new_plugin",
    "outbox": "coreops.cli.outbox",
    "plugins": "coreops.cli.plugins",
    "run": "coreops.cli.run",
    "state": "coreops.cli.state",
    "toggles": "coreops.cli.toggles",
    "version": "coreops.cli.version",
}
"""Module of each command; the command is its attribute ``command``."""


class LazyGroup(click.Group):
    """Finds a command first among those built in, then with the plugin of that name, then with all others."""

    def __init__(self) -> None:
        super().__init__(
            "coreops",
            help="Run a Discord bot whose data lives in spreadsheets, and look after it.",
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._contributed = Contributed(frozenset(_BUILT_IN), lambda text: click.echo(text, err=True))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted([*_BUILT_IN, *self._contributed.all()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in _BUILT_IN:
            built_in: click.Command = import_module(_BUILT_IN[cmd_name]).command
            return built_in
        return self._contributed.find(cmd_name)

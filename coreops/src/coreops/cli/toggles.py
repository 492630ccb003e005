"""``coreops toggles``: which features of a running bot are on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from coreops.cli.asked import ago, ask, options, show

__all__ = ["command"]

_COLUMNS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "toggle": lambda toggle: str(toggle["name"]),
    "state": lambda toggle: "on" if toggle["enabled"] else "off",
    "why": lambda toggle: str(toggle["reason"]),
    "read": lambda toggle: ago(toggle["read_at"]),
    "plugin": lambda toggle: str(toggle["plugin"]),
    "about": lambda toggle: str(toggle["help"]),
}


@click.command("toggles")
@options
def command(*, as_json: bool, http_port: int) -> None:
    """List the feature toggles of a running bot, and which cell decides; ``coreops check`` reads them without one."""
    show(ask(http_port, "toggles", "name"), _COLUMNS, as_json=as_json)

"""``coreops plugins``: what is installed, from metadata alone, and how it fares in a runtime that runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from coreops.cli.orders import COMMANDS
from coreops.cli.output import table
from coreops.exit_codes import ExitCode
from coreops.plugins.discovery import Found, discover
from coreops_hookspecs.health import PluginState

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    version: str
    distribution: str
    entry_point: str
    state: str
    reason: str


@click.group("plugins")
def command() -> None:
    """Look at the plugins, and change those of a running bot."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--live", is_flag=True, help="Ask the runtime on this machine how they fare.")
@click.option(
    "--http-port",
    envvar=["COREOPS_HTTP_PORT", "PORT"],
    default=8080,
    show_default=True,
    help="The runtime's, for --live.",
)
def list_plugins(*, as_json: bool, live: bool, http_port: int) -> None:
    """List the installed plugins without importing them."""
    running: Mapping[str, Any] = {}
    if live:
        from coreops.cli.live import Unreachable, plugins_of

        try:
            running = plugins_of(http_port)
        except Unreachable as error:
            click.echo(f"coreops: {error}", err=True)
            sys.exit(ExitCode.PROBLEMS)
    rows = [_row(found, running.get(found.name)) for found in discover()]
    if as_json:
        click.echo(json.dumps([_as_dict(row) for row in rows], indent=2))
        return
    if not rows:
        click.echo("no plugin is installed")
        return
    click.echo(
        table(
            ["plugin", "version", "distribution", "state", "reason"],
            [[row.name, row.version, row.distribution, row.state, row.reason] for row in rows],
        )
    )


@command.command("info")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(*, name: str, as_json: bool) -> None:
    """Tell what is known of the plugin NAME without importing it."""
    installed = discover()
    found = next((one for one in installed if one.name == name), None)
    if found is None:
        from coreops_shared.suggest import did_you_mean

        known = [one.name for one in installed]
        click.echo(f"coreops: no plugin {name!r} is installed{did_you_mean(name, known)}", err=True)
        sys.exit(ExitCode.PROBLEMS)
    told = _as_dict(_row(found, None)) | _metadata(found)
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    for key, value in told.items():
        if value:
            click.echo(f"{key.replace('_', ' '):<13} {', '.join(value) if isinstance(value, list) else value}")


def _row(found: Found, live: Mapping[str, Any] | None) -> _Row:
    if live is not None:
        state, reason = str(live["state"]), str(live["reason"])
    elif found.problem:
        state, reason = PluginState.BLOCKED.value, found.problem
    elif found.incompatible:
        state, reason = PluginState.INCOMPATIBLE.value, found.incompatible
    else:
        state, reason = PluginState.DISCOVERED.value, ""
    return _Row(found.name, found.version, found.distribution, found.value, state, reason)


def _as_dict(row: _Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def _metadata(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {"requires": sorted(found.requires)}
    if (manifest := found.manifest) is not None:
        told |= {
            "summary": manifest.summary,
            "hook_api": manifest.hook_api,
            "needs": sorted(manifest.needs),
            "depends": list(manifest.depends),
        }
    return told


for _order in COMMANDS:
    command.add_command(_order)

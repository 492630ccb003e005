"""``coreops plugins``: what is installed, from metadata alone, and how it fares in a runtime that runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from coreops.cli.asked import fail, when
from coreops.cli.bisect import command as bisect_command
from coreops.cli.lock import command as lock_command
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
    since: str = ""
    retry_at: str = ""


_LIVE = click.option("--live", is_flag=True, help="Ask the runtime on this machine how they fare.")
_PORT = click.option(
    "--http-port",
    envvar=["COREOPS_HTTP_PORT", "PORT"],
    default=8080,
    show_default=True,
    help="The runtime's, for --live.",
)
_LIVE_TOO = frozenset({"name", "version", "distribution", "state", "reason", "since", "retry at"})
"""What a runtime tells too."""


@click.group("plugins")
def command() -> None:
    """Look at the plugins, and change those of a running bot."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_LIVE
@_PORT
@click.option("--hook", default="", help="Only those that implement this hook, in the runtime on this machine.")
def list_plugins(*, as_json: bool, live: bool, http_port: int, hook: str) -> None:
    """List the installed plugins without importing them."""
    running = _running(http_port) if live or hook else {}
    rows = [_row(found, running.get(found.name)) for found in discover()]
    if hook:
        known = _known_hook(hook, running.values())
        rows = [row for row in rows if known in (running.get(row.name, {}).get("hooks") or ())]
    if as_json:
        click.echo(json.dumps([_as_dict(row) for row in rows], indent=2))
        return
    if not rows:
        click.echo("no plugin implements it" if hook else "no plugin is installed")
        return
    headings = ["plugin", "version", "distribution", "state"] + (["since", "tried again"] if running else [])
    cells = [[row.name, row.version, row.distribution, row.state] for row in rows]
    if running:
        cells = [[*cell, when(row.since), when(row.retry_at)] for cell, row in zip(cells, rows, strict=True)]
    click.echo(table([*headings, "reason"], [[*cell, row.reason] for cell, row in zip(cells, rows, strict=True)]))


@command.command("info")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_LIVE
@_PORT
def info(*, name: str, as_json: bool, live: bool, http_port: int) -> None:
    """Tell what is known of the plugin NAME without importing it; with --live also what it does, and how it fares."""
    installed = discover()
    found = next((one for one in installed if one.name == name), None)
    if found is None:
        from coreops_shared.suggest import did_you_mean

        known = [one.name for one in installed]
        click.echo(f"coreops: no plugin {name!r} is installed{did_you_mean(name, known)}", err=True)
        sys.exit(ExitCode.PROBLEMS)
    report = _running(http_port).get(name) if live else None
    told = _as_dict(_row(found, report)) | _metadata(found) | ({"live": report} if live else {})
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    lines = {key.replace("_", " "): value for key, value in told.items() if key != "live"}
    if report is not None:
        lines = {key: value for key, value in lines.items() if key not in _LIVE_TOO} | _facts(report)
    for key, value in lines.items():
        if value:
            click.echo(f"{key:<13} {', '.join(value) if isinstance(value, list) else value}")


def _row(found: Found, live: Mapping[str, Any] | None) -> _Row:
    if live is not None:
        state, reason = str(live["state"]), str(live["reason"])
    elif found.problem:
        state, reason = PluginState.BLOCKED.value, found.problem
    elif found.incompatible:
        state, reason = PluginState.INCOMPATIBLE.value, found.incompatible
    else:
        state, reason = PluginState.DISCOVERED.value, ""
    since, retry_at = (str((live or {}).get(key) or "") for key in ("since", "retry_at"))
    return _Row(found.name, found.version, found.distribution, found.value, state, reason, since, retry_at)


def _running(port: int) -> Mapping[str, Mapping[str, Any]]:
    """Return what the runtime on this machine reports of its plugins, or exit saying why there is nothing."""
    from coreops.cli.live import Unreachable, plugins_of

    try:
        return plugins_of(port)
    except Unreachable as error:
        fail(str(error))


def _facts(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts of a plugin as everywhere, with instants as how long ago they were."""
    import msgspec

    from coreops_hookspecs.health import PluginReport
    from coreops_hookspecs.plugins import facts

    told = facts(msgspec.convert(report, PluginReport))
    return {fact.name: fact.value if isinstance(fact.value, str) else when(fact.value.isoformat()) for fact in told}


def _known_hook(name: str, plugins: Iterable[Mapping[str, Any]]) -> str:
    """Return a hook's full name, or exit; plugins may add some."""
    from coreops.plugins.specs import SPECS

    full = name if name.startswith("coreops_") else f"coreops_{name}"
    names = {*SPECS, *(added for plugin in plugins for added in plugin.get("adds") or ())}
    if full not in names:
        from coreops_shared.suggest import did_you_mean

        fail(f"there is no hook {full!r}{did_you_mean(full, sorted(names))}; coreops hooks lists them")
    return full


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


for _order in (*COMMANDS, lock_command, bisect_command):
    command.add_command(_order)

"""``coreops health``: how the running bot is, and what needs attention."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from coreops.cli.asked import ago, ask_for, concern_lines, length, options
from coreops.cli.output import table
from coreops.exit_codes import ExitCode

__all__ = ["command"]


@click.command("health")
@options
@click.option("--history", is_flag=True, help="Show when which part changed, instead.")
def command(*, as_json: bool, http_port: int, history: bool) -> None:
    """Show what works in the running bot, what does not, and what to do.

    Exit code 0 when it serves, perhaps with old data; 1 when it does not, or when none answers.
    """
    report = ask_for(http_port, "/health", "components")
    if as_json:
        click.echo(json.dumps(report["changes"] if history else report, indent=2))
    elif history:
        click.echo(_changes(report))
    else:
        _show(report)
    if not report["ready"]:
        raise SystemExit(ExitCode.PROBLEMS)


def _show(report: Mapping[str, Any]) -> None:
    connected = "connected" if report["gateway_connected"] else "not connected"
    head = [f"{report['bot']} {report['status']}", report["phase"], f"up {length(report['uptime'])}"]
    click.echo(" · ".join([*head, f"gateway {connected}"]))
    click.echo("\n".join(concern_lines(report)) or "nothing needs attention")
    rows = [[part["name"], part["status"], ago(part["since"]), part["detail"]] for part in report["components"]]
    click.echo(table(["part", "status", "since", "detail"], rows))


def _changes(report: Mapping[str, Any]) -> str:
    rows = [
        [ago(change["at"]), change["component"], f"{change['old']} → {change['new']}", change["detail"]]
        for change in report["changes"]
    ]
    return table(["when", "part", "change", "detail"], rows) if rows else "no part has changed since the start"

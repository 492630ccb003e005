"""``coreops hooks``: what plugins may implement, and who does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from coreops.cli.asked import ask, declared_here, options

__all__ = ["command"]


@click.command("hooks")
@options
@click.option("--offline", is_flag=True, help="Import the installed plugins here, without a running bot.")
def command(*, as_json: bool, http_port: int, offline: bool) -> None:
    """List the hooks with their kind and signature, and the plugins of a running bot that implement each.

    Which hooks a plugin implements stands in its code alone, so that code must be imported: by the running bot, or here
    with --offline.
    """
    entries = _entries(_plugins(http_port, offline=offline))
    if as_json:
        click.echo(json.dumps(entries, indent=2))
        return
    from coreops.cli.output import table

    rows = [[entry["signature"], entry["kind"], ", ".join(entry["implementers"])] for entry in entries]
    click.echo(table(["hook", "kind", "implemented by"], rows))


def _plugins(port: int, *, offline: bool) -> Sequence[Mapping[str, Any]]:
    """Return what a running bot reports of its plugins, or those installed here; exits when nobody answers."""
    if not offline:
        return ask(port, "plugins", "name")
    return [{"name": each.name, "hooks": each.hooks, "adds": each.adds} for each in declared_here().reports]


def _entries(plugins: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    from coreops.plugins.specs import SPECS

    known = [(name, _kind(name), spec.signature) for name, spec in SPECS.items()]
    for plugin in plugins:
        known += [(name, f"of {plugin['name']}", told) for name, told in (plugin.get("adds") or {}).items()]
    return [
        {
            "name": name,
            "kind": kind,
            "signature": signature,
            "implementers": sorted(str(each["name"]) for each in plugins if name in (each.get("hooks") or ())),
        }
        for name, kind, signature in known
    ]


def _kind(name: str) -> str:
    from coreops.plugins.specs import SPECS

    spec = SPECS[name]
    if spec.first_result:
        return "decides, awaited" if spec.is_async else "decides"
    return f"event, {spec.timeout:g} s" if spec.is_async and spec.timeout else "event" if spec.is_async else "declares"

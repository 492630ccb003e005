"""``coreops hooks``: what plugins may implement, and who does."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from coreops.cli.asked import ask, declared_here, options

__all__ = ["command", "hooks_by_plugin"]


@click.command("hooks")
@options
@click.option("--offline", is_flag=True, help="Import the installed plugins here, without a running bot.")
def command(*, as_json: bool, http_port: int, offline: bool) -> None:
    """List the hooks with their kind and signature, and the plugins of a running bot that implement each.

    Which hooks a plugin implements stands in its code alone, so that code must be imported: by the running bot, or here
    with --offline.
    """
    entries = _entries(hooks_by_plugin(http_port, offline=offline))
    if as_json:
        click.echo(json.dumps(entries, indent=2))
        return
    from coreops.cli.output import table

    rows = [[entry["signature"], entry["kind"], ", ".join(entry["implementers"])] for entry in entries]
    click.echo(table(["hook", "kind", "implemented by"], rows))


def hooks_by_plugin(port: int, *, offline: bool) -> Mapping[str, Sequence[str]]:
    """Return the hooks of each plugin of a running bot, or of those installed here; exits when nobody answers."""
    if offline:
        return {report.name: report.hooks for report in declared_here().reports}
    return {str(plugin["name"]): plugin.get("hooks") or () for plugin in ask(port, "plugins", "name")}


def _entries(by_plugin: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    from coreops.plugins.specs import SPECS

    known = [(name, _kind(name), _signature(name)) for name in SPECS]
    own = {hook for hooks in by_plugin.values() for hook in hooks} - set(SPECS)
    known += [(name, "of a plugin", name) for name in sorted(own)]
    return [
        {
            "name": name,
            "kind": kind,
            "signature": signature,
            "implementers": sorted(plugin for plugin, hooks in by_plugin.items() if name in hooks),
        }
        for name, kind, signature in known
    ]


def _kind(name: str) -> str:
    from coreops.plugins.specs import SPECS

    spec = SPECS[name]
    if spec.first_result:
        return "decides, awaited" if spec.is_async else "decides"
    return f"event, {spec.timeout:g} s" if spec.is_async and spec.timeout else "event" if spec.is_async else "declares"


def _signature(name: str) -> str:
    """Return how a hook is written, with the annotations as they stand in the contract."""
    from coreops.plugins.specs import SPEC_MODULES

    function = next(vars(module)[name] for module in SPEC_MODULES if name in vars(module))
    signature = inspect.signature(function)
    arguments = ", ".join(f"{key}: {each.annotation}" for key, each in signature.parameters.items())
    return f"{name}({arguments}) -> {signature.return_annotation}"

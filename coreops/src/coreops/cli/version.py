"""``coreops version``: what is installed."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version

import click

from coreops.plugins.discovery import discover
from coreops_hookspecs.markers import HOOK_API

__all__ = ["command"]

_PARTS = ("coreops", "coreops-hookspecs", "coreops-shared", "hikari", "hikari-lightbulb")


@click.command("version")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, as_json: bool) -> None:
    """Print the versions of CoreOps, of what it stands on and of the plugins."""
    versions = {part: _version(part) for part in _PARTS}
    versions |= {"hook API": HOOK_API, "python": platform.python_version()}
    versions |= {found.distribution: found.version for found in discover() if found.distribution}
    if as_json:
        click.echo(json.dumps(versions, indent=2))
        return
    width = max(map(len, versions))
    for name, number in versions.items():
        click.echo(f"{name:<{width}}  {number}")


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"

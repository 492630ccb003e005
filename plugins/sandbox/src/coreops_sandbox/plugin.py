"""The CoreOps plugin `sandbox`: it adds `coreops sandbox` to the command line and nothing to the runtime."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from coreops_hookspecs import PluginInfo, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is."""
    summary = "A local Discord, a chat page and a pytest plugin; runs beside the bot."
    return PluginInfo(name="sandbox", version=version("coreops-sandbox"), summary=summary)


@hookimpl
def coreops_cli(group: click.Group) -> None:
    """Add `coreops sandbox`; imported here so that a production runtime never loads the local Discord."""
    from coreops_sandbox.cli import sandbox

    group.add_command(sandbox)

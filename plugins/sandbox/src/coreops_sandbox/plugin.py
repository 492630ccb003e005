"""The CoreOps plugin `sandbox`: it adds `coreops sandbox` to the command line and nothing to the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coreops_hookspecs import PluginInfo, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_cli(group: click.Group) -> None:
    """Add `coreops sandbox`; imported here so that a production runtime never loads the local Discord."""
    from coreops_sandbox.cli import sandbox

    group.add_command(sandbox)

"""Raises toasts, to which other plugins add words through a hook of this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import lightbulb

from coreops_hookspecs import Command, PluginContext, PluginInfo, access, hookimpl, hookspec


@hookspec
async def coreops_toasts_raised(ctx: PluginContext, who: str) -> str | None:
    """Return what is added to a toast to somebody, or ``None``."""


@access.user
class Toast(lightbulb.SlashCommand, name="toast", description="Raises a toast"):
    """Says its own line, and below it one for each plugin that has something to add."""

    who = lightbulb.string("who", "whom to honour")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Ask the other plugins at the same time; what fails or takes too long is left out."""
        added = await core.hooks.call("coreops_toasts_raised", who=self.who)
        await ctx.respond("\n".join([f"To {self.who}!", *added.values()]))


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__, name="toasts", version="1.0")


@hookimpl
def coreops_addhooks() -> Sequence[Callable[..., Any]]:
    """Add the hook."""
    return [coreops_toasts_raised]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Contribute the command."""
    return [Command(Toast, rest="who", examples=("Ada",))]

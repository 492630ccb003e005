"""Greets people, in words that the operator chooses."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import Command, PluginContext, PluginInfo, Setting, access, hookimpl


@access.user
class Hello(lightbulb.SlashCommand, name="hello", description="Greets somebody"):
    """One class for `/hello`, `!hello` and `@Bot hello`."""

    who = lightbulb.string("who", "whom to greet", default="everybody")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer, and put on record that somebody was greeted."""
        core.telemetry.note("greeted")
        await ctx.respond(f"{core.config.get('HELLO_WORDS')}, {self.who}!")


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does; an installed plugin gets its name and version from its distribution."""
    return PluginInfo.load(__name__, name="hello", version="1.0")


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare what the operator may set, in the environment, `coreops.toml` or the Config worksheet."""
    return [Setting("HELLO_WORDS", default="Hello", help="How a greeting begins.")]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Contribute the command; who may run it stands above its class."""
    return [Command(Hello, rest="who", examples=("Ada",))]

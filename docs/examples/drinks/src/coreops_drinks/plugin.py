"""Lists drinks, with a menu to choose by and a form to suggest one. Both work on messages from before a restart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hikari
import lightbulb

from coreops_hookspecs import Command, Control, Controls, PluginContext, PluginInfo, Press, access, hookimpl

DRINKS = {"hot": ("coffee", "tea"), "cold": ("juice", "water")}


def message(kind: str, controls: Controls) -> dict[str, Any]:
    """Return the list as it is sent, and as a press changes it."""
    menu = hikari.impl.MessageActionRowBuilder()
    options = menu.add_text_menu(controls.id("kind"), placeholder="Hot or cold?")
    for each in DRINKS:
        options.add_option(each, each)
    row = hikari.impl.MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.PRIMARY, controls.id("suggest", kind), label="Suggest")
    found = ", ".join(DRINKS[kind]) if kind else "everything"
    return {"content": f"There is {found}.", "components": [menu, row]}


@access.user
class Drinks(lightbulb.SlashCommand, name="drinks", description="Lists drinks"):
    """Only whoever runs it may use its menu and its button."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, controls: Controls) -> None:
        """Answer with the list."""
        await ctx.respond(**message("", controls))


async def choose(ctx: PluginContext, press: Press) -> None:
    """Show the kind that was chosen in the menu."""
    await press.update(**message(press.values[0], ctx.controls))


async def suggest(ctx: PluginContext, press: Press) -> None:
    """Open a form, with the kind that is shown as the state of its submission."""
    row = hikari.impl.ModalActionRowBuilder().add_text_input("name", "What is missing?")
    await press.open_form("Suggest a drink", ctx.controls.id("suggested", press.state), [row])


async def suggested(ctx: PluginContext, press: Press) -> None:
    """Thank for the form; what was written is no business of the log."""
    ctx.log.info("suggested", kind=press.state)
    await press.respond(f"Thank you, {press.texts['name']} is noted under {press.state or 'everything'}.")


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__, name="drinks", version="1.0")


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Contribute the command."""
    return [Command(Drinks)]


@hookimpl
def coreops_controls() -> Sequence[Control]:
    """Contribute what answers its menu, its button and its form."""
    return [
        Control("kind", choose, command="drinks"),
        Control("suggest", suggest, command="drinks"),
        Control("suggested", suggested, command="drinks"),
    ]

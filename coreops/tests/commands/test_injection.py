"""Commands ask by type for their plugin's context and services."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import Cache, Commands, Invocation, PluginContext, access


async def suggest(ctx: lightbulb.AutocompleteContext[str], cache: Cache, core: PluginContext) -> None:
    await ctx.respond([f"{cache} of {core.plugin}", str(ctx.focused.value)])


@access.user
class Ask(lightbulb.SlashCommand, name="ask", description="Ask for services"):
    word = lightbulb.string("word", "A word", default="", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(
        self, ctx: lightbulb.Context, core: PluginContext, cache: Cache, running: Invocation, commands: Commands
    ) -> None:
        names = ", ".join(info.name for info in commands.visible())
        await ctx.respond(f"{core.plugin} {cache} {running.command} {running.surface} {running.tier.label}: {names}")


@access.staff
class Hidden(lightbulb.SlashCommand, name="hidden", description="For staff"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("hidden")


def context(bench: Any) -> Any:
    return SimpleNamespace(plugin="demo", cache="the cache", commands=bench.room.service)


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_services_are_injected_by_type(bench: Any, surface: str) -> None:
    bench.context = context(bench)
    await bench.start(Ask, Hidden)
    say = bench.chat.slash("ask") if surface == "slash" else bench.chat.say("!ask")
    assert (await say).text == f"demo the cache ask {surface} user: ask"


async def test_the_tree_is_seen_with_the_callers_eyes(bench: Any) -> None:
    bench.context = context(bench)
    await bench.start(Ask, Hidden)
    assert (await bench.chat.say("!ask", as_="staff")).text.endswith("staff: ask, hidden")


async def test_autocomplete_providers_get_services_too(bench: Any) -> None:
    bench.context = context(bench)
    await bench.start(Ask)
    choices = await bench.chat.autocomplete("ask", "word", "ab")
    assert [choice.name for choice in choices] == ["the cache of demo", "ab"]


async def test_a_failing_provider_is_a_fault_and_gives_no_choices(bench: Any) -> None:
    async def broken(ctx: lightbulb.AutocompleteContext[str]) -> None:
        msg = "broken"
        raise RuntimeError(msg)

    @access.user
    class Broken(lightbulb.SlashCommand, name="broken", description="Broken"):
        word = lightbulb.string("word", "A word", default="", autocomplete=broken)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("ok")

    await bench.start(Broken)
    assert await bench.chat.autocomplete("broken", "word", "a") == ()
    assert [fault.what for fault in bench.faults] == ["broken (autocomplete)"]


async def test_whoever_may_not_run_a_command_gets_no_suggestions_of_it(bench: Any) -> None:
    @access.admin
    class Secret(lightbulb.SlashCommand, name="secret", description="Secret"):
        word = lightbulb.string("word", "A word", autocomplete=suggest)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("ok")

    bench.context = context(bench)
    await bench.start(Secret)
    assert await bench.chat.autocomplete("secret", "word", "a") == ()
    assert len(await bench.chat.autocomplete("secret", "word", "a", as_="admin")) == 2

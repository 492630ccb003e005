"""Handlers that are called at once do what lightbulb's pipeline would have them do."""

from __future__ import annotations

from typing import Any

import lightbulb
import linkd
import pytest

from coreops.commands.direct import direct_handler
from coreops_hookspecs import PluginContext, access

SURFACES = ("slash", "prefix")


@access.user
class Plain(lightbulb.SlashCommand, name="plain", description="Say a number"):
    number = lightbulb.integer("number", "Which", default=7)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"{self.number}")


@access.user
class Injected(lightbulb.SlashCommand, name="injected", description="Ask for something"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        await ctx.respond(core.plugin)


@lightbulb.hook(lightbulb.ExecutionSteps.CHECKS)
async def refuse(_: lightbulb.ExecutionPipeline, ctx: lightbulb.Context) -> None:
    raise RuntimeError("no")


@access.user
class Hooked(lightbulb.SlashCommand, name="hooked", description="Have a hook", hooks=[refuse]):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("unreachable")


async def double(_: lightbulb.Context, value: int) -> int:
    return value * 2


@access.user
class Converted(lightbulb.SlashCommand, name="converted", description="Have a converter"):
    number = lightbulb.integer("number", "Which", converter=double)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"{self.number}")


@lightbulb.di.with_di
async def helper(core: PluginContext = lightbulb.di.INJECTED, ctx: lightbulb.Context = lightbulb.di.INJECTED) -> str:
    return f"{core.plugin} {type(ctx).__name__}"


@access.user
class Nested(lightbulb.SlashCommand, name="nested", description="Call what is injected into"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(await helper())


def test_only_what_lightbulb_adds_nothing_to_is_called_at_once() -> None:
    assert [direct_handler(each) is not None for each in (Plain, Nested, Injected, Hooked, Converted)] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("target", "options", "answer"),
    [
        (Plain, {}, "7"),
        (Plain, {"number": 3}, "3"),
        (Injected, {}, "demo"),
        (Converted, {"number": 4}, "8"),
        (Nested, {}, "demo CommandContext"),
    ],
)
async def test_every_kind_of_handler_answers(
    bench: Any, surface: str, target: Any, options: dict[str, int], answer: str
) -> None:
    await bench.start(target)
    name = lightbulb.utils.get_command_data(target).name
    said = await (
        bench.chat.slash(name, options=options)
        if surface == "slash"
        else bench.chat.say(" ".join([f"!{name}", *map(str, options.values())]))
    )
    assert said.text == answer


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_hook_of_lightbulbs_still_stands_before_its_command(bench: Any, surface: str) -> None:
    await bench.start(Hooked)
    said = await (bench.chat.slash("hooked") if surface == "slash" else bench.chat.say("!hooked"))
    assert "failed" in said.text
    assert "unreachable" not in said.text


async def test_what_a_nested_call_made_is_taken_down_with_the_command(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[linkd.Container] = []
    close = linkd.Container.close

    async def closing(self: linkd.Container) -> None:
        closed.append(self)
        await close(self)

    monkeypatch.setattr(linkd.Container, "close", closing)
    await bench.start(Plain, Nested)
    await bench.chat.say("!plain")
    assert closed == []
    await bench.chat.say("!nested")
    assert len(closed) == 1


def test_lightbulb_still_has_the_names_that_are_used() -> None:
    assert isinstance(vars(Plain)["invoke"]._func, type(test_lightbulb_still_has_the_names_that_are_used))
    assert callable(lightbulb.CommandBase._resolve_options)

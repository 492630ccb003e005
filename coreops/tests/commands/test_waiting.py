"""A slow command is deferred on its handler's behalf, which buys the handler no time."""

from __future__ import annotations

import asyncio
from typing import Any

import lightbulb
import pytest

from coreops.commands.responses import Replies
from coreops_hookspecs import access

SURFACES = ("slash", "prefix")


def command(body: Any) -> type[lightbulb.SlashCommand]:
    @access.user
    class Made(lightbulb.SlashCommand, name="do", description="Do something"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await body(ctx)

    return Made


async def ask(bench: Any, surface: str) -> Any:
    return await (bench.chat.slash("do") if surface == "slash" else bench.chat.say("!do"))


@pytest.fixture
def hasty(bench: Any) -> Any:
    """A room that asks for patience at once."""
    bench.patience = 0.02
    bench.renew()
    return bench


async def test_a_slow_slash_command_is_deferred_and_its_answer_arrives(hasty: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        async with asyncio.timeout(5):
            await ctx.initial_response_sent.wait()
        await ctx.respond("late")

    await hasty.start(command(body))
    answer = await ask(hasty, "slash")
    assert [reply.content for reply in answer.replies] == ["late"]
    assert hasty.records[-1].outcome == "ok"


async def test_a_slow_message_command_shows_typing(hasty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = asyncio.Event()
    shown = Replies.defer

    async def defer(replies: Replies) -> None:
        await shown(replies)
        typing.set()

    async def body(ctx: lightbulb.Context) -> None:
        async with asyncio.timeout(5):
            await typing.wait()
        await ctx.respond("late")

    monkeypatch.setattr(Replies, "defer", defer)
    await hasty.start(command(body))
    assert (await ask(hasty, "prefix")).text == "late"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_handler_that_never_returns_is_stopped_although_it_was_deferred(bench: Any, surface: str) -> None:
    bench.timeout, bench.patience = 0.3, 0.02
    bench.renew()

    async def body(_: lightbulb.Context) -> None:
        await asyncio.Event().wait()

    await bench.start(command(body))
    answer = await ask(bench, surface)
    assert "took too long and was stopped" in answer.text
    assert len(answer.replies) == 1
    assert bench.records[-1].outcome == "timeout"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_handler_that_answers_after_the_deferral_may_go_on(bench: Any, surface: str) -> None:
    bench.timeout, bench.patience = 0.3, 0.02
    bench.renew()

    async def body(ctx: lightbulb.Context) -> None:
        await asyncio.sleep(0.1)
        await ctx.respond("first")
        await asyncio.sleep(0.4)
        await ctx.respond("second")

    await bench.start(command(body))
    assert (await ask(bench, surface)).replies[0].content == "first"
    async with asyncio.timeout(5):
        while not bench.records:
            await asyncio.sleep(0.01)
    assert bench.records[-1].outcome == "ok"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_quick_handler_is_left_alone(bench: Any, surface: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("quick")

    async def never(_: Replies) -> None:
        pytest.fail("no patience was needed")

    monkeypatch.setattr(Replies, "defer", never)
    await bench.start(command(body))
    assert (await ask(bench, surface)).text == "quick"

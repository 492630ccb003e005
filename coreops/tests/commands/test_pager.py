"""Long answers are turned by buttons, by whoever asked, until they end."""

from __future__ import annotations

from typing import Any

import lightbulb
import pytest

from coreops.commands.pager import Pager
from coreops_hookspecs import access
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.seed import SEED

SURFACES = ("slash", "prefix")
LINES = [f"line {number} " + "x" * 60 for number in range(120)]


def lists(bench: Any, lines: list[str], *, ephemeral: bool = False) -> type[lightbulb.SlashCommand]:
    @access.user
    class Made(lightbulb.SlashCommand, name="list", description="Shows many lines"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await bench.room.service.show(ctx, "Many", lines, ephemeral=ephemeral)

    return Made


async def ask(bench: Any, surface: str) -> Any:
    return await (bench.chat.slash("list") if surface == "slash" else bench.chat.say("!list"))


@pytest.mark.parametrize("surface", SURFACES)
async def test_pages_are_turned_by_buttons(bench: Any, surface: str) -> None:
    await bench.start(lists(bench, LINES))
    first = await ask(bench, surface)
    assert "line 0 " in first.text
    assert first.embed.footer.text.startswith("Page 1 of 3 · Bot v1.2 · CoreOps v0.1.0 · ref ")
    assert first.reply.control("◀").disabled
    second = await bench.chat.press(first.reply, "▶")
    assert second.reply.id == first.reply.id
    assert "Page 2 of 3" in second.text
    last = await bench.chat.press(second.reply, "⏭")
    assert "line 119 " in last.text
    assert last.reply.control("▶").disabled


@pytest.mark.parametrize("surface", SURFACES)
async def test_somebody_else_is_refused_alone(bench: Any, surface: str) -> None:
    await bench.start(lists(bench, LINES))
    first = await ask(bench, surface)
    refused = await bench.chat.press(first.reply, "▶", as_="admin")
    assert refused.ephemeral
    assert refused.text == f"Only <@{SEED.user}> can turn these pages. Run the command yourself."


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("turned", [False, True])
async def test_the_buttons_end_ten_minutes_after_the_last_press(bench: Any, surface: str, turned: bool) -> None:
    await bench.start(lists(bench, LINES))
    shown = await ask(bench, surface)
    await bench.clock.run_for(500)
    if turned:
        shown = await bench.chat.press(shown.reply, "▶")
        await bench.clock.run_for(500)
        assert bench.room._pager._shown
    await bench.clock.run_for(601)
    await bench.room.stop(1.0)
    (message,) = [one for one in await bench.chat.messages() if one["id"] == shown.reply.id]
    assert all(button["disabled"] for button in message["components"][0]["components"])


@pytest.mark.parametrize("surface", SURFACES)
async def test_the_buttons_end_when_the_bot_stops(bench: Any, surface: str) -> None:
    await bench.start(lists(bench, LINES))
    shown = await ask(bench, surface)
    await bench.room.stop(1.0)
    (message,) = [one for one in await bench.chat.messages() if one["id"] == shown.reply.id]
    assert all(button["disabled"] for button in message["components"][0]["components"])


async def test_buttons_from_before_a_crash_are_taken_away(bench: Any) -> None:
    await bench.start(lists(bench, LINES))
    shown = await ask(bench, "prefix")
    bench.room._pager._shown.clear()
    answered = await bench.chat.press(shown.reply, "▶")
    assert "no longer active" in answered.text
    (message,) = [one for one in await bench.chat.messages() if one["id"] == shown.reply.id]
    assert message["components"] == []


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_very_long_answer_is_a_file(bench: Any, surface: str) -> None:
    await bench.start(lists(bench, LINES * 12))
    answered = await ask(bench, surface)
    (file,) = answered.reply.attachments
    assert file.filename == "answer.txt"
    assert file.size > 60 * 120 * 12
    assert not answered.reply.components


async def test_where_no_file_may_be_attached_there_are_pages(bench: Any) -> None:
    bench.deny(SEED.ops, Permission.ATTACH_FILES)
    await bench.start(lists(bench, LINES * 12))
    answered = await ask(bench, "prefix")
    assert not answered.reply.attachments
    assert answered.reply.control("▶")


async def test_where_embeds_are_not_allowed_pages_are_plain_and_whole(bench: Any) -> None:
    bench.deny(SEED.ops, Permission.EMBED_LINKS)
    await bench.start(lists(bench, LINES))
    first = await ask(bench, "prefix")
    second = await bench.chat.press(first.reply, "▶")
    assert not first.reply.embeds
    assert not second.reply.embeds
    assert "Page 2 of" in second.reply.content
    assert "more" not in first.text + second.text


async def test_only_the_latest_answers_are_held(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreops.commands.pager._MOST", 1)
    await bench.start(lists(bench, LINES))
    first = await ask(bench, "prefix")
    await ask(bench, "prefix")
    pager: Pager = bench.room._pager
    assert len(pager._shown) == 1
    (message,) = [one for one in await bench.chat.messages() if one["id"] == first.reply.id]
    assert all(button["disabled"] for button in message["components"][0]["components"])

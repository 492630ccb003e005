"""A newcomer's first minutes: every command on every surface, over real sockets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.chat import Persona

Boot = Any


async def get(url: str, path: str, **headers: str) -> tuple[int, Any, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url + path, headers={"Accept": "application/json", **headers}) as response,
    ):
        return response.status, await response.json(), response.headers


@pytest.mark.parametrize("surface", ["!ops health", "@CoreOps ops health", "/ops health"])
async def test_staff_reads_the_bots_health_on_every_surface(boot: Boot, surface: str) -> None:
    bot = await boot()
    if surface.startswith("/"):
        exchange = await bot.chat.slash(surface[1:], as_=Persona.STAFF)
    else:
        exchange = await bot.chat.say(surface.replace("@CoreOps", await mention(bot)), as_=Persona.STAFF)
    assert exchange.embed.title == "CoreOps · all is well"
    assert "clans" in exchange.text


async def mention(bot: Any) -> str:
    return f"<@{(await bot.chat.state())['bot']['id']}>"


async def test_everybody_may_ping_by_mention(boot: Boot) -> None:
    bot = await boot()
    exchange = await bot.chat.say(f"{await mention(bot)} ops ping", as_=Persona.USER, channel="general")
    assert "ms" in exchange.text


@pytest.mark.parametrize("typed", ["!clan {tag}", "/clan"])
async def test_a_clan_card_comes_from_the_workbook(boot: Boot, typed: str) -> None:
    bot = await boot()
    choices = await bot.chat.autocomplete("clan", "tag", "", channel="general")
    tag = str(choices[0].value)
    if typed.startswith("/"):
        exchange = await bot.chat.slash("clan", options={"tag": tag}, channel="general")
    else:
        exchange = await bot.chat.say(typed.format(tag=tag.lower()), channel="general")
    assert tag in exchange.text


async def test_what_is_edited_in_the_workbook_shows_without_a_command(boot: Boot, tmp_path: Path) -> None:
    bot = await boot()
    tag = str((await bot.chat.autocomplete("clan", "tag", "", channel="general"))[0].value)
    file = tmp_path / "workbook" / "recruitment" / "clans.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith(f"{tag},"))
    cells = lines[row].split(",")
    lines[row] = ",".join([cells[0], "The Edited", *cells[2:]])
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    async with asyncio.timeout(30):
        while "The Edited" not in (await bot.chat.say(f"!clan {tag}", channel="general")).text:
            await asyncio.sleep(0.05)
    assert "by watch" in (await bot.chat.say("!ops refresh", as_=Persona.STAFF)).text


async def test_an_unknown_clan_answers_with_a_suggestion(boot: Boot) -> None:
    bot = await boot()
    tag = str((await bot.chat.autocomplete("clan", "tag", ""))[0].value)
    exchange = await bot.chat.say(f"!clan {tag}x")
    assert tag in exchange.text


@pytest.mark.parametrize("surface", ["!ops plugins", "/ops plugins"])
async def test_a_user_is_told_why_a_staff_command_is_denied(boot: Boot, surface: str) -> None:
    bot = await boot()
    if surface.startswith("/"):
        exchange = await bot.chat.slash("ops plugins show", as_=Persona.USER)
        assert exchange.ephemeral
    else:
        exchange = await bot.chat.say(surface, as_=Persona.USER)
    assert "staff" in exchange.text.lower()
    assert (await bot.chat.slash("ops plugins show", as_=Persona.ADMIN)).error is None


async def test_an_unknown_command_is_answered_with_the_closest_one(boot: Boot) -> None:
    bot = await boot()
    exchange = await bot.chat.say("!ops helth", as_=Persona.STAFF)
    assert "health" in exchange.text


async def test_help_shows_each_caller_what_that_caller_may_run(boot: Boot) -> None:
    bot = await boot()
    for_user = await bot.chat.slash("ops help", as_=Persona.USER)
    for_staff = await bot.chat.slash("ops help", as_=Persona.STAFF)
    assert "ops plugins" not in for_user.text
    assert "ops plugins" in for_staff.text
    assert "clan" in for_user.text


async def test_ordinary_talk_is_left_alone(boot: Boot) -> None:
    bot = await boot()
    await bot.chat.say("!ops ping", channel="general")  # the bot listens
    body = {"as": "user", "channel": "general", "content": "hello there! how are you?", "timeout": 1}
    async with aiohttp.ClientSession() as session, session.post(f"{bot.chat.url}/sandbox/say", json=body) as response:
        assert (await response.json())["replies"] == []


async def test_the_http_pages_tell_what_the_bot_tells(boot: Boot) -> None:
    bot = await boot()
    status, health, headers = await get(bot.http_url, "/health")
    assert (status, health["status"]) == (200, "ok")
    assert headers["X-Trace-Id"]
    assert {plugin["name"]: plugin["state"] for plugin in health["plugins"]}["recruitment"] == "active"
    assert (await get(bot.http_url, "/ready"))[0] == 200
    assert (await get(bot.http_url, "/healthz"))[0] == 200
    kept = "a-trace-of-my-own-1"
    assert (await get(bot.http_url, "/", **{"X-Trace-Id": kept}))[2]["X-Trace-Id"] == kept


async def test_after_a_stop_nothing_answers_and_nothing_is_left_running(boot: Boot) -> None:
    bot = await boot()
    assert (await bot.chat.say("!ops ping")).text
    await bot.stop()
    state = await bot.chat.state()
    assert state["bot"]["connected"] is False
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(bot.http_url, "/healthz")

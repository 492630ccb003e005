"""Searching clans on both surfaces: menus, pages, whose they are, and what a restart leaves of them."""

from __future__ import annotations

from typing import Any

import pytest

PLUGINS = ["recruitment"]


async def search(chat: Any, surface: str, command: str, as_: str) -> Any:
    return await (chat.say(f"!{command}", as_=as_) if surface == "prefix" else chat.slash(command, as_=as_))


@pytest.mark.parametrize("surface", ["prefix", "slash"])
@pytest.mark.parametrize(("command", "as_"), [("clansearch", "user"), ("clanmatch", "recruiter")])
async def test_menus_narrow_what_is_shown_in_place(boot: Any, surface: str, command: str, as_: str) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    shown = await search(chat, surface, command, as_)
    assert "27 of 30 clans" in shown.text
    assert "[NEW]" in shown.embed.fields[0].name

    by_boss = await chat.select(shown.reply, "boss", "Abyssal Leviathan", as_=as_)
    assert by_boss.reply.id == shown.reply.id
    by_level = await chat.select(by_boss.reply, "level", "level 15-19", as_=as_)
    by_spots = await chat.select(by_level.reply, "spots", "5 or more open spots", as_=as_)
    assert [field.name.partition("]")[0] for field in by_spots.embed.fields] == ["Saltmarsh Irregulars [SAL"]

    nothing = await chat.select(by_spots.reply, "mode", "Training", as_=as_)
    assert "No clan fits all of this" in nothing.text


async def test_pages_are_turned_in_place(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    first = await chat.say("!clansearch")
    assert first.reply.control("Back").disabled
    second = await chat.press(first.reply, "Next")
    assert "page 2 of 6" in second.text
    assert not {field.name for field in first.embed.fields} & {field.name for field in second.embed.fields}
    assert "page 1 of 6" in (await chat.press(second.reply, "Back")).text


async def test_nobody_else_may_use_the_menus(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    shown = await chat.say("!clansearch")
    refused = await chat.select(shown.reply, "boss", "Thunder Roc", as_="admin")
    assert refused.ephemeral
    assert refused.reply.id != shown.reply.id


async def test_the_search_goes_on_after_a_restart(boot: Any) -> None:
    before = await boot(plugins=PLUGINS)
    shown = await before.chat.say("!clansearch")
    chosen = await before.chat.select(shown.reply, "boss", "Thunder Roc")
    await before.stop()

    chat = (await boot(plugins=PLUGINS)).chat
    after = await chat.select(chosen.reply, "mode", "Training")
    assert [field.name.partition(" ")[0] for field in after.embed.fields] == ["Kitefliers"]


@pytest.mark.parametrize(("level", "shown_as"), [("21", "level 2"), ("3", "level"), ("30", "level 25")])
async def test_a_recruiter_starts_from_a_level(boot: Any, level: str, shown_as: str) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    shown = await chat.say(f"!clanmatch {level}", as_="recruiter")
    assert shown.embed.fields
    assert all(shown_as in field.name and "25" not in field.name.replace(shown_as, "") for field in shown.embed.fields)
    assert "ask" in shown.text


async def test_members_may_not_match(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    assert "Staff" in (await chat.say("!clanmatch")).text


@pytest.mark.parametrize("command", ["clansearch", "clanmatch"])
async def test_a_list_that_was_never_read_says_what_to_do(boot: Any, command: str) -> None:
    chat = (await boot(plugins=PLUGINS, workbook={"recruitment": {"clans": "nothing,here\n"}})).chat
    assert "could not be read yet" in (await chat.say(f"!{command}", as_="staff")).text

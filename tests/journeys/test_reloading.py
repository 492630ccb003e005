"""A plugin with every kind of contribution is edited, reloaded and unloaded under a runtime that serves."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from itertools import pairwise
from typing import Any

import aiohttp

from coreops_hookspecs.health import PluginState
from coreops_sandbox.chat import Chat, Persona

WORKBOOK = {"recruitment": {"every": "tag\nEMB\n"}}
WINDOW = 25
IN_RINGS = ("coreops_hookspecs.telemetry", "coreops_hookspecs.cache", "coreops_hookspecs.plugins")


def changes(bot: Any) -> Any:
    return bot.running.app.ground.plugins.changes


def imported() -> list[str]:
    return [name for name in sys.modules if name.startswith("every_kind")]


async def word_of(bot: Any) -> tuple[int, str]:
    url = f"{bot.http_url}/p/every/word"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_an_edited_plugin_answers_anew_on_every_surface(boot: Any, every_kind: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    assert (await bot.chat.say("!every")).text == "hello key True"
    every_kind("good day", replaced=('name="tool"', 'name="gadget"'), version="1.1")
    report = await changes(bot).reload("every", "user:1")
    assert (report.done, report.error, report.left) == (True, "", ())
    assert report.changed == ("command everytools",)
    assert (await bot.chat.say("!every")).text == "good day key True"
    assert (await bot.chat.slash("every")).text == "good day key True"
    assert (await bot.chat.slash("everytools gadget")).text == "good day"
    assert (await bot.chat.say("!ops every", as_=Persona.STAFF)).text == "good day"
    assert await word_of(bot) == (200, "good day")
    assert (await bot.chat.autocomplete("every", "what", ""))[0].value == "good day"
    assert (await bot.chat.slash("ops ping")).error is None


async def test_an_unloaded_plugin_is_gone_from_every_surface(boot: Any, every_kind: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    report = await changes(bot).unload("every", "user:1")
    assert (report.state, report.reason, report.contributions) == (PluginState.UNLOADED, "by user:1", {})
    assert imported() == []
    async with Chat(bot.sandbox.url, timeout=1.0) as brief:  # silence is what is expected
        assert (await brief.say("!every")).replies == ()
    assert (await word_of(bot))[0] == 404
    listed = {command["name"] for command in (await bot.chat.state())["commands"]}
    assert "ops" in listed
    assert not listed & {"every", "everytools"}
    assert (await changes(bot).load("every", "user:1")).state is PluginState.ACTIVE
    assert (await bot.chat.slash("every")).text == "hello key True"


async def sent(bot: Any) -> int:
    """Count the requests with which the bot changed Discord's list of commands."""
    requests = (await bot.chat.state())["requests"]
    return sum(
        count
        for route, count in requests.items()
        if "commands" in route and "callback" not in route and "GET" not in route
    )


async def test_discord_is_sent_its_list_of_commands_once_for_a_change_and_never_without_one(
    boot: Any, every_kind: Any
) -> None:
    bot = await boot(workbook=WORKBOOK)
    before = await sent(bot)
    every_kind("good day")
    assert (await changes(bot).reload("every", "user:1")).changed == ()
    assert await sent(bot) == before

    every_kind(replaced=('name="tool"', 'name="gadget"'))
    assert (await changes(bot).reload("every", "user:1")).changed == ("command everytools",)
    assert await sent(bot) == before + 1

    group = (
        'lightbulb.Group("everytools", "Tools")',
        'lightbulb.Group("everytools", "Tools", default_member_permissions=32)',
    )
    every_kind(replaced=group)
    assert (await changes(bot).reload("every", "user:1")).done
    assert await sent(bot) == before + 2
    listed = {command["name"]: command for command in (await bot.chat.state())["commands"]}
    assert listed["everytools"]["default_member_permissions"] == "32"


def census() -> Counter[str]:
    """Count what is alive by type, by name: holding the types themselves would keep old code alive.

    Events and what they carry are left out: the rings of latest ones are bounded, and fill meanwhile.
    """
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    return Counter(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if kind.__module__ not in IN_RINGS)


async def test_a_hundred_reloads_leave_nothing_behind(boot: Any, every_kind: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    taken: list[Counter[str]] = []
    contributions = bot.running.app.ground.plugins.manager.reports()
    for number in range(1, 101):
        every_kind("word" * (number % 7 + 1))
        report = await changes(bot).reload("every", "user:1")
        assert (report.done, report.left, report.error) == (True, (), "")
        if number % WINDOW == 0:
            taken.append(census())
    grown = [{kind for kind in after if after[kind] - before[kind] >= WINDOW} for before, after in pairwise(taken)]
    assert len(grown) == 3
    assert not set.intersection(*grown), "one object of a type, or more, is left by every reload"
    now = bot.running.app.ground.plugins.manager.reports()
    assert [each.contributions for each in now] == [each.contributions for each in contributions]
    assert len(imported()) == 3
    assert (await bot.chat.slash("every")).text.startswith("word")

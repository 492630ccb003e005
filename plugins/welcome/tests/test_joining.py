"""Greeting members who join."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

PLUGINS = ["recruitment", "welcome"]


async def first(chat: Any) -> Any:
    async with asyncio.timeout(10):
        while not (found := await chat.messages("general")):
            await asyncio.sleep(0.02)
        return found[0]


async def test_a_member_who_joins_is_greeted_in_the_general_channel(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    await chat.join("ada")
    posted = await first(chat)
    assert posted["embeds"][0]["title"] == "Welcome to CoreOps Sandbox!"
    assert posted["mentions"] == []


@pytest.mark.parametrize(
    "workbook",
    [
        {"FeatureToggles": "feature_name,enabled\nwelcome,TRUE\n"},
        {"Config": "KEY,VALUE\n"},
        {"welcome_templates": "clan_tag,text\nEMB,Hi\n"},
        {"welcome_templates": "nothing,here\n"},
    ],
    ids=["switched off", "no channel", "no general text", "never read"],
)
async def test_without_switch_channel_or_text_nobody_is_greeted_and_nothing_is_a_fault(
    boot: Any, workbook: dict[str, str]
) -> None:
    bot = await boot(plugins=PLUGINS, workbook={"recruitment": workbook})
    await bot.chat.join("ada")
    await bot.chat.say("!ops ping")  # an answer to what came later
    assert await bot.chat.messages("general") == ()
    report = next(one for one in bot.running.plugins() if one.name == "welcome")
    assert report.faults == 0

"""The ways to write an operational command as a message."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.chat import Chat

CONFIG = [("KEY", "VALUE"), ("COMMAND_TAG", "c1"), ("COMMAND_SHORTCUTS", "plugins, refresh all, ping")]


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot(workbook={"recruitment": {"Config": CONFIG}}, env={"COREOPS_PREFIX": "!,c!,?"})


def brief(bot: Any) -> Chat:
    return Chat(bot.sandbox.url, timeout=0.3, settle=0.05)


@pytest.mark.parametrize("form", ["!ops ping", "c!ops ping", "?OPS Ping", "!c1 ping", "c!C1 ping"])
async def test_every_prefix_and_the_tag_lead_to_the_group(bot: Any, form: str) -> None:
    assert "Pong" in (await bot.chat.say(form)).text


async def test_the_tag_alone_leads_to_help(bot: Any) -> None:
    assert (await bot.chat.say("!c1")).embed.title == "What you can run"


async def test_admins_may_leave_the_group_out_for_what_is_listed(bot: Any) -> None:
    assert (await bot.chat.say("!plugins ops", as_="admin")).embed.title == "✅ ops · active"
    assert "Refresh" in (await bot.chat.say("!refresh ALL", as_="admin")).text
    async with brief(bot) as chat:
        assert (await chat.say("!refresh clans", as_="admin")).replies == ()
        assert (await chat.say("!health", as_="admin")).replies == ()


@pytest.mark.parametrize("person", ["user", "staff", "administrator"])
async def test_others_are_not_answered_because_other_bots_share_the_prefix(bot: Any, person: str) -> None:
    async with brief(bot) as chat:
        assert (await chat.say("!plugins", as_=person)).replies == ()


async def test_texts_show_the_first_prefix(bot: Any) -> None:
    assert "`!ops ping`" in (await bot.chat.say("?ops help ops ping")).text

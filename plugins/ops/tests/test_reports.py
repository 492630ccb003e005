"""The one-line status, the events of a reference, and Discord's list of commands."""

from __future__ import annotations

import re
from typing import Any

import hikari
import pytest

from coreops_sandbox.world.seed import SEED


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot()


async def test_status_is_one_line_without_an_embed(bot: Any) -> None:
    (reply,) = (await bot.chat.say("!ops status", as_="staff")).replies
    assert reply.embeds == ()
    assert re.fullmatch(
        r"✅ CoreOps ready · up \d+ \w+ · gateway (—|\d+ ms) · \d of \d plugins serving · \d+ tables?", reply.content
    ), reply.content


async def test_a_reference_leads_to_what_happened(bot: Any) -> None:
    refused = (await bot.chat.say("!ops plugins", as_="user")).text
    reference = re.search(r"Reference `(\w{8})`", refused)
    assert reference is not None
    text = (await bot.chat.say(f"!ops trace {reference[1]}", as_="staff")).text
    told = "`command=ops plugins show plugin=ops surface=prefix outcome=denied"
    assert f"<@{SEED.user}> **CommandCompleted** {told}" in text


async def test_an_unknown_reference_points_to_the_logs(bot: Any) -> None:
    assert "Look for it in the logs" in (await bot.chat.say("!ops trace 00000000", as_="staff")).text
    assert "at least 6" in (await bot.chat.say("!ops trace 0", as_="staff")).text


async def listed(bot: Any) -> list[str]:
    rest = bot.running.app.discord.gateway.rest
    found = await rest.fetch_application_commands(int(SEED.application), guild=int(SEED.guild))
    return sorted(command.name for command in found)


async def test_a_plan_sends_nothing_and_a_sync_mends_discords_list(bot: Any) -> None:
    before = await listed(bot)
    in_step = await bot.chat.say("!ops sync --plan", as_="admin")
    assert f"in step: {len(before)} unchanged, nothing to send." in in_step.text
    rest: hikari.api.RESTClient = bot.running.app.discord.gateway.rest
    stray = rest.slash_command_builder("stray", "Not ours")
    await rest.set_application_commands(int(SEED.application), [stray], guild=int(SEED.guild))
    plan = (await bot.chat.say("!ops sync --plan", as_="admin")).embed
    assert plan.field("Delete") == "`stray`"
    assert "`ops`" in plan.field("Create")
    assert await listed(bot) == ["stray"]
    assert "Done." in (await bot.chat.say("!ops sync", as_="admin")).text
    assert await listed(bot) == before

"""``ops jobs`` on a running bot."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_jobs_are_listed_with_when_they_run_next(bot: Any, surface: str) -> None:
    if surface == "slash":
        card = (await bot.chat.slash("ops jobs list", as_="staff")).embed
    else:
        card = (await bot.chat.say("!ops jobs", as_="staff")).embed
    assert card.title.startswith("Jobs · ")
    assert "**refresh.clans** `every 3 h` · next <t:" in card.description
    assert "**state.backup** `30 4 * * *` · next <t:" in card.description


async def test_a_job_is_run_paused_and_resumed_and_its_history_tells(bot: Any) -> None:
    ran = (await bot.chat.say("!ops jobs run state.backup", as_="admin")).embed
    assert ran.title == "Job state.backup · ok"
    paused = (await bot.chat.slash("ops jobs pause", as_="admin", options={"name": "state.backup"})).embed
    assert paused.title == "Job state.backup · paused"
    assert "⏸️ paused <t:" in paused.description
    assert "`!ops jobs resume state.backup` lets it run again" in paused.description
    assert "⏸️ paused" in (await bot.chat.say("!ops jobs next state.backup", as_="staff")).text
    resumed = (await bot.chat.say("!ops jobs resume state.backup", as_="admin")).embed
    assert "· next <t:" in resumed.description
    history = (await bot.chat.say("!ops jobs history state.backup", as_="staff")).embed
    assert history.title == "Job state.backup · 1 run"
    assert "✅ ok · <t:" in history.description
    assert "· by <@" in history.description


async def test_the_next_five_times_of_a_job_are_told(bot: Any) -> None:
    card = (await bot.chat.say("!ops jobs next state.backup", as_="staff")).embed
    assert card.title == "Job state.backup · next 5"
    assert len(card.description.splitlines()) == 6


@pytest.mark.parametrize("order", ["run", "next", "history", "pause", "resume"])
async def test_an_unknown_job_is_answered_with_the_closest_one(bot: Any, order: str) -> None:
    told = (await bot.chat.say(f"!ops jobs {order} state.backupp", as_="admin")).text
    assert "There is no job `state.backupp`. Did you mean `state.backup`?" in told


async def test_a_refresh_is_a_run_with_its_history(bot: Any) -> None:
    await bot.chat.say("!ops refresh clans", as_="staff")
    told = (await bot.chat.say("!ops jobs history refresh.clans", as_="staff")).text
    assert "✅ ok" in told


async def test_only_admins_run_pause_and_resume(bot: Any) -> None:
    for order in ("run", "pause", "resume"):
        told = (await bot.chat.say(f"!ops jobs {order} state.backup", as_="staff")).text
        assert "admin" in told


async def test_names_of_jobs_are_suggested(bot: Any) -> None:
    choices = await bot.chat.autocomplete("ops jobs run", "name", "back", as_="admin")
    assert [choice.name for choice in choices] == ["state.backup"]

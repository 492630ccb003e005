"""Tickets over the whole way: threads in the sandbox's Discord, rows in the sheet, reminders, and a restart."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreops_sandbox.chat import Chat
from coreops_sandbox.world.seed import SEED

PLUGINS = ["recruitment", "welcome"]
AT_ONCE = {"TICKET_NUDGE_HOURS": "0", "TICKET_WARN_HOURS": "0", "TICKET_CLOSE_HOURS": "0"}
JOB = "welcome.tickets"


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    def read() -> list[dict[str, str]]:
        with (tmp_path / "workbook" / "recruitment" / "tickets.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    return read


async def until(holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


async def say(bot: Any, text: str, **where: str) -> None:
    """Write what nobody answers."""
    async with Chat(bot.sandbox.url, timeout=0.05, settle=0.0) as brief:
        await brief.say(text, **where)


async def reminders(chat: Any, thread: str) -> list[str]:
    said = [one for one in await chat.messages(thread, as_="staff") if one["author"]["id"] == SEED.bot]
    return [one["content"] for one in said if not one["embeds"]]  # a card greets in a new ticket


async def test_a_ticket_gets_a_row_that_follows_it_to_its_end(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS, env={"TICKET_NUDGE_HOURS": "0"})
    thread = await bot.chat.open_thread("ada needs a clan", channel="tickets")
    await until(rows)
    (row,) = rows()
    assert (row["thread_id"], row["title"], row["member"]) == (thread, "ada needs a clan", SEED.user)
    assert row["status"] == "open"
    await say(bot, "anybody there?", channel=thread)
    await until(lambda: rows()[0]["last_activity_at"] > row["last_activity_at"])
    await bot.chat.close_thread(thread)
    await until(lambda: rows()[0]["status"] == "closed")
    assert len(rows()) == 1


async def test_a_new_ticket_is_greeted_once_where_a_row_asks_for_it(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS)
    thread = await bot.chat.open_thread("ada needs a clan", channel="tickets")
    async with asyncio.timeout(10):
        while not (said := [one for one in await bot.chat.messages(thread) if one["embeds"]]):
            await asyncio.sleep(0.02)
    assert said[0]["embeds"][0]["description"].startswith(f"<@{SEED.user}>, tell us your level")
    assert [user["id"] for user in said[0]["mentions"]] == [SEED.user]
    await until(rows)
    await bot.running.run_job(JOB)
    assert len([one for one in await bot.chat.messages(thread) if one["embeds"]]) == 1


async def test_without_such_a_row_nothing_is_said_in_a_new_ticket(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS, workbook={"recruitment": {"welcome_templates": "clan_tag,text\n*,Hi\n"}})
    thread = await bot.chat.open_thread("ada needs a clan", channel="tickets")
    await until(rows)
    await bot.chat.say("!ops ping")  # an answer to what came later
    assert [one for one in await bot.chat.messages(thread) if one["author"]["id"] == SEED.bot] == []


async def test_only_threads_of_the_ticket_bot_in_that_channel_are_tickets(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS, env={"TICKET_BOT_ID": SEED.staff})
    await bot.chat.open_thread("elsewhere", as_="staff", channel="general")
    await bot.chat.open_thread("of a member", channel="tickets")
    thread = await bot.chat.open_thread("of the bot", as_="staff", channel="tickets")
    await until(rows)
    assert [row["thread_id"] for row in rows()] == [thread]
    assert rows()[0]["member"] == ""
    await say(bot, f"<@{SEED.lead}> opened this", as_="staff", channel=thread)
    await until(lambda: rows()[0]["member"] == SEED.lead)


async def test_an_idle_ticket_is_reminded_once_each_over_a_restart_and_closed(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS, env={"TICKET_NUDGE_HOURS": "0"})
    thread = await bot.chat.open_thread("idle", channel="tickets")
    await until(rows)
    for _ in range(2):
        assert (await bot.running.run_job(JOB)).outcome == "ok"
    assert len(await reminders(bot.chat, thread)) == 1
    await bot.stop()

    bot = await boot(plugins=PLUGINS, env={"TICKET_NUDGE_HOURS": "0"})
    await bot.running.run_job(JOB)
    (nudge,) = await reminders(bot.chat, thread)
    assert nudge.startswith(f"<@{SEED.user}> Is there anything left")
    await bot.stop()

    bot = await boot(plugins=PLUGINS, env=AT_ONCE)
    for _ in range(4):
        assert (await bot.running.run_job(JOB)).outcome == "ok"
    told = await reminders(bot.chat, thread)
    assert [("closed soon" in one, "is closed" in one) for one in told[1:]] == [(True, False), (False, True)]
    await until(lambda: rows()[0]["status"] == "closed")


async def test_a_word_of_a_person_begins_the_time_anew(boot: Any, rows: Any) -> None:
    bot = await boot(plugins=PLUGINS, env={"TICKET_NUDGE_HOURS": "0"})
    thread = await bot.chat.open_thread("lively", channel="tickets")
    await until(rows)
    await bot.running.run_job(JOB)
    await until(lambda: rows()[0]["reminded"] == "nudge")
    before = rows()[0]["reminded_at"]
    await say(bot, "still here", channel=thread)
    await until(lambda: rows()[0]["last_activity_at"] > before)
    await bot.running.run_job(JOB)
    assert len(await reminders(bot.chat, thread)) == 2


async def test_what_happened_while_the_bot_was_away_is_found(boot: Any, rows: Any) -> None:
    first = await boot(plugins=PLUGINS)
    closed = await first.chat.open_thread("closed meanwhile", channel="tickets")
    await until(rows)
    await first.stop()
    await first.chat.close_thread(closed)
    opened = await first.chat.open_thread("opened meanwhile", channel="tickets")

    bot = await boot(plugins=PLUGINS, env=AT_ONCE)
    assert (await bot.running.run_job(JOB)).outcome == "ok"
    await until(lambda: {row["thread_id"]: row["status"] for row in rows()} == {closed: "closed", opened: "open"})
    assert await reminders(bot.chat, closed) == []


@pytest.mark.parametrize(
    ("workbook", "outcome"),
    [({"Config": "KEY,VALUE\n"}, "error"), ({"FeatureToggles": "feature_name,enabled\n"}, "ok")],
    ids=["no channel", "switched off"],
)
async def test_a_run_without_channel_fails_and_one_that_is_switched_off_does_nothing(
    boot: Any, rows: Any, workbook: dict[str, str], outcome: str
) -> None:
    bot = await boot(plugins=PLUGINS, workbook={"recruitment": workbook})
    await bot.chat.open_thread("unheard", channel="tickets")
    assert (await bot.running.run_job(JOB)).outcome == outcome
    assert rows() == []


async def test_who_does_not_use_tickets_hears_nothing_of_their_missing_tab(boot: Any) -> None:
    tabs = {"tickets": "nothing,here\n", "FeatureToggles": "feature_name,enabled\nrecruitment,TRUE\nwelcome,TRUE\n"}
    off = await boot(plugins=PLUGINS, workbook={"recruitment": tabs})
    shown = await off.chat.say("!ops health", as_="staff")
    assert "all is well" in shown.embed.title
    assert "💤 **tickets**" in shown.text
    await off.stop()

    tabs["FeatureToggles"] += "welcome_tickets,TRUE\n"
    on = await boot(plugins=PLUGINS, workbook={"recruitment": tabs})
    assert "bucket tickets has no data" in (await on.chat.say("!ops health", as_="staff")).text

"""What the plugins were in the middle of goes on after their process was killed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED


async def nudges(bot: Any, thread: str) -> int:
    said = await bot.chat.messages(thread, as_="staff")
    return sum("anything left to do" in one["content"] for one in said)


@pytest.mark.fault(
    "the bot is killed while tickets, menus and reservations are open",
    users="menus and buttons go on working; nobody is reminded twice, no place is given away twice",
    operator="an abandoned run in `!ops jobs history`, if one was cut off",
    recovery="by itself at the next start",
)
async def test_menus_holds_and_tickets_go_on_after_a_kill(run: Any, tmp_path: Path) -> None:
    tickets = tmp_path / "workbook" / "recruitment" / "tickets.csv"
    first = await run(TICKET_NUDGE_HOURS="0")
    await first.ready()
    thread = await first.chat.open_thread("ada needs a clan", channel="tickets")
    async with asyncio.timeout(20):
        while thread not in tickets.read_text():
            await asyncio.sleep(0.05)
    search = await first.chat.say("!clansearch")
    assert "Reserved" in (await first.chat.say(f"!reserve TID <@{SEED.user}>", as_="recruiter")).text
    assert "ok" in (await first.chat.say("!ops jobs run welcome.tickets", as_="admin")).text
    assert await nudges(first, thread) == 1
    first.process.kill()
    await first.ended(within=20)

    again = await run(TICKET_NUDGE_HOURS="0")
    await again.ready()
    chosen = await again.chat.select(search.reply, "boss", "Thunder Roc")
    assert chosen.reply.id == search.reply.id
    assert "Kitefliers" in chosen.text
    refused = await again.chat.say(f"!reserve TID <@{SEED.tamsin}>", as_="recruiter")
    assert "No place is free in Tidewardens [TID]: 1 open, 1 reserved" in refused.text
    assert "ok" in (await again.chat.say("!ops jobs run welcome.tickets", as_="admin")).text
    assert await nudges(again, thread) == 1
    assert tickets.read_text().count(thread) == 1

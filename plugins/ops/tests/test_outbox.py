"""Operators see writes that could not be made, and try them again or drop them."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_hookspecs import Write, WriteKind, WriteState


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot()


async def dead(bot: Any, row: str) -> Write:
    """Have a change to a row accepted that nobody has."""
    app = bot.running.app
    outbox, now = app.tables.outbox, app.ground.clock.now()
    write = Write(
        number=0, name=row, plugin="placement", spreadsheet=app.tables.spreadsheet_id("RECRUITMENT_SHEET_ID") or "",
        tab="clans", kind=WriteKind.UPDATE, key="clan_tag", values={"clan_tag": row, "level": "1"}, expected=None,
        accepted_at=now, actor="user:5",
    )  # fmt: skip
    ended: Write = await outbox.settled(await outbox.accept(write), within=10)
    assert ended.state is WriteState.DEAD
    return ended


async def test_an_outbox_in_which_nothing_waits_says_so(bot: Any) -> None:
    assert "Every accepted write is in its sheet." in (await bot.chat.say("!ops outbox", as_="admin")).text


async def test_dead_letters_are_listed_with_their_cause_on_both_surfaces_and_in_health(bot: Any) -> None:
    await dead(bot, "NOBODY")
    for reply in (
        await bot.chat.say("!ops outbox", as_="admin"),
        await bot.chat.slash("ops outbox list", as_="admin"),
    ):
        assert "1 dead, 0 waiting" in reply.text
        assert "**1** placement: update `NOBODY` in `clans` for <@5>" in reply.text
        assert "no row with the clan_tag" in reply.text or "no column" in reply.text
    assert "1 write is dead" in (await bot.chat.say("!ops health", as_="admin")).text


async def test_a_replayed_write_is_tried_again_and_a_dropped_one_is_gone(bot: Any) -> None:
    await dead(bot, "ONE")
    await dead(bot, "TWO")
    assert "in line" in (await bot.chat.say("!ops outbox replay all", as_="admin")).text
    outbox = bot.running.app.tables.outbox
    for write in list(outbox.waiting()):
        await outbox.settled(write, within=10)
    assert [write.attempts for write in outbox.waiting()] == [2, 2]
    assert "`ONE`" in (await bot.chat.slash("ops outbox drop", as_="admin", options={"number": 1})).text
    assert [write.number for write in outbox.waiting()] == [2]
    assert "neither dead nor pending" in (await bot.chat.say("!ops outbox drop 1", as_="admin")).text
    assert "ops outbox drop" in (await bot.chat.say("!ops audit", as_="admin")).text


async def test_what_is_no_number_is_answered_with_what_to_write(bot: Any) -> None:
    assert "or `all`" in (await bot.chat.say("!ops outbox replay soon", as_="admin")).text


async def test_the_outbox_is_for_admins(bot: Any) -> None:
    assert "Admins only." in (await bot.chat.say("!ops outbox", as_="staff")).text

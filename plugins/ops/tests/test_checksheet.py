"""``ops checksheet`` on a running bot."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

SHEET = "✅ RECRUITMENT_SHEET_ID …ment"
BAD_SHEET = "❌ RECRUITMENT_SHEET_ID …ment"


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_tabs_headers_and_rows_are_told_by_spreadsheet(bot: Any, surface: str) -> None:
    say = (
        bot.chat.slash("ops checksheet", as_="staff")
        if surface == "slash"
        else bot.chat.say("!ops checksheet", as_="staff")
    )
    card = (await say).embed
    assert card.title == "Spreadsheets · all open, all headers fit"
    lines = card.field(SHEET).splitlines()
    assert lines[0] == "✅ **clans** for clans · 2 rows served"
    assert lines[1] == "headers: `clan_tag, clan_name, level, open_spots, max_members`"
    assert "✅ **FeatureToggles** for toggles" in lines
    assert not any("A2" in line for line in lines)


async def test_more_is_told_for_finding_out_what_is_wrong(bot: Any, tab: Any) -> None:
    tab("Notes", "anything")
    text = (await bot.chat.say("!ops checksheet --debug", as_="staff")).embed.field(SHEET)
    assert "grid: 3 × 5" in text
    assert "A2: `AAA` · B2: `First`" in text
    assert "clans on disk: clans of …ment, read <t:" in text
    assert "other tabs: `Notes" in text


async def test_headers_that_do_not_fit_are_named_as_they_are_now(bot: Any, tab: Any) -> None:
    tab("clans", "clan_tag,clan_nam,level,open_spots,max_members", "AAA,First,1,1,1")
    card = (await bot.chat.say("!ops checksheet", as_="staff")).embed
    assert card.title == "Spreadsheets · 1 problem"
    text = card.field(BAD_SHEET)
    assert "❌ **clans** for clans · 2 rows served" in text
    assert '→ `no column "clan_name"; did you mean "clan_nam"`' in text


async def test_a_tab_that_is_gone_is_named_with_the_one_that_is_close(bot: Any, tmp_path: Path) -> None:
    book = tmp_path / "workbook" / "recruitment"
    (book / "clans.csv").rename(book / "clan.csv")
    text = (await bot.chat.say("!ops checksheet", as_="staff")).embed.field(BAD_SHEET)
    assert '→ `there is no tab "clans"; did you mean "clan"`' in text


async def test_a_spreadsheet_that_cannot_be_opened_says_why(bot: Any, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "workbook" / "recruitment")
    text = (await bot.chat.say("!ops checksheet", as_="staff")).embed.field(BAD_SHEET)
    assert 'could not be opened: `no spreadsheet "recruitment" in the workbook' in text


async def test_rows_that_were_left_out_are_told(bot: Any, tab: Any, clans: Any) -> None:
    tab("clans", *clans, "CCC,Third,many,0,30")
    await bot.chat.say("!ops refresh clans", as_="staff")
    text = (await bot.chat.say("!ops checksheet", as_="staff")).text
    assert "⚠️ **clans** for clans · 2 rows served" in text
    assert "1 row left out of clans: `C4: 'many' is not a whole number`" in text


async def test_it_is_for_staff(bot: Any) -> None:
    assert "Staff only." in (await bot.chat.say("!ops checksheet", as_="user")).text

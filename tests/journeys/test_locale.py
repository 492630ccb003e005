"""Spreadsheets that people of another country keep."""

from __future__ import annotations

from typing import Any

CLANS = """clan_tag,clan_name,level,open_spots,max_members
EMB,Ember,1.234,"2,0",30
"""
TABS = {
    "clans": CLANS,
    "FeatureToggles": "feature_name,enabled\nrecruitment,WAHR\n",
    "Config": "KEY,VALUE\n",
}


async def test_numbers_and_toggles_are_read_as_the_spreadsheets_locale_writes_them(boot: Any) -> None:
    bot = await boot(workbook={"recruitment": TABS}, env={"COREOPS_SHEETS_LOCALE": "de"})
    assert "1234" in (await bot.chat.say("!clan EMB", channel="general")).text.replace(",", "")
    sheets = (await bot.chat.say("!ops checksheet", as_="staff")).text
    assert "neither TRUE nor FALSE" not in sheets


async def test_without_that_setting_they_are_problems_with_their_addresses(boot: Any) -> None:
    bot = await boot(workbook={"recruitment": TABS})
    assert "neither TRUE nor FALSE" in (await bot.chat.say("!ops checksheet", as_="staff")).text
    assert "C2" in (await bot.chat.say("!ops refresh clans", as_="staff")).text

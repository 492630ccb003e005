"""The recruiters' texts: what is refused when the tab is read, and what is filled in."""

from __future__ import annotations

from typing import Any

TAB = "name,text\n"


async def test_an_unknown_placeholder_is_named_with_its_cell_and_the_report_goes_without(boot: Any) -> None:
    workbook = {"recruitment": {"templates": TAB + "report,Hello {clan}\n"}}
    chat = (await boot(plugins=["recruitment"], workbook=workbook)).chat
    listed = await chat.say("!ops checksheet", as_="staff")
    assert "B2" in (listed.text + (await chat.say("!ops health", as_="staff")).text)
    assert "Hello" not in (await chat.say("!report recruiters", as_="staff")).text


async def test_the_report_begins_with_the_recruiters_text(boot: Any) -> None:
    workbook = {"recruitment": {"templates": TAB + "report,Hello from {clans} clans\n"}}
    chat = (await boot(plugins=["recruitment"], workbook=workbook)).chat
    assert "Hello from 30 clans" in (await chat.say("!report recruiters", as_="staff")).text

"""The recruiters' texts: what is refused when the tab is read, and what is filled in."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_recruitment.templates import with_known_placeholders

TAB = "name,text\n"


@pytest.mark.parametrize("text", ["plain", "{clans} and {open_spots}", "{{braces}}", ""])
def test_a_text_with_known_placeholders_is_taken_as_it_is(text: str) -> None:
    assert with_known_placeholders(text) == text


@pytest.mark.parametrize("text", ["{clan}", "{}", "{clans", "}", "{clans.real}", "{clans:>9}", "{clans!r}", "{0}"])
def test_a_text_with_another_placeholder_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="open_spots"):
        with_known_placeholders(text)


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

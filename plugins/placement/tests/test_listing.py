"""What is held, and the check that looks at it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("surface", ["prefix", "slash"])
async def test_holds_are_listed_by_clan_with_what_is_free(start: Any, row: Any, surface: str) -> None:
    rows = [
        row(1, "2099-01-02"),
        row(2, "2099-01-01"),
        row(3, "2099-01-01", tag="GONE"),
        row(4, "2020-01-01", status="released"),
    ]
    chat = (await start(rows)).chat
    shown = await (
        chat.say("!reservations", as_="lead") if surface == "prefix" else chat.slash("reservations", as_="lead")
    )
    assert "**3** held" in shown.text
    text = shown.embed.field("Ember Vanguard [EMB] · 1 of 3 free")
    assert text.index("<@902>") < text.index("<@901>")
    assert "GONE: <@903>" in shown.embed.field("In clans that are not in the list")
    assert "<@904>" not in shown.text


async def test_a_clan_is_listed_alone_and_an_empty_book_says_what_to_do(start: Any) -> None:
    chat = (await start()).chat
    assert "**1** free: 1 open, 0 reserved" in (await chat.say("!reservations tidewardens", as_="staff")).text
    assert "`reserve <clan> <member>` holds one" in (await chat.say("!reservations", as_="staff")).text


async def test_more_holds_than_open_spots_are_told_by_the_check_and_never_make_less_than_none_free(
    start: Any, row: Any
) -> None:
    chat = (await start([row(1, "2099-01-01", tag="TID"), row(2, "2099-01-01", tag="TID")])).chat
    assert (
        "**0** free: 1 open, 2 reserved; 1 more held than open"
        in (await chat.say("!reservations TID", as_="staff")).text
    )
    health = (await chat.say("!ops health", as_="staff")).text
    assert "more places are held than open in TID (2 held, 1 open)" in health


async def test_a_row_that_cannot_be_read_is_named_with_its_cell(start: Any, row: Any) -> None:
    rows = [row(1, "next week"), row(2, "2099-01-01", status="maybe"), row(3, "2099-01-01")]
    chat = (await start(rows)).chat
    listed = (await chat.say("!ops checksheet", as_="staff")).text
    assert "D2" in listed
    assert "**2** free: 3 open, 1 reserved" in (await chat.say("!reservations EMB", as_="staff")).text

"""What people do to a tab: the last good rows serve and say how old they are, and mending it is enough."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

CLANS = (
    "clan_tag,clan_name,level,open_spots,max_members",
    "AAA,First,10,1,30",
    "BBB,Second,20,2,30",
)


def renamed(desk: Any) -> None:
    (desk.book / "clans.csv").rename(desk.book / "clans old.csv")


def deleted(desk: Any) -> None:
    (desk.book / "clans.csv").unlink()


def header_moved_down(desk: Any) -> None:
    desk.write("", *CLANS)


def header_renamed(desk: Any) -> None:
    desk.write(CLANS[0].replace("clan_name", "title"), *CLANS[1:])


def header_repeated(desk: Any) -> None:
    desk.write(CLANS[0].replace("level", "clan_name"), *CLANS[1:])


def emptied(desk: Any) -> None:
    (desk.book / "clans.csv").write_text("")


def formula_error_in_the_header(desk: Any) -> None:
    desk.write("#REF!")


def formula_error_in_every_row(desk: Any) -> None:
    desk.write(CLANS[0], "AAA,First,#REF!,1,30", "BBB,Second,#REF!,2,30")


def not_text(desk: Any) -> None:
    (desk.book / "clans.csv").write_bytes(b"\xff\xfe" + "\n".join(CLANS).encode("utf-16-le"))


def half_written(desk: Any) -> None:
    desk.write(CLANS[0], 'AAA,"First')


def spreadsheet_gone(desk: Any) -> None:
    shutil.move(desk.book, desk.book.with_name("elsewhere"))


def mended(desk: Any) -> None:
    desk.book.mkdir(exist_ok=True)
    desk.write(*CLANS)


FAULTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "renamed": (renamed, 'no tab "clans"'),
    "deleted": (deleted, 'no tab "clans"'),
    "its header moved down": (header_moved_down, "its header row is empty"),
    "a header renamed": (header_renamed, 'no column "clan_name"'),
    "a header repeated": (header_repeated, 'column "clan_name" stands 2 times'),
    "emptied": (emptied, "its header row is empty"),
    "a formula error in its header": (formula_error_in_the_header, 'no column "clan_tag"'),
    "a formula error in every row": (formula_error_in_every_row, '"#REF!" is not a whole number'),
    "not text": (not_text, "is not UTF-8 text"),
    "half written": (half_written, "is not CSV"),
    "its spreadsheet gone": (spreadsheet_gone, 'no spreadsheet "recruitment"'),
}


@pytest.mark.fault(
    "a tab is renamed, deleted, emptied, loses a header or breaks in a formula",
    users="the last good rows, with their age",
    operator="ops health, refresh and checksheet say what is wrong in which tab; one notice in the ops channel",
    recovery="by itself once the tab is mended, at the next read",
)
@pytest.mark.parametrize("name", FAULTS)
async def test_a_tab_that_cannot_be_used_costs_nothing_but_age(desk: Any, name: str) -> None:
    break_it, why = FAULTS[name]
    break_it(desk)
    await desk.failed()
    await desk.serves_the_last_good_rows()
    await desk.tells_the_operator(why)
    mended(desk)
    await desk.recovers()


async def test_columns_in_another_order_are_no_fault(desk: Any) -> None:
    desk.write("level,notes,clan_tag,max_members,clan_name,open_spots", "11,,AAA,30,Renamed,1")
    await desk.recovers("Renamed")


async def test_a_formula_error_in_one_row_leaves_that_row_out(desk: Any) -> None:
    desk.write(*CLANS, "CCC,Third,#REF!,2,30")
    await desk.until(lambda: desk.status.problem_count == 1)
    assert desk.status.rows == 2
    await desk.tells_the_operator('C4: "#REF!" is not a whole number')


@pytest.mark.parametrize("name", ["deleted", "emptied", "not text"])
async def test_a_fault_during_a_reload_leaves_settings_and_toggles_as_they_were(desk: Any, name: str) -> None:
    desk.write("KEY,VALUE", "BUCKET_CLANS_MAX_AGE,1 h", tab="Config")
    assert (await desk.bot.chat.say("!ops reload", as_="admin")).embed.title == "Reload · done"
    (desk.book / "Config.csv").write_bytes(b"\xff\xfe\x00")
    (desk.book / "FeatureToggles.csv").write_bytes(b"\xff\xfe\x00")
    FAULTS[name][0](desk)
    exchange = await desk.bot.chat.say("!ops reload", as_="admin")
    assert exchange.embed.title == "Reload · kept as it was"
    assert "is not UTF-8 text" in exchange.embed.field("Problems")
    assert desk.status.max_age == 3600.0
    await desk.failed()
    await desk.serves_the_last_good_rows()


@pytest.mark.parametrize("name", ["deleted", "emptied", "a formula error in every row"])
async def test_a_fault_during_the_start_leaves_the_copy_on_disk(
    open_desk: Callable[..., Awaitable[Any]], name: str
) -> None:
    first = await open_desk()
    await first.until(lambda: first.status.last_good is not None)
    await first.bot.stop()
    second = await open_desk(before=FAULTS[name][0])
    assert second.status.restored
    await second.serves_the_last_good_rows()
    await second.tells_the_operator(FAULTS[name][1])
    mended(second)
    await second.recovers()


@pytest.mark.fault(
    "a tab has 100,000 rows",
    users="answers as before while it is read",
    operator="ops refresh shows rows and duration",
    recovery="nothing to recover",
)
async def test_a_tab_of_a_hundred_thousand_rows_is_served_and_holds_nobody_up(
    open_desk: Callable[..., Awaitable[Any]],
) -> None:
    desk = await open_desk(ttl="1 h")
    desk.write(*CLANS, *(f"T{number},Clan {number},{number % 90},1,30" for number in range(100_000)))
    reading = asyncio.create_task(desk.bot.running.app.tables.cache.refresh_now("clans", actor="user:1"))
    exchange = await desk.bot.chat.slash("clan", options={"tag": "AAA"}, channel="general")
    assert "First" in exchange.text
    assert not reading.done(), "the answer waited for the rows"
    assert (await reading).rows == 100_002
    assert "Clan 99999" in (await desk.bot.chat.slash("clan", options={"tag": "T99999"}, channel="general")).text


async def test_rows_older_than_their_maximum_age_are_not_served_and_the_caller_is_told(
    open_desk: Callable[..., Awaitable[Any]],
) -> None:
    desk = await open_desk(BUCKET_CLANS_MAX_AGE="4 s")
    deleted(desk)
    await desk.until(lambda: not desk.status.available)
    exchange = await desk.bot.chat.say("!clan AAA", channel="general")
    assert "too old to be shown" in exchange.text
    assert "reference" in exchange.text.lower()
    mended(desk)
    await desk.recovers()

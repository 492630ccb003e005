"""Places are reserved, extended and released, over the whole way from the command to the sheet and back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from coreops_sandbox.launcher import on_google
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.seed import SEED

MEMBER = f"<@{SEED.user}>"


async def ask(chat: Any, surface: str, command: str, as_: str = "recruiter", **options: str) -> Any:
    if surface == "slash":
        return await chat.slash(command, as_=as_, options={**options, "member": SEED.user})
    words = [options["clan"], MEMBER, options.get("until", "")]
    return await chat.say(f"!{command.removesuffix(' add')} {' '.join(words)}", as_=as_)


@pytest.mark.parametrize("surface", ["prefix", "slash"])
async def test_a_place_is_reserved_extended_and_released(start: Any, written: Any, surface: str) -> None:
    bot = await start()
    shown = await ask(bot.chat, surface, "reserve add", clan="emb", until="5")
    assert shown.embed.title == "Reserved · Ember Vanguard [EMB]"
    assert "**2** free: 3 open, 1 reserved" in shown.text
    (first,) = await written(bot)
    assert (first["clan_tag"], first["member_id"], first["status"]) == ("EMB", SEED.user, "active")
    assert (first["by"], first["member_name"]) == (SEED.recruiter, "user")

    assert "Extended" in (await ask(bot.chat, surface, "reserve extend", as_="lead", clan="EMB", until="9")).text
    (extended,) = await written(bot)
    assert extended["until"] > first["until"]

    shown = await ask(bot.chat, surface, "reserve release", as_="staff", clan="EMB")
    assert "**3** free: 3 open, 0 reserved" in shown.text
    (released,) = await written(bot)
    assert released["status"] == "released"

    trail = (await bot.chat.say("!ops audit", as_="admin")).text
    assert f"`reservation EMB user:{SEED.user}` `none` → `active until {first['until']}`" in trail
    assert f"`until {first['until']}` → `until {extended['until']}`" in trail
    assert f"`active until {extended['until']}` → `released`" in trail


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("TID <@{lead}>", "No place is free in Tidewardens [TID]: 1 open, 1 reserved"),
        ("EMP <@{lead}>", "Did you mean `EMB`?"),
        ("EMB <@{lead}> soon", "`soon` is no day"),
        ("EMB <@{lead}> 2020-01-01", "2020-01-01 is over already"),
        ("EMB <@{lead}> 31", "held for 30 days at most"),
    ],
)
async def test_what_cannot_be_reserved_is_told_and_changes_nothing(
    start: Any, row: Any, written: Any, words: str, told: str
) -> None:
    bot = await start([row(1, "2099-01-01", tag="TID")])
    shown = await bot.chat.say(f"!reserve {words.format(lead=SEED.lead)}", as_="recruiter")
    assert told in shown.text
    assert len(await written(bot)) == 1


async def test_nobody_gets_two_places_in_one_clan(start: Any, written: Any) -> None:
    bot = await start()
    await ask(bot.chat, "prefix", "reserve add", clan="EMB")
    assert "already; `reserve extend` moves its end" in (await ask(bot.chat, "slash", "reserve add", clan="EMB")).text
    assert len(await written(bot)) == 1


@pytest.mark.parametrize("command", ["reserve extend", "reserve release"])
async def test_a_place_that_nobody_holds_cannot_be_changed(start: Any, command: str) -> None:
    chat = (await start()).chat
    assert "No place in EMB is held for" in (await ask(chat, "prefix", command, clan="EMB", until="")).text


@pytest.mark.parametrize("store", ["workbook", "google"])
async def test_of_fifty_who_reserve_the_last_place_at_once_one_gets_it(boot: Any, sandbox: Sandbox, store: str) -> None:
    bot = await boot(plugins=["recruitment", "placement"], env=on_google(sandbox) if store == "google" else {})
    for number in range(50):
        await bot.chat.join(f"recruiter{number}", "recruiter")
    members = {one["user"]["username"]: one["user"]["id"] for one in await _members(bot)}
    asked = [
        bot.chat.say(f"!reserve TID <@{members[f'recruiter{number}']}>", as_=f"recruiter{number}")
        for number in range(50)
    ]
    answers = [exchange.text for exchange in await asyncio.gather(*asked)]
    assert sum("Reserved" in text for text in answers) == 1
    assert sum("No place is free in Tidewardens [TID]: 1 open, 1 reserved" in text for text in answers) == 49
    outbox = bot.running.app.tables.outbox
    for write in outbox.waiting():
        await outbox.settled(write, within=30)
    await bot.chat.say("!ops refresh reservations", as_="admin")
    rows = bot.running.app.tables.cache.get_snapshot("reservations").rows
    assert [row.clan_tag for row in rows if row.active].count("TID") == 1
    assert not outbox.waiting()


async def _members(bot: Any) -> list[Any]:
    return list((await bot.chat.state())["members"])


async def test_what_the_last_reading_of_the_sheet_does_not_show_yet_counts(start: Any) -> None:
    bot = await start()
    before = bot.running.app.tables.cache.status("reservations").loaded_at
    assert "Reserved" in (await ask(bot.chat, "prefix", "reserve add", clan="TID")).text
    assert "**0** free: 1 open, 1 reserved" in (await bot.chat.say("!reservations TID", as_="staff")).text
    assert bot.running.app.tables.cache.status("reservations").loaded_at == before


async def test_places_held_before_a_restart_are_not_given_away_after_it(start: Any, written: Any) -> None:
    bot = await start()
    await ask(bot.chat, "prefix", "reserve add", clan="TID")
    rows = await written(bot)
    await bot.stop()
    again = await start([",".join(rows[0][name] for name in rows[0])])
    assert "No place is free" in (await again.chat.say(f"!reserve TID <@{SEED.lead}>", as_="recruiter")).text


async def test_clans_are_suggested_with_their_room(start: Any) -> None:
    chat = (await start()).chat
    (choice,) = await chat.autocomplete("reserve add", "clan", "tide", as_="recruiter")
    assert (choice.name, choice.value) == ("TID · Tidewardens · 1 free", "TID")


async def test_members_may_not_reserve(start: Any) -> None:
    chat = (await start()).chat
    for command in ("reserve EMB", "reservations"):
        assert (await chat.say(f"!{command}")).text.startswith("⛔")


async def test_without_its_tab_nothing_is_reserved_and_the_cause_is_told(start: Any) -> None:
    bot = await start(reservations="nothing,here\n")
    for command in (f"reserve EMB {MEMBER}", "reservations"):
        assert "could not be read yet" in (await bot.chat.say(f"!{command}", as_="recruiter")).text
    health = (await bot.chat.say("!ops health", as_="staff")).text
    assert "reservation_id" in health


async def test_the_feature_is_off_until_its_toggle_is_true(start: Any) -> None:
    chat = (await start(FeatureToggles="feature_name,enabled\nrecruitment,TRUE\n")).chat
    assert "switched off" in (await chat.say(f"!reserve EMB {MEMBER}", as_="recruiter")).text


async def test_old_open_spots_say_how_old_they_are_and_places_go_on_being_reserved(start: Any, tmp_path: Path) -> None:
    bot = await start()
    (tmp_path / "workbook" / "recruitment" / "clans.csv").write_text("nothing,here\n")
    await bot.chat.say("!ops refresh clans", as_="admin")
    shown = (await ask(bot.chat, "prefix", "reserve add", clan="EMB")).text
    assert "**2** free: 3 open, 1 reserved" in shown
    assert "open spots: data from <t:" in shown
    assert "reservations: data from" not in shown


async def test_a_list_that_was_not_read_since_the_start_is_shown_with_its_age_and_nothing_is_given_away_by_it(
    start: Any, row: Any, written: Any
) -> None:
    first = await start([row(1, "2099-01-01")])
    await first.stop()
    again = await start(reservations="nothing,here\n")
    shown = (await again.chat.say("!reservations EMB", as_="staff")).text
    assert "**2** free: 3 open, 1 reserved" in shown
    assert "reservations: data from <t:" in shown
    for command in (f"reserve EMB {MEMBER}", f"reserve extend EMB {MEMBER}", f"reserve release EMB {MEMBER}"):
        refused = (await again.chat.say(f"!{command}", as_="recruiter")).text
        assert "The reservations could not be read yet, so nothing was changed" in refused
    assert not again.running.app.tables.outbox.waiting()


async def test_without_the_clan_list_nothing_is_reserved_and_the_cause_is_told(start: Any) -> None:
    bot = await start(clans="nothing,here\n")
    for command in (f"reserve EMB {MEMBER}", "reservations"):
        assert "`clans` could not be read yet" in (await bot.chat.say(f"!{command}", as_="recruiter")).text


async def test_a_clan_is_found_and_suggested_by_its_other_names(start: Any) -> None:
    chat = (await start(clan_tags="alias,clan_tag\nEmbers,EMB\n")).chat
    assert "Ember Vanguard" in (await chat.say("!reservations embers", as_="staff")).text
    assert [one.value for one in await chat.autocomplete("reserve add", "clan", "embers", as_="recruiter")] == ["EMB"]

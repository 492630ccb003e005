"""Reminders and releases by the clock: who is told, what is released, and that a second run does nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED

CHANNEL = f"KEY,VALUE\nRESERVATIONS_CHANNEL_ID,{SEED.recruiters}\n"


@pytest.fixture
def soon() -> datetime:
    """An instant within a day."""
    return datetime.now(UTC) + timedelta(hours=2)


async def posted(bot: Any, channel: str = "recruiters") -> list[Any]:
    return list(await bot.chat.messages(channel, as_="recruiter"))


async def run(bot: Any, job: str) -> Any:
    run = await bot.running.run_job(job)
    assert run.outcome == "ok", run.error
    return run


async def test_who_reserved_is_reminded_once_of_what_ends_within_a_day(start: Any, row: Any, soon: datetime) -> None:
    env = {"RESERVATION_RELEASE_TIME": f"{soon:%H:%M}"}
    later = (soon + timedelta(days=1)).date()
    rows = [
        row(1, soon.date().isoformat()),
        row(2, later.isoformat()),
        row(3, soon.date().isoformat(), status="released"),
    ]
    bot = await start(rows, env=env, Config=CHANNEL)
    await run(bot, "placement.remind")
    await run(bot, "placement.remind")
    (message,) = await posted(bot)
    assert message["content"] == f"<@{SEED.recruiter}>"
    text = message["embeds"][0]["description"]
    assert "<@901>" in text
    assert "<@902>" not in text
    assert "<@903>" not in text


async def test_what_is_over_is_released_once_and_told(start: Any, row: Any, written: Any) -> None:
    rows = [row(1, "2020-01-01", tag="TID"), row(2, "2099-01-01"), row(3, "2020-01-01", status="released")]
    bot = await start(rows, Config=CHANNEL)
    assert "No place is free" in (await bot.chat.say(f"!reserve TID <@{SEED.user}>", as_="recruiter")).text
    await run(bot, "placement.release")
    assert [each["status"] for each in await written(bot)] == ["expired", "active", "released"]
    await run(bot, "placement.release")
    (message,) = await posted(bot)
    assert message["embeds"][0]["title"] == "Reservations that ended · 1 released"
    assert "`TID` <@901>, held until 2020-01-01" in message["embeds"][0]["description"]
    assert "Reserved" in (await bot.chat.say(f"!reserve TID <@{SEED.user}>", as_="recruiter")).text


async def test_a_release_is_in_the_audit_trail_with_who_had_it_run(start: Any, row: Any) -> None:
    bot = await start([row(1, "2020-01-01", tag="TID")], Config=CHANNEL)
    await bot.chat.say("!ops jobs run placement.release", as_="admin")
    trail = (await bot.chat.say("!ops audit", as_="admin")).text
    assert f"<@{SEED.admin}> `placement.release` in job · ok" in trail
    assert "`reservation TID user:901` `active until 2020-01-01` → `expired`" in trail
    before = bot.running.app.ground.store.audit
    entries = [each for each in await before.read() if each.surface == "job"]
    await run(bot, "placement.release")
    assert [each for each in await before.read() if each.surface == "job"] == entries, "nothing changed"


async def test_a_hold_ends_at_the_operator_s_time_and_not_before(
    start: Any, row: Any, written: Any, soon: datetime
) -> None:
    env = {"RESERVATION_RELEASE_TIME": f"{soon:%H:%M}"}
    bot = await start([row(1, soon.date().isoformat())], env=env, Config=CHANNEL)
    await run(bot, "placement.release")
    assert [each["status"] for each in await written(bot)] == ["active"]
    assert not await posted(bot)


async def test_a_row_that_was_extended_by_hand_meanwhile_is_not_released(start: Any, row: Any, tmp_path: Any) -> None:
    bot = await start([row(1, "2020-01-01")], Config=CHANNEL)
    tab = tmp_path / "workbook" / "recruitment" / "reservations.csv"
    tab.write_text(tab.read_text().replace("2020-01-01", "2099-01-01"))
    await run(bot, "placement.release")
    assert "2099-01-01,active" in tab.read_text()
    assert not await posted(bot)
    assert not bot.running.app.tables.outbox.waiting()


async def test_without_a_channel_whoever_reserved_gets_a_direct_message(start: Any, row: Any, soon: datetime) -> None:
    env = {"RESERVATION_RELEASE_TIME": f"{soon:%H:%M}"}
    bot = await start([row(1, soon.date().isoformat())], env=env, Config="KEY,VALUE\n")
    await run(bot, "placement.remind")
    (message,) = await posted(bot, "dm")
    assert "<@901>" in message["embeds"][0]["description"]


async def test_switched_off_nothing_is_released(start: Any, row: Any, written: Any) -> None:
    bot = await start([row(1, "2020-01-01")], FeatureToggles="feature_name,enabled\nplacement,FALSE\n")
    await run(bot, "placement.release")
    await run(bot, "placement.remind")
    assert [each["status"] for each in await written(bot)] == ["active"]

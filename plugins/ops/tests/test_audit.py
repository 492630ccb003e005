"""Privileged commands leave a trail, and admins can read it."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED
from coreops_shared.state.audit import entries, verify


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot()


async def test_what_was_run_and_what_was_refused_is_recorded_with_its_options(bot: Any) -> None:
    await bot.chat.say("!ops ping", as_="staff")
    await bot.chat.say("!ops plugins ops", as_="staff")
    await bot.chat.slash("ops plugins show", as_="user", options={"name": "token=abcdefghijklmnopqrstuvwxyz012345"})
    text = (await bot.chat.say("!ops audit", as_="admin")).text
    assert "ping" not in text
    lines = [line for line in text.splitlines() if line.startswith(("✅", "⛔", "⚠️"))]
    assert [line[0] for line in lines] == ["⛔", "✅"]
    assert f"<@{SEED.staff}> `ops plugins show name:ops` in <#{SEED.ops}> · ok" in lines[1]
    await bot.stop()
    found = list(entries(bot.state_dir / "state.sqlite3"))
    assert [(entry.command, entry.surface, entry.outcome) for entry in found] == [
        ("ops plugins show", "prefix", "ok"),
        ("ops plugins show", "slash", "denied"),
        ("ops audit", "prefix", "ok"),
    ]
    assert verify(bot.state_dir / "state.sqlite3") == (3, found[-1].hash, "")
    assert "abcdefghijklmnop" not in (bot.state_dir / "state.sqlite3").read_bytes().decode(errors="ignore")


async def test_the_trail_is_narrowed_by_person_command_and_time(bot: Any) -> None:
    await bot.chat.say("!ops plugins", as_="staff")
    await bot.chat.say("!ops health", as_="owner")

    async def shown(options: str) -> str:
        return (await bot.chat.say(f"!ops audit {options}", as_="admin")).text

    by_owner = await shown(f"--actor <@{SEED.owner}>")
    assert "`ops health`" in by_owner
    assert "`ops plugins show`" not in by_owner
    assert "`ops health`" not in await shown("--command 'ops plugins' --since 1h")
    assert "`since` is a number and a unit" in await shown("--since soon")
    assert "Nothing that fits." in await shown(f"--actor <@{SEED.user}>")


async def test_the_trail_is_for_admins(bot: Any) -> None:
    assert "Admins only." in (await bot.chat.say("!ops audit", as_="staff")).text

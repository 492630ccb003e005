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


async def test_what_a_reload_changes_is_recorded_with_before_and_after(bot: Any, boot: Any) -> None:
    sheet = bot.state_dir.parent / "workbook" / "recruitment" / "FeatureToggles.csv"
    text = sheet.read_text(encoding="utf-8")
    assert "recruitment,TRUE" in text
    sheet.write_text(text.replace("recruitment,TRUE", "recruitment,FALSE"), encoding="utf-8")
    await bot.chat.say("!ops reload", as_="admin")
    shown = (await bot.chat.say("!ops audit", as_="admin")).text
    assert "`toggle recruitment` `on` → `off`" in shown
    await bot.stop()
    entry = next(entry for entry in entries(bot.state_dir / "state.sqlite3") if entry.command == "ops reload")
    assert ("toggle recruitment", "on", "off") in entry.changes
    assert verify(bot.state_dir / "state.sqlite3")[2] == ""


async def test_what_a_plugin_change_changes_is_recorded(boot: Any) -> None:
    bot = await boot(plugins=["recruitment"])
    await bot.chat.say("!ops plugins unload recruitment", as_="admin")
    await bot.stop()
    changes = [change for entry in entries(bot.state_dir / "state.sqlite3") for change in entry.changes]
    assert ("plugin recruitment", "active", "unloaded") in changes


async def test_a_restart_can_need_a_second_person(boot: Any) -> None:
    bot = await boot(env={"APPROVALS": "ops reload --reboot"})
    assert "Reload · done" in (await bot.chat.say("!ops reload", as_="admin")).text
    asked = await bot.chat.say("!ops reload --reboot", as_="admin")
    assert "asks to run `ops reload reboot:True`" in asked.text
    declined = await bot.chat.press(asked.reply, "Decline", as_="owner")
    assert f"<@{SEED.owner}> has declined" in declined.text
    await bot.stop()
    again = await boot(env={"APPROVALS": "ops plugins reload"})
    asked = await again.chat.say("!ops plugins reload recruitment", as_="admin")
    await again.stop()
    last = await boot(env={"APPROVALS": "ops plugins reload"})
    approved = await last.chat.press(asked.reply, "Approve", as_="owner")
    assert f"<@{SEED.admin}>, run it again until" in approved.text
    assert "asks to run" not in (await last.chat.say("!ops plugins reload recruitment", as_="admin")).text

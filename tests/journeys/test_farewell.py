"""What the watchdog has done by others while the loop still runs, before it ends the process."""

from __future__ import annotations

import asyncio
from typing import Any


async def test_what_was_measured_is_on_disk_before_the_watchdog_ends_the_process(boot: Any) -> None:
    bot = await boot()
    ground = bot.running.app.ground
    assert (await bot.chat.say("!ops ping", as_="staff")).replies
    async with asyncio.timeout(20):  # the bus hands the command's event on by itself
        while ("command", "ops ping") not in ground.history._changed:
            await asyncio.sleep(0.01)
    before = await ground.store.telemetry.totals(0)
    await bot.running.app._watchdog._say_farewell()
    after = await ground.store.telemetry.totals(0)
    assert "command" not in {kind for kind, *_ in before}
    assert ("command", 1, 0) in after

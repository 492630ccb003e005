"""A typo in what the operator wrote about commands is told in the ops channel, with its cell."""

from __future__ import annotations

import asyncio
from typing import Any

from coreops_sandbox.world.seed import SEED


async def told(bot: Any, *wanted: str) -> str:
    """Wait for a message in the ops channel that holds all of these."""
    async with asyncio.timeout(20):
        while True:
            for message in await bot.chat.messages("log", as_="admin"):
                text = str([message["content"], message["embeds"]])
                if all(one in text for one in wanted):
                    return text
            await asyncio.sleep(0.05)


async def test_a_misspelt_rule_is_told_with_its_cell_and_what_was_meant(boot: Any, book: Any, recruitment: Any) -> None:
    rule = f"deny role:{SEED.user} claan"
    book["recruitment"]["Config"] = f"KEY,VALUE\nAPPROVALS,ops relaod\nCOMMAND_RULES,{rule}\n"
    bot = await boot(plugins=[recruitment], workbook=book)
    await told(bot, "COMMAND_RULES (sheet:recruitment!Config!B3)", rule, "did you mean")
    await told(bot, "APPROVALS (sheet:recruitment!Config!B2)", "ops relaod", "ops reload")


async def test_a_reload_takes_the_limit_of_floods_over_and_tells_new_typos(bot: Any, tab: Any) -> None:
    tab("Config", "KEY,VALUE", "FLOOD_USER,1", "APPROVALS,ops relaod")
    assert (await bot.chat.say("!ops reload", as_="admin")).text
    await told(bot, "APPROVALS (sheet:recruitment!Config!B3)", "ops reload")
    assert bot.running.app.discord.room._flood.limits.user == 1

import asyncio

import aiohttp
from coreops_lookout import plugin as lookout

from coreops_sandbox.chat import Persona


async def watch(bot):
    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/p/lookout/watch") as response:
        return await response.json()


async def seen(bot, what):
    async with asyncio.timeout(20):
        while what not in (told := await watch(bot))["seen"]:
            await asyncio.sleep(0.02)
    return told


async def test_what_the_runtime_goes_through_is_told_over_http(boot):
    bot = await boot(plugins=[lookout])
    told = await seen(bot, "ready")
    assert told["seen"][:2] == ["startup", "ready"]
    assert told["starts"] == 1
    assert told["events"] > 0
    await bot.chat.say("!ops reload", as_=Persona.ADMIN)
    assert "reloaded" in (await seen(bot, "reloaded"))["seen"]


async def test_what_is_no_hour_is_answered_by_the_plugin_itself(boot):
    bot = await boot(plugins=[lookout])
    assert (await bot.chat.say("!lookout 6")).text == "The watch ends at 06:00."
    for answer in (await bot.chat.say("!lookout soon"), await bot.chat.slash("lookout", options={"hour": "soon"})):
        assert answer.text == "An hour is a number from 0 to 23."


async def test_while_it_is_closed_staff_alone_is_let_in(boot):
    bot = await boot(plugins=[lookout], env={"LOOKOUT_CLOSED": "stocktaking"})
    refused = (await bot.chat.slash("lookout", options={"hour": "6"})).text
    assert "Closed: stocktaking." in refused
    assert "Try again in the morning." in refused
    assert (
        await bot.chat.slash("lookout", options={"hour": "6"}, as_=Persona.STAFF)
    ).text == "The watch ends at 06:00."

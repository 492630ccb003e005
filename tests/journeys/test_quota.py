"""What of Google's budget is used, and what the next full refresh needs, wherever operators look."""

from __future__ import annotations

import re
from typing import Any

import aiohttp

from coreops_sandbox.launcher import on_google
from coreops_sandbox.server import Sandbox

FORECAST = re.compile(r"(\d+) of 60 reads used this minute; next full refresh needs 1")


async def test_the_forecast_stands_in_discord_on_the_page_and_in_the_report(boot: Any, sandbox: Sandbox) -> None:
    bot = await boot(env=on_google(sandbox))
    assert FORECAST.search((await bot.chat.say("!ops health", as_="staff")).text)
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{bot.http_url}/health") as answer:
            quota = (await answer.json())["sheets_quota"]
        async with http.get(f"{bot.http_url}/", headers={"Accept": "text/html"}) as answer:
            assert FORECAST.search(await answer.text())
    found = FORECAST.fullmatch(quota["forecast"])
    assert found
    assert quota["needed"] == 1
    assert quota["reads"] == int(found[1]) > 0
    sent = sandbox.google.quota.used("", "read")
    assert quota["reads"] == sent


async def test_a_workbook_has_no_budget(boot: Any) -> None:
    bot = await boot()
    assert "reads used" not in (await bot.chat.say("!ops health", as_="staff")).text
    assert bot.running.app.tables.quota() is None

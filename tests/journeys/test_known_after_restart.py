"""What a runtime knows of the one before it, and its last line in the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp
import loguru
import pytest

PAGE = {"Accept": "text/html"}
SHIPPED = ("state.backup", "telemetry.retention")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    found: list[str] = []
    sink = loguru.logger.add(lambda message: found.append(message.record["message"]), level="INFO")
    yield found
    loguru.logger.remove(sink)


async def test_how_each_job_ended_last_is_shown_after_a_restart_on_every_surface(boot: Any, coreops: Any) -> None:
    first = await boot(plugins=["recruitment"])
    for job in SHIPPED:
        ran = (await first.chat.say(f"!ops jobs run {job}", as_="admin")).embed
        assert ran.title == f"Job {job} · ok"
    await first.stop()

    second = await boot(plugins=["recruitment"])
    listed = (await second.chat.say("!ops jobs", as_="staff")).embed.description.splitlines()
    code, printed, _ = await coreops(second, "jobs")
    async with aiohttp.ClientSession() as session, session.get(second.http_url, headers=PAGE) as answer:
        page = await answer.text()
    assert code == 0
    for job in SHIPPED:
        (line,) = (each for each in listed if f"**{job}**" in each)
        assert "· last ok <t:" in line
        (line,) = (each for each in printed.splitlines() if job in each)
        assert "ok " in line
        assert "never" not in line
        (row,) = (each for each in page.split("<tr>") if job in each and "took " in each)
        assert ">ok<" in row


async def test_that_the_runtime_stopped_is_the_last_line_of_an_event(boot: Any, lines: list[str]) -> None:
    bot = await boot(plugins=["recruitment"])
    await bot.stop()
    told = [line for line in lines if line.startswith("[watcher|lifecycle] event=runtime phase=")]
    assert told[-2:] == [
        '[watcher|lifecycle] event=runtime phase=draining detail="the test ends"',
        '[watcher|lifecycle] event=runtime phase=stopped detail="the test ends"',
    ]

"""What Google does to a bot: the last good rows serve and say how old they are, and nothing needs a hand.

While a request is held back everybody is answered: no command waits for Google.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.launcher import on_google
from coreops_sandbox.server import Sandbox

READS = "GET /v4/*"
HEADER = ["clan_tag", "clan_name", "level", "open_spots", "max_members"]
ROWS = [["AAA", "First", "10", "1", "30"], ["BBB", "Second", "20", "2", "30"]]

FAULTS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "5xx": ("sheets.error", {"status": 503}),
    "429 with Retry-After": ("sheets.rate_limit", {"retry_after": 1}),
    "429 without Retry-After": ("sheets.rate_limit", None),
    "a proxy's page": ("sheets.html", {"status": 502}),
    "a truncated answer": ("sheets.truncated", None),
    "a reset connection": ("sheets.reset", None),
    "an answer that does not come": ("sheets.hang", None),
    "an expired token": ("sheets.token_expired", None),
    "a lost permission": ("sheets.permission_lost", None),
}


class Sheet:
    """A person with the spreadsheet open in a browser."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self._url = f"{sandbox.url}/sandbox/sheets/recruitment"
        self._http = http

    async def write(self, *rows: list[str], tab: str = "clans") -> None:
        await self._change("PUT", tab, {"rows": list(rows)})

    async def rename(self, tab: str, title: str) -> None:
        await self._change("PATCH", tab, {"title": title})

    async def delete(self, tab: str = "clans") -> None:
        await self._change("DELETE", tab, None)

    async def _change(self, method: str, tab: str, body: dict[str, Any] | None) -> None:
        async with self._http.request(method, f"{self._url}/{tab}", json=body) as response:
            assert response.status == 200, await response.text()


@pytest.fixture
async def sheet(sandbox: Sandbox, http: aiohttp.ClientSession) -> Sheet:
    sheet = Sheet(sandbox, http)
    await sheet.write(HEADER, *ROWS)
    return sheet


@pytest.fixture
def open_here(
    open_desk: Callable[..., Awaitable[Any]], sandbox: Sandbox, sheet: Sheet
) -> Callable[..., Awaitable[Any]]:
    """Boot a bot on the sandbox's Google; the clan list is read less often than a folder's, within its quota."""

    async def start(ttl: str = "4 s", **more: Any) -> Any:
        return await open_desk(ttl, **{**on_google(sandbox), **more})

    return start


@pytest.mark.fault(
    "Google answers with errors, pages, half answers or not at all, or takes the permission away",
    users="the last good rows, with their age",
    operator="ops health and refresh say what Google answered; one notice in the ops channel",
    recovery="by itself at the next read; reads are spaced further apart while it lasts",
)
@pytest.mark.parametrize("name", FAULTS)
async def test_a_google_that_fails_costs_nothing_but_age(
    open_here: Callable[..., Awaitable[Any]], sandbox: Sandbox, name: str
) -> None:
    desk = await open_here()
    kind, params = FAULTS[name]
    fault = sandbox.faults.add(kind, params, match=READS)
    if name != "an answer that does not come":
        await desk.failed()
        await desk.tells_the_operator("because: ")
        fault = sandbox.faults.add("sheets.hang", match=READS)
    await desk.until(lambda: fault.holders)
    await desk.stale()
    await desk.serves_the_last_good_rows()
    assert fault.holders, "the read that failed was waited for"
    sandbox.faults.clear()
    await desk.recovers()


async def test_slow_answers_are_waited_for_by_those_who_asked_and_by_nobody_else(
    open_here: Callable[..., Awaitable[Any]], sandbox: Sandbox
) -> None:
    desk = await open_here(ttl="1 h")
    late = sandbox.faults.add("sheets.latency", {"ms": 1500}, match=READS)
    asked = asyncio.create_task(desk.bot.chat.say("!ops refresh clans", as_="staff"))
    await desk.until(lambda: late.hits)
    assert "First" in (await desk.bot.chat.say("!clan AAA", channel="general")).text
    assert "✅ **clans** 2 rows" in (await asked).text


@pytest.mark.parametrize("name", ["5xx", "a lost permission", "an expired token"])
async def test_a_google_that_fails_at_the_start_leaves_the_copy_on_disk(
    open_here: Callable[..., Awaitable[Any]], sandbox: Sandbox, name: str
) -> None:
    first = await open_here()
    await first.until(lambda: first.status.last_good is not None)
    await first.bot.stop()
    kind, params = FAULTS[name]
    sandbox.faults.add(kind, params, match=READS)
    second = await open_here(COREOPS_STARTUP_DEADLINE_SEC="60")
    assert second.status.restored
    await second.serves_the_last_good_rows()
    toggles = second.bot.running.app.ground.flags
    assert toggles.behind
    sandbox.faults.clear()
    await second.recovers()
    await second.until(lambda: not toggles.behind)


async def test_a_google_that_fails_during_a_reload_leaves_everything_as_it_was(
    open_here: Callable[..., Awaitable[Any]], sandbox: Sandbox, sheet: Sheet
) -> None:
    desk = await open_here(ttl="1 h")
    await sheet.write(["KEY", "VALUE"], ["BUCKET_CLANS_MAX_AGE", "2 h"], tab="Config")
    assert (await desk.bot.chat.say("!ops reload", as_="admin")).embed.title == "Reload · done"
    sandbox.faults.add("sheets.permission_lost", match=READS)
    card = (await desk.bot.chat.say("!ops reload", as_="admin")).embed
    assert card.title == "Reload · kept as it was"
    assert desk.status.max_age == 7200.0
    assert desk.bot.running.app.ground.flags.enabled("recruitment")
    assert "First" in (await desk.bot.chat.say("!clan AAA", channel="general")).text


@pytest.mark.parametrize("what", ["renamed", "deleted", "emptied", "header moved", "formula error"])
async def test_what_people_do_to_a_tab_costs_nothing_but_age(
    open_here: Callable[..., Awaitable[Any]], sheet: Sheet, what: str
) -> None:
    desk = await open_here()
    if what == "renamed":
        await sheet.rename("clans", "clans old")
    elif what == "deleted":
        await sheet.delete()
    elif what == "emptied":
        await sheet.write()
    elif what == "header moved":
        await sheet.write([], HEADER, *ROWS)
    else:
        await sheet.write(HEADER, ["AAA", "First", "=1/0", "1", "30"])
    await desk.failed()
    await desk.serves_the_last_good_rows()
    await sheet.write(HEADER, *ROWS)
    await desk.recovers()

"""Discord is away: while the runtime starts, and while it serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import hikari
import pytest

from coreops.app import App
from coreops.gateway.patience import Pace
from coreops_hookspecs.errors import RefusedError
from coreops_sandbox.chat import Chat
from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample
from coreops_shared.config.settings import load


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scale the pauses between two tries down."""
    monkeypatch.setattr("coreops.gateway.app.Pace", partial(Pace, first=0.05, attempt=2.0))


@pytest.fixture
async def starting(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Any]:
    """Make an app whose start goes on in the background."""
    copy_sample(tmp_path / "workbook")
    env = environment(sandbox, workbook=tmp_path / "workbook", state_dir=tmp_path / "state", http_port=0)
    apps: list[App] = []

    def start(**more: str) -> tuple[App, asyncio.Task[None]]:
        app = App(load({**env, **more}))
        apps.append(app)
        return app, asyncio.create_task(app.start())

    yield start
    for app in apps:
        await app.stop("the test ends")


class Names:
    """What aiohttp asks for addresses; it may know none for a while."""

    def __init__(self) -> None:
        self.known = asyncio.Event()
        self.known.set()
        self.refused = 0
        self._resolve = aiohttp.DefaultResolver.resolve

    async def resolve(self, resolver: Any, host: str, *rest: Any, **more: Any) -> Any:
        if not self.known.is_set():
            self.refused += 1
            raise OSError(None, "DNS server returned general failure")  # as aiohttp's own resolver does
        return await self._resolve(resolver, host, *rest, **more)


@pytest.fixture
def names(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Names:
    """Discord goes by a name instead of an address, and hikari's own pauses are scaled down."""
    found = Names()

    async def resolve(resolver: Any, *asked: Any, **more: Any) -> Any:
        return await found.resolve(resolver, *asked, **more)

    monkeypatch.setattr(aiohttp.DefaultResolver, "resolve", resolve)
    monkeypatch.setattr(hikari.impl.rate_limits.ExponentialBackOff, "__next__", lambda _: 0.05)
    sandbox.world.public_url = sandbox.world.public_url.replace("127.0.0.1", "localhost")
    return found


async def get(http: aiohttp.ClientSession, app: App, path: str) -> tuple[int, dict[str, Any]]:
    async with http.get(f"{app.http_url}{path}") as response:
        return response.status, await response.json()


async def told(http: aiohttp.ClientSession, app: App, text: str) -> None:
    """Wait until the component gateway says so."""
    async with asyncio.timeout(20):
        while True:
            if app.discord is not None:
                _, health = await get(http, app, "/health")
                details = [part["detail"] for part in health["components"] if part["name"] == "gateway"]
                if details and text in details[0]:
                    return
            await asyncio.sleep(0.05)


@pytest.mark.fault(
    "Discord cannot be reached while the bot starts",
    users="no answer",
    operator="/healthz 200, /ready 503; the log and /health say why, since when and when it is tried next",
    recovery="it goes on trying with growing pauses, up to a minute, until Discord is back or it is stopped",
)
@pytest.mark.parametrize("fault", ["rest.error", "rest.html", "gateway.refuse"])
async def test_a_discord_that_is_away_at_the_start_is_waited_for(
    starting: Any, sandbox: Sandbox, http: aiohttp.ClientSession, fault: str
) -> None:
    away = sandbox.faults.add(fault, match="GET /gateway/bot" if fault.startswith("rest") else None)
    app, start = starting(COREOPS_STARTUP_DEADLINE_SEC="1", WATCHDOG_CHECK_SEC="0.2")
    await told(http, app, "tried 2 times since")
    assert await get(http, app, "/healthz") == (200, {"status": "ok"})
    status, ready = await get(http, app, "/ready")
    assert (status, ready["ready"], ready["phase"]) == (503, False, "starting")
    assert not start.done()
    sandbox.faults.remove(away.id)
    await asyncio.wait_for(start, 25)
    async with Chat(sandbox.url) as chat:
        assert (await chat.slash("ops ping", as_="staff")).replies
    assert (await get(http, app, "/ready"))[0] == 200


async def test_a_bot_that_waits_for_discord_can_be_stopped(
    starting: Any, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.faults.add("rest.error", match="GET /gateway/bot")
    app, start = starting()
    await told(http, app, "discord did not let us in")
    start.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([start])


@pytest.mark.fault(
    "Discord fails while the commands are registered",
    users="no answer",
    operator="/ready 503; the log and /health say why",
    recovery="it is tried again, with growing pauses",
)
async def test_a_start_that_fails_half_way_at_discord_goes_on(
    starting: Any, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.faults.add("rest.error", {"status": 520}, match="GET /oauth2/applications/@me", count=2)
    sandbox.faults.add("rest.error", {"status": 520}, match="* /applications/*/commands", count=2)
    _, start = starting()
    await asyncio.wait_for(start, 20)
    async with Chat(sandbox.url) as chat:
        assert (await chat.slash("ops ping", as_="staff")).replies


@pytest.mark.fault(
    "Discord refuses the token or an intent at the start",
    users="no answer",
    operator="the log says what to change; exit code 4, after which no supervisor should start it again",
    recovery="what the log says, then a start by hand",
)
async def test_a_refusal_at_the_start_is_final(starting: Any, sandbox: Sandbox) -> None:
    sandbox.world.application.flags = 0
    _, start = starting()
    with pytest.raises(RefusedError, match="Message Content Intent"):
        await asyncio.wait_for(start, 15)


@pytest.mark.fault(
    "the connection is cut and Discord refuses new ones for a while",
    users="no answer; what was typed is answered when the session can be resumed",
    operator="/ready 503, watchdog: gateway disconnected or discord unreachable; no exit",
    recovery="it goes on trying with growing pauses, up to a minute",
)
async def test_an_outage_longer_than_every_rung_of_the_ladder_is_survived(stage: Any) -> None:
    scene = await stage(WATCHDOG_DISCONNECT_GRACE_SEC="1")
    scene.trouble("gateway.refuse", seconds=8.0)
    scene.trouble("rest.error", match="GET /gateway/bot", seconds=8.0)
    scene.trouble("gateway.drop")
    await scene.until(lambda: "disconnected" in scene.states())
    assert (await scene.get("/ready"))[0] == 503
    await scene.until(lambda: ("discord unreachable", "log") in scene.watchdog() or "unreachable" in scene.states())
    await scene.until(lambda: scene.states()[-1] in {"resumed", "connected"})
    await scene.serves()
    assert "exit" not in [action for _, action in scene.watchdog()]


@pytest.mark.fault(
    "Discord's name cannot be resolved while the bot starts",
    users="no answer",
    operator="/healthz 200, /ready 503; the log and /health say that DNS failed, since when and when it is tried next",
    recovery="it goes on trying with growing pauses, up to a minute, until the name is known",
)
async def test_a_name_that_nobody_knows_at_the_start_is_waited_for(
    names: Names, starting: Any, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    names.known.clear()
    app, start = starting(
        COREOPS_DISCORD_REST_URL=sandbox.rest_url, COREOPS_STARTUP_DEADLINE_SEC="1", WATCHDOG_CHECK_SEC="0.2"
    )
    await told(http, app, "DNS server returned general failure")
    await told(http, app, "tried 2 times since")
    assert await get(http, app, "/healthz") == (200, {"status": "ok"})
    assert (await get(http, app, "/ready"))[0] == 503
    assert not start.done()
    names.known.set()
    await asyncio.wait_for(start, 25)
    async with Chat(sandbox.url) as chat:
        assert (await chat.slash("ops ping", as_="staff")).replies


@pytest.mark.fault(
    "Discord's name cannot be resolved any more when the connection is cut",
    users="no answer; what was typed is answered when the session can be resumed",
    operator="/ready 503, watchdog: gateway disconnected; no exit",
    recovery="hikari goes on trying with growing pauses, up to a minute, until the name is known, and resumes",
)
async def test_a_name_that_nobody_knows_any_more_is_waited_for(names: Names, stage: Any) -> None:
    scene = await stage()
    names.known.clear()
    scene.trouble("gateway.drop")
    scene.bot.chat._waiting["timeout"] = 20.0
    await scene.until(lambda: names.refused > 3)
    assert (await scene.get("/ready"))[0] == 503
    asked = asyncio.create_task(scene.bot.chat.say("!ops ping", as_="staff"))
    before = names.refused
    await scene.until(lambda: names.refused > before + 3)
    names.known.set()
    await scene.until(lambda: scene.states()[-1] in {"resumed", "connected"})
    assert (await asked).replies, "typed while nobody knew the name"
    await scene.serves()
    assert "exit" not in [action for _, action in scene.watchdog()]

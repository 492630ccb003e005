"""The sandbox as a whole."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import hikari
import pytest
from aiohttp import web

from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.lookup import SandboxError
from coreops_sandbox.world.seed import SEED

LIMIT_S = 10.0


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def rest(sandbox: Sandbox) -> AsyncIterator[hikari.impl.RESTClientImpl]:
    """hikari's REST client on the sandbox."""
    app = hikari.RESTApp(url=sandbox.rest_url)
    await app.start()
    async with app.acquire(sandbox.token, hikari.TokenType.BOT) as client:
        yield client
    await app.close()


async def test_one_port_serves_page_control_api_rest_and_gateway(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    token = {"Authorization": f"Bot {sandbox.token}"}
    async with http.get(f"{sandbox.url}/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
    async with http.get(f"{sandbox.url}/sandbox/state") as response:
        assert (await response.json())["guild"]["id"] == SEED.guild
    async with http.get(f"{sandbox.rest_url}/gateway/bot", headers=token) as response:
        url = (await response.json())["url"]
    async with http.ws_connect(f"{url}?v=10&encoding=json") as ws:
        assert (await ws.receive_json())["op"] == 10


async def test_the_identifies_of_a_day_count_down(sandbox: Sandbox, rest: hikari.impl.RESTClientImpl) -> None:
    bot = hikari.GatewayBot(sandbox.token, rest_url=sandbox.rest_url, banner=None, logs=None)
    await bot.start(check_for_updates=False)
    await bot.close()
    assert (await rest.fetch_gateway_bot_info()).session_start_limit.remaining == 999


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
async def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(SandboxError, match=r"listens on this machine only, not on .*: use 127\.0\.0\.1"):
        await Sandbox().start(host)


async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"cannot listen on 127.0.0.1:{port} .*: choose another port"):
            await Sandbox().start(port=port)


async def test_a_sandbox_starts_once(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match=r"started already, at http://127\.0\.0\.1:"):
        await sandbox.start()


async def test_two_sandboxes_live_side_by_side(sandbox: Sandbox) -> None:
    async with Sandbox() as other:
        assert other.url != sandbox.url


async def test_further_routes_are_served_on_the_same_port(http: aiohttp.ClientSession) -> None:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async with Sandbox(extra_routes=[web.get("/hello", hello)]) as sandbox, http.get(f"{sandbox.url}/hello") as answer:
        assert await answer.text() == "hello"


@pytest.mark.parametrize("path", ["/", "/sandbox/state", "/api/v10/gateway", "/gateway", "/cdn/embed/avatars/0.png"])
async def test_foreign_pages_and_rebound_names_reach_nothing(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str
) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        async with http.get(sandbox.url + path, headers=headers) as response:
            assert response.status == 403


async def test_stopping_ends_streams_waits_and_hanging_requests(http: aiohttp.ClientSession) -> None:
    sandbox = Sandbox()
    await sandbox.start()
    before = asyncio.all_tasks()
    hang = sandbox.faults.add("rest.hang")
    events = await http.get(f"{sandbox.url}/sandbox/events?as=user")
    body = {"as": "user", "channel": "general", "content": "anyone?", "timeout": 60}
    waiting = [
        asyncio.create_task(_outcome(http, "POST", f"{sandbox.url}/sandbox/say", json=body)),
        asyncio.create_task(_outcome(http, "POST", f"{sandbox.rest_url}/users/@me/channels")),
    ]
    async with asyncio.timeout(LIMIT_S):
        while not hang.holders or not sandbox.world.home.channels[SEED.general].messages:
            await asyncio.sleep(0.01)
    started = time.monotonic()
    await sandbox.stop()
    assert time.monotonic() - started < 3
    await events.content.read()
    events.close()
    assert await asyncio.gather(*waiting) == ["cut", "cut"]
    await http.close()
    ours = [task for task in asyncio.all_tasks() - before if "coreops_sandbox" in str(task.get_coro())]
    assert ours == []


async def _outcome(http: aiohttp.ClientSession, method: str, url: str, **arguments: Any) -> str:
    try:
        async with http.request(method, url, **arguments) as response:
            return str(response.status)
    except aiohttp.ClientError:
        return "cut"


async def test_stopping_twice_or_before_the_start_does_no_harm() -> None:
    sandbox = Sandbox()
    await sandbox.stop()
    await sandbox.stop()


async def test_a_reconnecting_page_misses_nothing(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    url = f"{sandbox.url}/sandbox/events?as=user"
    actions = Actions(sandbox.world)
    async with http.get(url) as stream:
        actions.say("user", "general", "one")
        last = await _event_id(stream)
    actions.say("user", "general", "two")
    async with http.get(url, headers={"Last-Event-ID": last}) as stream:
        assert await _event_id(stream) == f"{last.partition('-')[0]}-2"


async def _event_id(stream: aiohttp.ClientResponse) -> str:
    async with asyncio.timeout(LIMIT_S):
        while not (line := (await stream.content.readline()).decode()).startswith("id: "):
            assert line
    return line.removeprefix("id: ").strip()


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("rest.error", {"status": 503}),
        ("rest.html", {"status": 502}),
        ("rest.rate_limit", {"retry_after": 0.2}),
        ("rest.rate_limit", {"retry_after": 0.2, "scope": "global"}),
    ],
)
async def test_hikari_tries_again_after_a_failure_that_passes(
    sandbox: Sandbox, rest: hikari.impl.RESTClientImpl, name: str, params: dict[str, Any]
) -> None:
    fault = sandbox.faults.add(name, params, match="POST /channels/*", count=1)
    message = await rest.create_message(int(SEED.ops), "hello")
    assert fault.hits == 1
    assert list(sandbox.world.home.channels[SEED.ops].messages) == [str(message.id)]


async def test_a_lasting_error_reaches_the_bot_as_hikaris_own(
    sandbox: Sandbox, rest: hikari.impl.RESTClientImpl
) -> None:
    sandbox.faults.add("rest.error", {"status": 501})
    with pytest.raises(hikari.InternalServerError) as caught:
        await rest.fetch_my_user()
    assert caught.value.status == 501


async def test_a_reset_after_the_request_leaves_its_effect_behind(sandbox: Sandbox) -> None:
    sandbox.faults.add("rest.reset", {"after": True}, count=1)
    app = hikari.RESTApp(url=sandbox.rest_url, max_retries=0)
    await app.start()
    async with app.acquire(sandbox.token, hikari.TokenType.BOT) as client:
        with pytest.raises(hikari.HTTPError):
            await client.create_message(int(SEED.ops), "sent, but never confirmed")
    await app.close()
    assert len(sandbox.world.home.channels[SEED.ops].messages) == 1

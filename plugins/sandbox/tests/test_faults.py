"""Faults: added, counted, matched, ended; and what they do to REST requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from coreops_sandbox.faults import SPECS, Faults, middleware
from coreops_sandbox.world.lookup import SandboxError

LIMIT_S = 5.0


class Clock:
    """Seconds that only move when told."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class Api:
    """A REST API of one route behind the middleware, and a client of it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, faults: Faults) -> None:
        self.url = url
        self.session = session
        self.faults = faults
        self.served: list[str] = []
        self.slept: list[float] = []

    async def serve(self, request: web.Request) -> web.Response:
        self.served.append(f"{request.method} {request.path}")
        return web.json_response({"ok": True})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def call(self, method: str = "GET", path: str = "/api/v10/channels/1") -> tuple[int, Any, Any]:
        async with asyncio.timeout(LIMIT_S), self.session.request(method, self.url + path) as response:
            is_json = response.content_type == "application/json"
            return response.status, response.headers, await (response.json() if is_json else response.text())


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        api = Api("", session, Faults())
        app = web.Application(middlewares=[middleware(api.faults, api.sleep, lambda: 100.0)])
        app.router.add_route("*", "/{path:.*}", api.serve)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield api


async def test_a_fault_strikes_as_often_as_its_count_and_is_gone() -> None:
    faults = Faults()
    faults.add("rest.error", count=2)
    assert [faults.take("rest.error") is not None for _ in range(3)] == [True, True, False]
    assert faults.list() == []


async def test_a_fault_ends_when_its_time_is_over() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add("rest.error", seconds=10)
    clock.now += 9.9
    assert faults.take("rest.error") is not None
    clock.now += 0.1
    assert faults.take("rest.error") is None
    assert faults.list() == []


async def test_a_fault_without_limits_lasts_until_it_is_removed() -> None:
    faults = Faults()
    fault = faults.add("gateway.no_ack")
    assert all(faults.take("gateway.no_ack") for _ in range(100))
    faults.remove(fault.id)
    assert faults.take("gateway.no_ack") is None


async def test_the_list_shows_what_is_left_of_each_fault() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add("rest.latency", {"ms": 20}, match="GET *", count=3, seconds=60)
    faults.take("rest.latency", "GET /users/@me")
    clock.now += 15
    assert faults.list() == [
        {
            "id": "f1",
            "name": "rest.latency",
            "params": {"ms": 20.0},
            "match": "GET *",
            "count": 2,
            "seconds": 45,
            "hits": 1,
        }
    ]


@pytest.mark.parametrize(
    ("match", "target", "strikes"),
    [
        (None, "GET /users/@me", True),
        ("POST /channels/*", "POST /channels/1/messages", True),
        ("POST /channels/*", "GET /channels/1/messages", False),
        ("* /channels/*/messages", "PATCH /channels/1/messages", True),
        ("POST /channels/1/messages", "POST /channels/2/messages", False),
    ],
)
async def test_a_match_is_a_glob_over_method_and_path(match: str | None, target: str, strikes: bool) -> None:
    faults = Faults()
    faults.add("rest.error", match=match)
    assert (faults.take("rest.error", target) is not None) is strikes


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"name": "rest.explode"}, "unknown fault 'rest.explode'; known: rest.latency, rest.rate_limit"),
        ({"name": "rest.latency", "params": {"ms": -1}}, "rest.latency: .*ms.*it takes ms"),
        ({"name": "rest.error", "params": {"code": 500}}, "unknown field `code`; it takes after, status"),
        ({"name": "gateway.drop", "params": {"x": 1}}, "it takes no parameters"),
        ({"name": "gateway.close", "params": {"code": 999}}, "gateway.close: .*code"),
        ({"name": "gateway.drop", "match": "GET *"}, "takes no match"),
        ({"name": "rest.error", "count": 0}, "count 0 cannot be; give a positive count"),
        ({"name": "gateway.freeze", "count": 1}, "count 1 cannot be; give seconds"),
        ({"name": "rest.error", "seconds": 0}, "seconds 0 cannot be"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_remedy(arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(SandboxError, match=error):
        Faults().add(**arguments)


async def test_removing_what_is_not_there_names_what_is() -> None:
    faults = Faults()
    faults.add("rest.error")
    with pytest.raises(SandboxError, match="unknown active fault 'f9'; known: f1"):
        faults.remove("f9")


@pytest.mark.parametrize("name", list(SPECS))
async def test_every_kind_can_be_added_without_parameters(name: str) -> None:
    assert Faults().add(name).spec.about


async def test_without_faults_requests_pass(api: Api) -> None:
    assert (await api.call())[0] == 200


async def test_faults_concern_the_api_only(api: Api) -> None:
    api.faults.add("rest.error")
    assert [(await api.call(path=path))[0] for path in ("/sandbox/state", "/cdn/x", "/api/v10/x")] == [200, 200, 500]


async def test_latency_delays_the_answer_by_its_milliseconds(api: Api) -> None:
    api.faults.add("rest.latency", {"ms": 250}, count=1)
    assert [(await api.call())[0] for _ in range(2)] == [200, 200]
    assert api.slept == [0.25]


async def test_latency_and_another_fault_add_up(api: Api) -> None:
    api.faults.add("rest.latency")
    api.faults.add("rest.error", {"status": 503})
    assert (await api.call())[0] == 503
    assert api.slept == [0.5]


async def test_a_rate_limit_of_a_route_has_discords_body_and_headers(api: Api) -> None:
    api.faults.add("rest.rate_limit", {"retry_after": 1.5}, match="GET /channels/*")
    status, headers, body = await api.call()
    assert (status, body) == (429, {"message": "You are being rate limited.", "retry_after": 1.5, "global": False})
    assert {key: headers[key] for key in headers if key.startswith(("X-RateLimit", "Retry"))} == {
        "Retry-After": "2",
        "X-RateLimit-Scope": "user",
        "X-RateLimit-Limit": "1",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "101.500",
        "X-RateLimit-Reset-After": "1.500",
        "X-RateLimit-Bucket": headers["X-RateLimit-Bucket"],
    }
    assert (await api.call(path="/api/v10/users/@me"))[0] == 200


async def test_a_global_rate_limit_says_so(api: Api) -> None:
    api.faults.add("rest.rate_limit", {"scope": "global"})
    status, headers, body = await api.call()
    assert (status, body["global"], headers["X-RateLimit-Global"]) == (429, True, "true")
    assert "X-RateLimit-Bucket" not in headers


async def test_an_error_burst_ends_after_its_count(api: Api) -> None:
    api.faults.add("rest.error", {"status": 503}, count=2)
    answers = [await api.call() for _ in range(3)]
    assert [answer[0] for answer in answers] == [503, 503, 200]
    assert answers[0][2] == {"message": "503: Service Unavailable", "code": 0}
    assert len(api.served) == 1


async def test_an_html_page_comes_in_place_of_json(api: Api) -> None:
    api.faults.add("rest.html", {"status": 520})
    status, headers, body = await api.call()
    assert (status, headers["Content-Type"].split(";")[0]) == (520, "text/html")
    assert "<h1>520</h1>" in body


async def test_a_reset_cuts_the_connection_before_the_request_is_served(api: Api) -> None:
    api.faults.add("rest.reset", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.call("POST")
    assert api.served == []
    assert (await api.call())[0] == 200


@pytest.mark.parametrize("name", ["rest.reset", "rest.error", "rest.html"])
async def test_a_fault_after_the_request_loses_only_the_answer(api: Api, name: str) -> None:
    api.faults.add(name, {"after": True}, count=1)
    try:
        assert (await api.call("POST"))[0] >= 500
    except aiohttp.ClientConnectionError:
        assert name == "rest.reset"
    assert api.served == ["POST /api/v10/channels/1"]


async def test_a_hanging_request_is_reset_when_the_fault_is_removed(api: Api) -> None:
    fault = api.faults.add("rest.hang", count=1)
    # A POST: clients send a GET again by themselves when the connection breaks (RFC 9110 section 9.2.2).
    hanging = asyncio.create_task(api.call("POST"))
    async with asyncio.timeout(LIMIT_S):
        while not fault.hits:
            await asyncio.sleep(0)
    assert (await api.call())[0] == 200  # its count is used up, yet it still holds the first request
    assert [one["id"] for one in api.faults.list()] == [fault.id]
    assert not hanging.done()
    api.faults.remove(fault.id)
    with pytest.raises(aiohttp.ClientConnectionError):
        await hanging


async def test_a_hanging_request_is_reset_when_the_fault_ends_by_itself(api: Api) -> None:
    api.faults.add("rest.hang", seconds=0.1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.call("POST")
    assert api.faults.list() == []

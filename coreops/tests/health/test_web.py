"""The HTTP server, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import subprocess
import sys
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from coreops.health.callers import Callers
from coreops.health.overview import Payloads
from coreops.health.probes import Probes
from coreops.health.service import HealthService
from coreops.health.web import HttpServer
from coreops.plugins.states import PluginStates
from coreops_hookspecs.declarations import Route
from coreops_hookspecs.errors import ConfigError, SheetsQuotaError
from coreops_hookspecs.health import HealthStatus, PluginState
from coreops_shared import trace

LIMIT = 5.0
PAGE = {"Accept": "text/html,application/xhtml+xml"}


async def declared(*_: Any) -> Any: ...


def route(path: str, method: str = "GET", **more: Any) -> Route:
    return Route(method, path, declared, **more)


async def test_healthz_answers_while_everything_else_is_down(
    http: aiohttp.ClientSession, service: HealthService
) -> None:
    service.set_component("gateway", HealthStatus.DOWN, "refused")
    async with http.get("/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"status": "ok"}


@pytest.mark.parametrize(("phase", "status"), [("starting", 503), ("ready", 200), ("draining", 200)])
async def test_startup_answers_whether_the_start_is_over(
    http: aiohttp.ClientSession, service: HealthService, phase: str, status: int
) -> None:
    service.phase = phase
    async with http.get("/startup") as answer:
        assert answer.status == status
        assert await answer.json() == {"started": status == 200, "phase": phase}


@pytest.mark.parametrize(("phase", "status"), [("starting", 503), ("ready", 200), ("draining", 503), ("stopped", 503)])
async def test_ready_answers_by_phase(
    http: aiohttp.ClientSession, service: HealthService, phase: str, status: int
) -> None:
    service.phase = phase
    async with http.get("/ready") as answer:
        assert answer.status == status
        assert await answer.json() == {"ready": status == 200, "phase": phase}


async def test_health_tells_everything(http: aiohttp.ClientSession, troubled: Any) -> None:
    async with http.get("/health") as answer:
        assert answer.status == 200
        body = await answer.json()
    assert body["bot"] == "CoreOps"
    assert [bucket["name"] for bucket in body["buckets"]] == ["clans", "templates", "tags"]
    assert body["buckets"][0]["problems"][0]["cell"] == "C17"
    assert body["plugins"][1]["state"] == "quarantined"
    assert body["jobs"][1]["last"]["outcome"] == "error"
    assert body["started_at"] == "2026-01-01T00:00:00Z"


async def test_health_is_503_when_a_critical_part_is_down(http: aiohttp.ClientSession, service: HealthService) -> None:
    service.set_component("gateway", HealthStatus.DOWN)
    async with http.get("/health") as answer:
        assert answer.status == 503
        assert (await answer.json())["status"] == "down"


async def test_the_root_is_a_summary_for_tools_and_a_page_for_browsers(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        assert answer.content_type == "application/json"
        assert (await answer.json())["says"] == "Starting. Commands are not answered yet."
    async with http.get("/", headers=PAGE) as answer:
        assert answer.content_type == "text/html"
        assert "Starting. Commands are not answered yet." in await answer.text()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/p/demo/nowhere", 404),
        ("POST", "/health", 405),
        ("GET", "/p/demo/broken", 500),
    ],
)
async def test_every_answer_has_a_trace_id_and_safe_headers(
    http: aiohttp.ClientSession, server: HttpServer, method: str, path: str, status: int
) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        raise ValueError("secret detail")

    server.add_route("demo", route("broken"), broken)
    async with http.request(method, path) as answer:
        assert answer.status == status
        assert len(answer.headers["X-Trace-Id"]) == 32
        assert answer.headers["Server"] == "coreops"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        if status >= 400:
            body = await answer.json()
            assert body["status"] == status
            assert "secret" not in str(body)


@pytest.mark.parametrize(
    ("inbound", "kept"),
    [("a" * 32, True), ("order-4711_x", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)],
)
async def test_a_valid_inbound_trace_id_is_kept(http: aiohttp.ClientSession, inbound: str, kept: bool) -> None:
    async with http.get("/healthz", headers={"X-Trace-Id": inbound}) as answer:
        assert (answer.headers["X-Trace-Id"] == inbound) is kept


PARENT = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([("traceparent", f"00-{PARENT}-00f067aa0ba902b7-01")], PARENT),
        ([("traceparent", f"00-{PARENT}-00f067aa0ba902b7-01"), ("X-Trace-Id", "order-4711")], "order-4711"),
        ([("traceparent", f"00-{PARENT}-00f067aa0ba902b7-01"), ("X-Trace-Id", "no")], PARENT),
        ([("traceparent", f"00-{PARENT}-00f067aa0ba902b7-01")] * 2, None),
        ([("traceparent", PARENT)], None),
    ],
)
async def test_the_trace_of_a_traceparent_is_kept(
    http: aiohttp.ClientSession, headers: list[tuple[str, str]], kept: str | None
) -> None:
    async with http.get("/healthz", headers=headers) as answer:
        given = answer.headers["X-Trace-Id"]
    assert given == kept if kept else (given != PARENT and len(given) == 32)


async def test_each_request_is_logged_with_status_and_without_its_query(http: aiohttp.ClientSession, log: Any) -> None:
    async with http.get("/health?token=hunter2"), http.get("/nowhere"):
        pass
    lines = [(level, fields) for level, message, fields in log.lines if message == "http request"]
    assert [(level, fields["path"], fields["status"]) for level, fields in lines] == [
        ("info", "/health", 200),
        ("info", "/nowhere", 404),
    ]
    assert "hunter2" not in str(log.lines)


async def raw(server: HttpServer, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    try:
        return (await asyncio.wait_for(reader.read(), LIMIT)).decode()
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"NONSENSE\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
async def test_what_cannot_be_parsed_is_refused_in_json_without_a_version(
    server: HttpServer, request_bytes: bytes
) -> None:
    answer = await raw(server, request_bytes)
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.")
    assert " 4" in head.splitlines()[0]
    assert "X-Trace-Id: " in head
    assert "Server: coreops" in head
    assert "aiohttp" not in answer.lower()
    assert "python" not in answer.lower()
    assert '"reference"' in body


async def test_a_body_past_the_limit_is_refused(http: aiohttp.ClientSession, server: HttpServer) -> None:
    async def read(request: web.Request) -> web.StreamResponse:
        return web.Response(text=str(len(await request.read())))

    server.add_route("demo", route("in", "POST"), read)
    async with http.post("/p/demo/in", data=b"x" * 1000) as answer:
        assert await answer.text() == "1000"
    async with http.post("/p/demo/in", data=io.BytesIO(b"x" * (2 << 20))) as answer:
        assert answer.status == 413


async def test_a_small_body_that_unpacks_past_the_limit_is_refused(
    http: aiohttp.ClientSession, server: HttpServer
) -> None:
    most = 0

    async def read(request: web.Request) -> web.StreamResponse:
        nonlocal most
        try:
            most = len(await request.read())
        finally:
            most = max(most, len(request._read_bytes or b""))
        return web.Response()

    server.add_route("demo", route("in", "POST"), read)
    bomb = gzip.compress(b"0" * (64 << 20))
    assert len(bomb) < 1 << 17
    async with http.post("/p/demo/in", data=bomb, headers={"Content-Encoding": "gzip"}) as answer:
        assert answer.status == 413
    assert most == 0


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ({}, True),
        ({"Host": "localhost:8080"}, True),
        ({"Host": "[::1]:8080"}, True),
        ({"Host": "bot.example.org"}, False),
        ({"Host": "]["}, False),
        ({"X-Forwarded-For": "203.0.113.9"}, False),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer correct-horse-battery"}, True),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "bearer  correct-horse-battery"}, True),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Basic correct-horse-battery"}, False),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer correct-horse-batter"}, False),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer \xe4\xf6"}, False),
        ({"Via": "1.1 proxy"}, False),
    ],
)
async def test_detail_is_for_the_machine_itself_and_for_the_token(
    http: aiohttp.ClientSession, troubled: Any, headers: dict[str, str], seen: bool
) -> None:
    async with http.get("/health", headers=headers) as answer:
        body = await answer.json()
        assert answer.status == 200
    assert ("buckets" in body) is seen
    async with http.get("/", headers=headers | PAGE) as answer:
        assert ("quota" in await answer.text()) is seen
    assert body["status"] == "ok"


async def test_a_plugins_route_is_served_while_it_is_there(http: aiohttp.ClientSession, server: HttpServer) -> None:
    async def greet(request: web.Request) -> web.StreamResponse:
        return web.json_response({**request.match_info, "trace": trace.current()})

    remove = server.add_route("demo", route("hello/{name}"), greet)
    async with http.get("/p/demo/hello/ann", headers={"X-Trace-Id": "t" * 32}) as answer:
        assert await answer.json() == {"name": "ann", "trace": "t" * 32}
    async with http.post("/p/demo/hello/ann") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    remove()
    async with http.get("/p/demo/hello/ann") as answer:
        assert answer.status == 404


async def test_a_route_that_raises_an_http_error_answers_with_it_and_is_no_fault(
    http: aiohttp.ClientSession, server: HttpServer, faults: list[Any]
) -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPConflict(reason="Already there")

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/healthz")

    server.add_route("demo", route("refuse"), refuse)
    server.add_route("demo", route("elsewhere"), elsewhere)
    async with http.get("/p/demo/refuse") as answer:
        assert (answer.status, await answer.json()) == (409, {"error": "already there", "status": 409})
    async with http.get("/p/demo/elsewhere", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/healthz")
    assert faults == []


async def test_a_route_past_its_deadline_is_a_504(http: aiohttp.ClientSession, server: HttpServer) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    server.add_route("demo", route("hang", timeout=timedelta(seconds=0.05)), hang)
    async with http.get("/p/demo/hang") as answer:
        assert answer.status == 504
        assert (await answer.json())["reference"] == answer.headers["X-Trace-Id"]


async def test_an_outage_behind_a_route_is_a_503_that_says_so(
    http: aiohttp.ClientSession, server: HttpServer, faults: list[Any]
) -> None:
    async def upstream(request: web.Request) -> web.StreamResponse:
        raise SheetsQuotaError("quota of sheet 1abc used up", user_message="Google Sheets is busy, try again soon.")

    server.add_route("demo", route("up"), upstream)
    async with http.get("/p/demo/up") as answer:
        assert answer.status == 503
        assert (await answer.json())["error"] == "Google Sheets is busy, try again soon."
    assert faults == []


async def test_a_route_that_returns_no_response_is_a_fault_and_a_500(
    http: aiohttp.ClientSession, server: HttpServer, faults: list[Any]
) -> None:
    async def wrong(request: web.Request) -> Any:
        return {"a": 1}

    server.add_route("demo", route("wrong"), wrong)
    async with http.get("/p/demo/wrong") as answer:
        assert answer.status == 500
    assert "returned dict, not a response" in str(faults[0].error)


async def test_a_route_of_a_plugin_that_does_not_serve_is_a_503_with_the_reason(
    http: aiohttp.ClientSession, server: HttpServer, states: PluginStates
) -> None:
    server.add_route("demo", route("x"), declared)
    states.change("demo", PluginState.FAILED, "startup raised")
    async with http.get("/p/demo/x") as answer:
        assert answer.status == 503
        assert "startup raised" in (await answer.json())["error"]


async def test_a_port_in_use_is_a_config_error_that_names_the_setting(
    server: HttpServer, service: HealthService, clock: Any, guard: Any, log: Any
) -> None:
    second = HttpServer("127.0.0.1", server.port, probes=server_probes(service), guard=guard, clock=clock, log=log)
    with pytest.raises(ConfigError, match=f"COREOPS_HTTP_PORT {server.port} cannot be listened on"):
        await second.start()


def server_probes(service: HealthService) -> Any:
    return Probes(service, Callers(None), service._clock, Payloads())


async def test_stop_lets_go_of_the_port_and_of_idle_connections(
    service: HealthService, clock: Any, guard: Any, log: Any
) -> None:
    server = HttpServer("127.0.0.1", 0, probes=server_probes(service), guard=guard, clock=clock, log=log)
    await server.start()
    port = server.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.wait_for(server.stop(), LIMIT)
    assert await asyncio.wait_for(reader.read(), LIMIT) == b""
    writer.close()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


def test_the_server_is_there_before_hikari_is_imported() -> None:
    program = (
        "import sys, coreops.health.web; print([m for m in ('hikari', 'lightbulb', 'gspread') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert found.stdout.strip() == "[]"


async def test_strangers_learn_no_version(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        assert {"version", "coreops"} <= set(await response.json())
    async with http.get("/", headers={"X-Forwarded-For": "203.0.113.7"}) as response:
        assert not {"version", "coreops"} & set(await response.json())
        assert response.headers["Server"] == "coreops"

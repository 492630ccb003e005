"""Who may talk to the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from coreops_sandbox.guard import is_loopback, local_only


@pytest.fixture
async def knock() -> AsyncIterator[Any]:
    """Sends a request with the given headers to a guarded server; ``PORT`` in them is its port."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        app = web.Application(middlewares=[local_only])

        async def hello(request: web.Request) -> web.Response:
            return web.json_response({})

        app.router.add_route("*", "/", hello)
        runner = web.AppRunner(app)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = str(runner.addresses[0][1])

        async def send(**headers: str) -> tuple[int, Any]:
            placed = {name: value.replace("PORT", port) for name, value in headers.items()}
            async with session.post(f"http://127.0.0.1:{port}/", headers=placed) as response:
                return response.status, await response.json()

        yield send


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_names_and_addresses_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.com", "localhost.example.com", ""])
def test_everything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT", "localhost"])
async def test_programs_of_this_machine_are_served(knock: Any, host: str) -> None:
    assert (await knock(Host=host))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:PORT", "127.0.0.1.evil.example", "[", "10.0.0.1"])
async def test_a_rebound_host_name_is_refused(knock: Any, host: str) -> None:
    status, data = await knock(Host=host)
    assert status == 403
    assert "is not this machine: use 127.0.0.1 or localhost" in data["error"]


async def test_the_own_page_is_served(knock: Any) -> None:
    assert (await knock(Host="localhost:PORT", Origin="http://localhost:PORT"))[0] == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://localhost:1", "https://localhost:PORT", "http://127.0.0.1:PORT"]
)
async def test_other_pages_are_refused_even_those_of_this_machine(knock: Any, origin: str) -> None:
    status, data = await knock(Host="localhost:PORT", Origin=origin)
    assert status == 403
    assert "may not use the sandbox: open its own page at http://localhost:" in data["error"]

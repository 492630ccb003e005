"""A gateway alone on a loopback port, and a client that speaks the protocol by hand."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from coreops_sandbox.faults import Faults
from coreops_sandbox.gateway import Gateway, GatewayOptions
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.events import Intents
from coreops_sandbox.world.seed import default_world
from coreops_sandbox.world.world import World

LIMIT_S = 5.0
ALL = sum(Intents)


class Clock:
    """Monotonic seconds that only move when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Client:
    """One websocket to the gateway."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, token: str) -> None:
        self.ws = ws
        self.token = token
        self.inflate = zlib.decompressobj()

    async def receive(self) -> dict[str, Any]:
        """The next payload, whichever way it came."""
        message = await asyncio.wait_for(self.ws.receive(), LIMIT_S)
        if message.type is aiohttp.WSMsgType.BINARY:
            assert message.data.endswith(b"\x00\x00\xff\xff")
            return json.loads(self.inflate.decompress(message.data))
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return json.loads(message.data)

    async def until(self, name: str) -> dict[str, Any]:
        """The data of the next dispatch of that name, past everything before it."""
        while True:
            payload = await self.receive()
            if payload["t"] == name:
                return payload["d"]

    async def op(self, op: int) -> dict[str, Any]:
        """The next payload with that opcode, past everything before it."""
        while True:
            payload = await self.receive()
            if payload["op"] == op:
                return payload

    async def send(self, op: int, d: Any = None) -> None:
        await self.ws.send_json({"op": op, "d": d})

    async def closed_with(self) -> tuple[int | None, str]:
        """The close code and reason, past every payload before them; 1006 is a connection cut short."""
        while True:
            message = await asyncio.wait_for(self.ws.receive(), LIMIT_S)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return message.data, message.extra
            if message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                return 1006, ""

    async def identify(self, intents: int = ALL, **fields: Any) -> dict[str, Any]:
        """HELLO and IDENTIFY; the data of READY."""
        assert (await self.receive())["op"] == 10
        await self.send(2, {"token": self.token, "intents": intents, "properties": {}, **fields})
        return await self.until("READY")

    async def resume(self, session_id: str, seq: int) -> None:
        """HELLO and RESUME."""
        assert (await self.receive())["op"] == 10
        await self.send(6, {"token": self.token, "session_id": session_id, "seq": seq})


@dataclass
class Served:
    """A running gateway with all that it works on."""

    gateway: Gateway
    world: World
    faults: Faults
    actions: Actions
    clock: Clock
    url: str
    connect: Callable[..., Awaitable[Client]]

    async def offline(self) -> None:
        """Return once the gateway has noticed that no client is left."""
        changed = asyncio.Event()
        unsubscribe = self.world.notices.subscribe(lambda _: changed.set())
        async with asyncio.timeout(LIMIT_S):
            while self.gateway.status().sessions:
                await changed.wait()
                changed.clear()
        unsubscribe()

    def tasks(self) -> list[asyncio.Task[Any]]:
        """The tasks that the gateway's connections run."""
        files = {task: task.get_coro().cr_code.co_filename for task in asyncio.all_tasks()}
        return [task for task, file in files.items() if "coreops_sandbox/gateway/" in file]


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a gateway with the given options; all of it ends with the test."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def start(**options: Any) -> Served:
            world, faults, clock = default_world(), Faults(), Clock()
            gateway = Gateway(world, faults, GatewayOptions(**options), clock)
            app = web.Application()
            app.router.add_get("/gateway", gateway.handle)
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            stack.push_async_callback(gateway.stop)
            stack.callback(faults.clear)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            world.public_url = url

            async def connect(query: str = "v=10&encoding=json") -> Client:
                ws = await session.ws_connect(f"{url}/gateway?{query}", autoping=False)
                stack.push_async_callback(ws.close)
                return Client(ws, world.token)

            return Served(gateway, world, faults, Actions(world), clock, url, connect)

        yield start


@pytest.fixture
async def served(serve: Serve) -> Served:
    """A gateway with default options."""
    return await serve()

"""The REST API on a free port, driven by hikari as it is, and by plain HTTP for what hikari would not send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import hikari
import pytest
from aiohttp import web

from coreops_sandbox.rest import add_rest
from coreops_sandbox.rest.ratelimit import Limits
from coreops_sandbox.world.seed import SEED
from coreops_sandbox.world.world import World


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        return int(self.body["code"])

    def error_at(self, *path: str | int) -> list[str]:
        """The codes of the errors at a path of an "Invalid Form Body"."""
        node = self.body["errors"]
        for step in path:
            node = node[str(step)]
        return [one["code"] for one in node["_errors"]]


@dataclass
class Http:
    """Plain requests with the bot's token."""

    session: aiohttp.ClientSession
    url: str
    token: str

    async def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> Answer:
        headers = {"Authorization": f"Bot {self.token}", **options.pop("headers", {})}
        if json is not None:
            options["json"] = json
        async with self.session.request(method, f"{self.url}{path}", headers=headers, **options) as response:
            body = await response.json() if response.content_type == "application/json" else None
            return Answer(response.status, body, dict(response.headers))


@pytest.fixture
def limits() -> Limits:
    return Limits.generous()


@pytest.fixture
async def origin(world: World, limits: Limits) -> AsyncIterator[str]:
    """The server's address; the API is below it."""
    app = web.Application()
    add_rest(app, world, limits)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield world.public_url
    await runner.cleanup()


@pytest.fixture
async def http(origin: str, world: World) -> AsyncIterator[Http]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Http(session, f"{origin}/api/v10", world.token)


@pytest.fixture
async def rest(origin: str, world: World) -> AsyncIterator[hikari.api.RESTClient]:
    app = hikari.RESTApp(url=f"{origin}/api/v10", max_retries=0)
    await app.start()
    async with app.acquire(world.token, hikari.TokenType.BOT) as client:
        yield client
    await app.close()


@pytest.fixture
def grant(world: World) -> Callable[..., None]:
    """Set the bot role's permissions: `grant(add=…, remove=…)`, with @everyone's taken away alike."""

    def change(*, add: int = 0, remove: int = 0) -> None:
        for role_id in (SEED.bot_role, SEED.guild):
            role = world.home.roles[role_id]
            role.permissions = role.permissions & ~remove
        world.home.roles[SEED.bot_role].permissions |= add

    return change

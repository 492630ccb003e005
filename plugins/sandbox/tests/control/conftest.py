"""The control API alone on a loopback port, with a bot that is played by the test itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from coreops_sandbox.control import Stream, add_control, errors_as_json
from coreops_sandbox.faults import Faults
from coreops_sandbox.gateway import Gateway
from coreops_sandbox.world import posting
from coreops_sandbox.world.events import Dispatch
from coreops_sandbox.world.interactions import Interaction
from coreops_sandbox.world.messages import Draft, MessageFlag
from coreops_sandbox.world.seed import default_world
from coreops_sandbox.world.world import World


@dataclass
class Desk:
    """The control API and a client of it."""

    world: World
    faults: Faults
    stream: Stream
    url: str
    session: aiohttp.ClientSession

    async def call(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """Status and JSON of a request; `as_` stands for `as`."""
        body = {key.rstrip("_"): value for key, value in body.items()}
        async with self.session.request(method, f"{self.url}/sandbox/{path}", json=body or None) as response:
            return response.status, await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        """The JSON of a POST that succeeds."""
        status, data = await self.call("POST", path, **body)
        assert status in {200, 201}, data
        return data

    async def get(self, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        status, data = await self.call("GET", path)
        assert status == 200, data
        return data

    def answer(self, text: Callable[[str], str]) -> None:
        """Let the bot answer every message of a person in its channel."""

        def listen(dispatch: Dispatch) -> None:
            author = dispatch.data.get("author", {})
            if dispatch.name == "MESSAGE_CREATE" and not author.get("bot"):
                self.say(text(dispatch.data["content"]), channel=dispatch.data["channel_id"])

        self.world.hub.subscribe(listen)

    def say(self, content: str, *, channel: str, only_for: str | None = None) -> str:
        """Let the bot say something; the message's id."""
        place = self.world.channel(channel)
        assert place is not None
        draft = Draft(content=content, flags=MessageFlag.EPHEMERAL if only_for else 0)
        if only_for is None:
            return posting.post(self.world, place, self.world.bot_user, draft).id
        return self._whisper(place, draft, only_for)

    def _whisper(self, place: Any, draft: Draft, only_for: str) -> str:
        user = self.world.users[only_for]
        data = {"name": "x", "type": 1}
        cause = Interaction(self.world.snowflakes.next(), "t", 2, user, place.id, place.guild_id, data, 0.0)
        origin = posting.Origin(interaction=cause)
        return posting.post(self.world, place, self.world.bot_user, draft, origin).id


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        world, faults = default_world(), Faults()
        gateway = Gateway(world, faults)
        app = web.Application(middlewares=[errors_as_json], client_max_size=200_000)
        stream = add_control(app, world, faults, gateway.status, "run")
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.callback(stream.close)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Desk(world, faults, stream, f"http://127.0.0.1:{runner.addresses[0][1]}", session)

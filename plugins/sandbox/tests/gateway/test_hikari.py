"""Unmodified hikari on the sandbox's gateway."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import hikari
import pytest
from hikari.api import GatewayCompression
from hikari.impl import shard as hikari_shard

from coreops_sandbox.gateway import GatewayOptions
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.seed import SEED
from coreops_sandbox.world.world import bot_token

LIMIT_S = 10.0
_Event = TypeVar("_Event", bound=hikari.Event)


@dataclass
class Robot:
    """A running bot, and everything it was told."""

    app: hikari.GatewayBot
    sandbox: Sandbox
    actions: Actions
    events: asyncio.Queue[hikari.Event]
    heard: list[str | None]

    async def next(self, kind: type[_Event]) -> _Event:
        """The next event of that kind, past others."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                event = await self.events.get()
                if isinstance(event, kind):
                    return event

    async def hear(self, last: str) -> list[str | None]:
        """The texts of all messages so far, once one says ``last``."""
        while last not in self.heard:
            await self.next(hikari.MessageCreateEvent)
        return self.heard


Start = Callable[..., Awaitable[Robot]]


@pytest.fixture
async def start(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Starts a sandbox and a bot on it; both end with the test."""
    # Only hikari's patience is shortened: it waits a second or two before it connects again.
    monkeypatch.setattr(hikari_shard, "_BACKOFF_WINDOW", 0.0)
    async with AsyncExitStack() as stack:

        async def run(*, intents: hikari.Intents = hikari.Intents.ALL, **options: Any) -> Robot:
            sandbox = await stack.enter_async_context(Sandbox(gateway=GatewayOptions(**options)))
            app = hikari.GatewayBot(sandbox.token, rest_url=sandbox.rest_url, intents=intents, banner=None, logs=None)
            events: asyncio.Queue[hikari.Event] = asyncio.Queue()
            heard: list[str | None] = []

            async def listen(event: hikari.Event) -> None:
                events.put_nowait(event)
                if isinstance(event, hikari.MessageCreateEvent):
                    heard.append(event.content)

            app.subscribe(hikari.Event, listen)
            async with asyncio.timeout(LIMIT_S):
                await app.start(check_for_updates=False)
            stack.push_async_callback(_close, app)
            return Robot(app, sandbox, Actions(sandbox.world), events, heard)

        yield run


async def _close(app: hikari.GatewayBot) -> None:
    if app.is_alive:
        await app.close()


async def test_the_bot_starts_and_finds_its_guild(start: Start) -> None:
    robot = await start()
    assert (await robot.next(hikari.ShardReadyEvent)).my_user.id == int(SEED.bot)
    available = await robot.next(hikari.GuildAvailableEvent)
    assert (available.guild.id, available.guild.name) == (int(SEED.guild), "CoreOps Sandbox")
    await robot.next(hikari.StartedEvent)
    assert set(map(str, available.channels)) == {SEED.general, SEED.ops, SEED.log, SEED.recruiters, SEED.tickets}


async def test_a_message_is_answered_and_the_control_api_returns_the_answer(start: Start) -> None:
    robot = await start()

    async def answer(event: hikari.GuildMessageCreateEvent) -> None:
        if event.is_human:
            await event.message.respond(f"{event.author.username} said {event.content}", reply=True)

    robot.app.subscribe(hikari.GuildMessageCreateEvent, answer)
    body = {"as": "admin", "channel": "ops", "content": "hello"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{robot.sandbox.url}/sandbox/say", json=body) as response,
    ):
        data = await response.json()
    assert [reply["content"] for reply in data["replies"]] == ["admin said hello"]


@pytest.mark.parametrize(
    "compression",
    [
        None,
        GatewayCompression.TRANSPORT_ZLIB_STREAM,
        GatewayCompression.TRANSPORT_ZSTD_STREAM,
        GatewayCompression.PAYLOAD_ZLIB_STREAM,
    ],
)
async def test_every_compression_of_hikari_is_spoken(
    start: Start, compression: GatewayCompression | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if compression is GatewayCompression.TRANSPORT_ZSTD_STREAM:
        pytest.importorskip("backports.zstd")
    monkeypatch.setitem(hikari_shard.GatewayShardImpl.__init__.__kwdefaults__, "compression", compression)
    robot = await start()
    texts = [f"{number} {'x' * 1500}" for number in range(50)]
    for text in texts:
        robot.actions.say("user", "general", text)
    assert await robot.hear(texts[-1]) == texts


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("gateway.drop", {}),
        ("gateway.reconnect", {}),
        ("gateway.invalid_session", {"resumable": True}),
        ("gateway.close", {"code": 4000}),
        ("gateway.close", {"code": 4009}),
    ],
)
async def test_hikari_resumes_without_losing_or_doubling_events(
    start: Start, name: str, params: dict[str, Any]
) -> None:
    robot = await start()
    robot.actions.say("user", "general", "one")
    robot.sandbox.faults.add(name, params)
    robot.actions.say("user", "general", "two")
    await robot.next(hikari.ShardResumedEvent)
    robot.actions.say("user", "general", "three")
    assert await robot.hear("three") == ["one", "two", "three"]
    assert robot.sandbox.world.identifies == 1


@pytest.mark.parametrize(
    ("name", "params"), [("gateway.invalid_session", {"resumable": False}), ("gateway.close", {"code": 1001})]
)
async def test_hikari_identifies_anew_when_its_session_is_gone(start: Start, name: str, params: dict[str, Any]) -> None:
    robot = await start()
    await robot.next(hikari.ShardReadyEvent)
    robot.sandbox.faults.add(name, params)
    await robot.next(hikari.ShardReadyEvent)
    robot.actions.say("user", "general", "hello again")
    await robot.hear("hello again")
    assert robot.sandbox.world.identifies == 2


@pytest.mark.parametrize("name", ["gateway.no_ack", "gateway.freeze"])
async def test_hikari_notices_missing_acknowledgements_and_resumes(start: Start, name: str) -> None:
    robot = await start(heartbeat=0.2)
    fault = robot.sandbox.faults.add(name)
    await robot.next(hikari.ShardDisconnectedEvent)
    robot.sandbox.faults.remove(fault.id)
    await robot.next(hikari.ShardResumedEvent)
    assert robot.sandbox.world.identifies == 1


async def test_hikari_keeps_trying_while_the_gateway_refuses(start: Start) -> None:
    robot = await start()
    refusal = robot.sandbox.faults.add("gateway.refuse", count=2)
    robot.sandbox.faults.add("gateway.drop")
    await robot.next(hikari.ShardResumedEvent)
    assert refusal.hits == 2


async def test_garbage_ends_hikaris_shard(start: Start) -> None:
    robot = await start()
    robot.sandbox.faults.add("gateway.garbage")
    with pytest.raises(ValueError, match=r"JSON|unexpected end of data"):
        await asyncio.wait_for(robot.app.shards[0].join(), LIMIT_S)


async def test_a_token_that_was_exchanged_ends_the_shard_with_4004(start: Start) -> None:
    robot = await start()
    robot.sandbox.world.token = "another"
    robot.sandbox.faults.add("gateway.drop")
    with pytest.raises(hikari.GatewayServerClosedConnectionError) as caught:
        await asyncio.wait_for(robot.app.shards[0].join(), LIMIT_S)
    assert caught.value.code == 4004


async def test_a_wrong_token_does_not_start(sandbox: Sandbox) -> None:
    app = hikari.GatewayBot(bot_token("42"), rest_url=sandbox.rest_url, banner=None, logs=None)
    with pytest.raises(hikari.UnauthorizedError):
        await app.start(check_for_updates=False)
    await app.close()


async def test_privileged_intents_that_are_not_enabled_end_the_start_with_4014(sandbox: Sandbox) -> None:
    sandbox.world.application.flags = 0
    app = hikari.GatewayBot(
        sandbox.token, rest_url=sandbox.rest_url, intents=hikari.Intents.ALL, banner=None, logs=None
    )
    with pytest.raises(hikari.GatewayServerClosedConnectionError) as caught:
        await app.start(check_for_updates=False)
    await app.close()
    assert caught.value.code == 4014


async def test_members_come_on_request_and_the_presence_arrives(start: Start) -> None:
    robot = await start(intents=hikari.Intents.GUILDS | hikari.Intents.GUILD_MEMBERS)
    chunk = await robot.next(hikari.MemberChunkEvent)  # hikari asks by itself
    assert len(chunk.members) == len(robot.sandbox.world.home.members)
    changed = asyncio.Event()
    robot.sandbox.world.notices.subscribe(lambda notice: changed.set() if notice.kind == "bot" else None)
    await robot.app.update_presence(status=hikari.Status.IDLE, activity=hikari.Activity(name="watching"))
    await asyncio.wait_for(changed.wait(), LIMIT_S)
    presence = robot.sandbox.gateway.status().presence
    assert presence is not None
    assert (presence["status"], presence["activities"][0]["name"]) == ("idle", "watching")


async def test_a_closing_bot_goes_offline_at_once_and_a_stopping_sandbox_says_1001(start: Start) -> None:
    robot = await start()
    assert robot.sandbox.gateway.status().sessions == 1
    await robot.app.close()
    assert list(robot.sandbox.gateway._sessions) == []


async def test_hikari_opens_no_connection_beyond_this_machine(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def resolving(host: Any, *args: Any, **kwargs: Any) -> Any:
        asked.add(str(host))
        return resolve(host, *args, **kwargs)

    def connecting(self: socket.socket, address: Any) -> None:
        asked.add(str(address[0]))
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    monkeypatch.setattr(socket.socket, "connect", connecting)
    robot = await start()
    robot.actions.say("user", "general", "hello")
    await robot.hear("hello")
    await robot.app.close()
    assert asked <= {"127.0.0.1", "None", "localhost"}
    assert asked

"""The connection to Discord, over the sandbox's sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import hikari
import pytest
from yarl import URL

from coreops.gateway.app import Gateway
from coreops.gateway.patience import Pace
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import Capability, HealthStatus, Listener, Losses, PluginState
from coreops_hookspecs.errors import ConfigError, DeclarationError
from coreops_hookspecs.telemetry import Event, GatewayChanged
from coreops_sandbox.chat import Chat
from coreops_sandbox.gateway import GatewayOptions
from coreops_sandbox.server import Sandbox
from coreops_shared.clock import SystemClock
from coreops_shared.redact import Secret


class Line:
    """A gateway on a sandbox, and what it tells."""

    def __init__(
        self, sandbox: Sandbox, token: str | None = None, rest_url: str | None = None, pace: Pace | None = None
    ) -> None:
        self.events: list[Event] = []
        self.faults: list[Fault] = []
        self.servers: list[asyncio.Server] = []
        self._told = asyncio.Event()
        states = PluginStates(SystemClock(), lambda old, new: None)
        states.discover("demo")
        states.change("demo", PluginState.ACTIVE)
        self.gateway = Gateway(
            Secret(token or sandbox.token),
            rest_url or sandbox.rest_url,
            guard=Guard(SystemClock(), states, self.faults.append),
            clock=SystemClock(),
            publish=self._publish,
            pace=pace,
        )

    def _publish(self, event: Event) -> None:
        self.events.append(event)
        self._told.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not true():
                self._told.clear()
                await self._told.wait()

    def states(self) -> list[str]:
        return [event.state for event in self.events if isinstance(event, GatewayChanged)]


async def forward(port: int, to: int, line: Line) -> None:
    """Let the sandbox be reached at another port too."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)

    line.servers.append(await asyncio.start_server(serve, "127.0.0.1", port))


@pytest.fixture
async def line() -> AsyncIterator[Callable[..., Line]]:
    made: list[Line] = []
    async with Sandbox(gateway=GatewayOptions(heartbeat=0.2)) as sandbox:

        def make(**more: Any) -> Line:
            one = Line(sandbox, **more)
            one.sandbox = sandbox  # type: ignore[attr-defined]
            made.append(one)
            return one

        yield make
        for one in made:
            await one.gateway.close()
            for server in one.servers:
                server.close()


async def test_connecting_knows_itself_and_shows_life(line: Any) -> None:
    one = line()
    assert not one.gateway.connected
    assert one.gateway.me is None
    await one.gateway.connect()
    assert one.gateway.connected
    assert one.gateway.me is not None
    assert one.states() == ["connected"]
    age = one.gateway.last_event_age()
    assert age is not None
    assert 0 <= age < 5
    async with asyncio.timeout(5):
        while one.gateway.last_ack_age() is None:
            await asyncio.sleep(0.02)
    assert one.gateway.latency is not None


async def test_closing_and_connecting_again_works(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    await one.gateway.close()
    await one.gateway.close()
    assert not one.gateway.connected
    await one.gateway.connect()
    assert one.gateway.connected
    assert one.states() == ["connected", "disconnected", "connected"]


async def test_a_lost_connection_is_resumed_and_told(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    one.sandbox.faults.add("gateway.reconnect")
    await one.until(lambda: "resumed" in one.states())
    assert one.states() == ["connected", "disconnected", "resumed"]


async def test_a_wrong_token_says_what_to_fix(line: Any) -> None:
    one = line(token="MTA5.wrong.token")
    with pytest.raises(ConfigError, match="DISCORD_TOKEN; copy the bot's token anew"):
        await one.gateway.connect()


async def test_a_refused_intent_says_what_to_switch_on(line: Any) -> None:
    one = line()
    one.sandbox.world.application.flags = 0
    with pytest.raises(ConfigError, match="Message Content Intent"):
        await one.gateway.connect()


async def test_a_connection_ended_for_good_is_told_to_whoever_waits(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    waiting = asyncio.create_task(one.gateway.closed())
    one.sandbox.faults.add("gateway.close", {"code": 4004, "reason": "Authentication failed."})
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        await asyncio.wait_for(waiting, 5)


async def test_waiting_ends_quietly_when_we_close(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    waiting = asyncio.create_task(one.gateway.closed())
    await asyncio.sleep(0)
    await one.gateway.close()
    await asyncio.wait_for(waiting, 5)


async def test_an_unreachable_discord_is_tried_again_until_it_is_there(line: Any, unused_tcp_port: int) -> None:
    one = line(rest_url=f"http://127.0.0.1:{unused_tcp_port}/api/v10", pace=Pace(first=0.05, attempt=0.5))
    connecting = asyncio.create_task(one.gateway.connect())
    await one.until(lambda: one.states() == ["unreachable"])
    health = one.gateway.health()
    assert health.status is HealthStatus.DOWN
    assert "discord did not let us in within 0.5 s" in health.detail
    assert "tried 1 times since" in health.detail
    port = URL(one.sandbox.url).port
    assert port is not None
    await forward(unused_tcp_port, port, one)
    await asyncio.wait_for(connecting, 10)
    assert one.gateway.health().status is HealthStatus.OK
    assert one.states() == ["unreachable", "connected"]


async def test_giving_up_a_start_leaves_no_task_of_hikari_behind(line: Any) -> None:
    one = line()
    one.sandbox.faults.add("gateway.refuse")
    connecting = asyncio.create_task(one.gateway.connect())
    async with asyncio.timeout(5):
        while not any("keep alive" in task.get_name() for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)
    connecting.cancel()
    await asyncio.wait([connecting])
    assert not [task for task in asyncio.all_tasks() if "shard" in task.get_name()]
    assert not one.gateway.bot.is_alive


async def test_a_handshake_that_hangs_is_given_up_and_tried_again(line: Any) -> None:
    one = line(pace=Pace(first=0.05, attempt=0.5))
    fault = one.sandbox.faults.add("gateway.freeze")
    connecting = asyncio.create_task(one.gateway.connect())
    await one.until(lambda: "unreachable" in one.states())
    assert "did not let us in within 0.5 s" in one.gateway.health().detail
    one.sandbox.faults.remove(fault.id)
    await asyncio.wait_for(connecting, 10)
    assert one.gateway.connected


async def test_a_restart_opens_a_new_session_and_counts_what_may_be_lost(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    keeping = asyncio.create_task(one.gateway.closed())
    await asyncio.sleep(0)
    await one.gateway.keeper.drop()
    await one.until(lambda: one.states() == ["connected", "disconnected", "connected"])
    assert one.gateway.losses().sessions == 1
    await one.gateway.close()
    await asyncio.wait_for(keeping, 5)


async def test_breaking_off_resumes_although_nothing_arrives(line: Any) -> None:
    one = line()
    await one.gateway.connect()
    one.gateway.break_off("a test asks for it")
    await one.until(lambda: one.states() == ["connected", "disconnected", "resumed"])
    assert one.gateway.losses() == Losses()


async def test_plugins_listeners_are_called_through_the_guard_until_they_are_removed(line: Any) -> None:
    one = line()
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(event: hikari.GuildMessageCreateEvent) -> None:
        heard.put_nowait(event.content or "")
        if event.content == "break":
            msg = "broken"
            raise RuntimeError(msg)

    async def unused(ctx: Any, event: Any) -> None: ...

    remove = one.gateway.add_listener("demo", Listener(hikari.GuildMessageCreateEvent, unused), hear)
    await one.gateway.connect()
    async with Chat(one.sandbox.url, timeout=0.1) as chat:
        await chat.say("hello")
        assert await asyncio.wait_for(heard.get(), 5) == "hello"
        await chat.say("break")
        await asyncio.wait_for(heard.get(), 5)
        remove()
        remove()
        await chat.say("gone")
    assert heard.empty()
    assert [fault.what for fault in one.faults] == ["demo listener for GuildMessageCreateEvent"]


def test_intents_follow_what_plugins_need(line: Any) -> None:
    async def unused(*_: Any) -> None: ...

    one = line()
    one.gateway.add_listener("demo", Listener(hikari.ReactionAddEvent, unused), unused)
    intents = one.gateway.bot.intents
    assert intents & hikari.Intents.GUILD_MESSAGE_REACTIONS
    assert intents & hikari.Intents.MESSAGE_CONTENT
    assert not intents & hikari.Intents.GUILD_MEMBERS
    other = line()
    other.gateway.require({Capability.MEMBERS})
    assert other.gateway.bot.intents & hikari.Intents.GUILD_MEMBERS


def test_a_listener_that_comes_too_late_for_its_intent_is_refused(line: Any) -> None:
    async def unused(*_: Any) -> None: ...

    one = line()
    assert one.gateway.bot
    with pytest.raises(DeclarationError, match=r"needs the intent GUILD_MEMBERS.*restart the runtime"):
        one.gateway.add_listener("demo", Listener(hikari.MemberCreateEvent, unused), unused)
    one.gateway.add_listener("demo", Listener(hikari.GuildMessageCreateEvent, unused), unused)


def test_messages_are_not_cached(line: Any) -> None:
    settings = line().gateway.bot.cache.settings
    assert not settings.components & hikari.api.CacheComponents.MESSAGES
    assert settings.only_my_member

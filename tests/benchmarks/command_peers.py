"""Four bots that take commands, each fed as its web socket feeds it: ours, discord.py bare and careful, lightbulb."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import hikari
import lightbulb
import orjson
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from gateway_frames import BOT, MESSAGE_ANSWER, RESPONSE_ANSWER, guild
from hikari.impl import shard as hikari_shard

from coreops.commands import flood
from coreops.commands.access import AccessPolicy
from coreops.commands.room import CommandRoom, RoomNeeds
from coreops.gateway.app import Gateway
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import AccessRule, Command, PluginState, Tier
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.seed import SEED
from coreops_shared.clock import SystemClock
from coreops_shared.redact import Secret

__all__ = ["Counter", "Feed", "answer_at_once", "careful_discord_py", "coreops", "discord_py", "lightbulb_as_shipped"]

Feed = Callable[[bytes, int], Awaitable[None]]
"""Takes one payload so many times, from the web socket on."""


class Counter:
    """Counts what is measured and tells when a batch is through."""

    def __init__(self) -> None:
        self.count = self.wanted = 0
        self.through = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        if self.count >= self.wanted:
            self.through.set()

    def expect(self, count: int) -> None:
        self.count, self.wanted = 0, count
        self.through.clear()


class Drained(Exception):
    """The socket has nothing more."""


class Socket:
    """A web socket that has received so many equal frames."""

    def __init__(self, data: bytes | str, count: int) -> None:
        self._frame = aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, data, None)
        self._left = count

    async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:
        self._left -= 1
        if self._left < 0:
            raise Drained
        return self._frame


def into_hikari(shard: Any, loads: Callable[[bytes], Any]) -> Feed:
    """Return what runs hikari's own loop over received frames, on a shard."""
    transport = hikari_shard._GatewayBasicTransport
    logger = logging.getLogger("hikari.gateway")

    async def feed(raw: bytes, count: int) -> None:
        real = shard._ws
        shard._ws = transport(
            ws=Socket(raw, count),  # type: ignore[arg-type]
            exit_stack=None,  # type: ignore[arg-type]
            logger=logger,
            log_filterer=lambda text: text,
            loads=loads,
            dumps=orjson.dumps,
        )
        try:
            await shard._poll_events()
        except Drained:
            pass
        finally:
            shard._ws = real

    return feed


async def answer_at_once(counter: Counter) -> None:
    """Let Discord's REST API answer at once for all bots made here, and count its calls."""

    async def hikaris(_self: object, route: Any, **_: object) -> Any:
        counter()
        return RESPONSE_ANSWER if "interaction" in route.compiled_path else MESSAGE_ANSWER

    async def discord_pys(_self: object, _route: object, **_: object) -> Any:
        counter()
        return MESSAGE_ANSWER

    hikari.impl.RESTClientImpl._request = hikaris  # type: ignore[assignment,method-assign]
    discord.http.HTTPClient.request = discord_pys  # type: ignore[method-assign]


def commands_of(counter: Counter) -> Sequence[type[lightbulb.SlashCommand]]:
    """Return one command that does nothing and one that answers."""

    class Bench(lightbulb.SlashCommand, name="bench", description="Do nothing"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            counter()

    class Ping(lightbulb.SlashCommand, name="ping", description="Answer"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("pong")

    return Bench, Ping


class Silent:
    """A logger that writes nowhere, as the structured one does below its level."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


@dataclass
class Runtime:
    """A connected command room."""

    gateway: Gateway
    feed: Feed


async def coreops(sandbox: Sandbox, counter: Counter) -> Runtime:
    """Return the runtime's gateway and command room, connected, with a record made of every command."""
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    guard = Guard(clock, states, lambda _fault: None)
    gateway = Gateway(
        Secret(sandbox.token),
        sandbox.rest_url,
        guard=guard,
        clock=clock,
        publish=lambda _event: None,
        prefixes=("!",),
    )
    log: Any = Silent()
    policy = AccessPolicy(staff_roles=frozenset({int(SEED.staff_role)}))

    async def unanswered(_plugin: str, _ctx: lightbulb.Context, _error: BaseException) -> bool:
        return False

    room = CommandRoom(
        RoomNeeds(
            guard=guard,
            toggles=SimpleNamespace(enabled=lambda _name: True),  # type: ignore[arg-type]
            policy=lambda: policy,
            authorize=lambda _request: None,
            objectors=lambda: False,  # as long as no plugin has that hook
            command_error=unanswered,
            context_for=lambda name: SimpleNamespace(plugin=name),  # type: ignore[arg-type,return-value]
            audit=lambda _record: None,
            clock=clock,
            log=log,
            versions={},
            store=SimpleNamespace(),  # nothing waits for a second person
            flood=lambda: flood.FloodLimits(1e9, 1e9),  # this is one
        )
    )
    for each in commands_of(counter):
        room.tree.add("bench", Command(each, access=AccessRule(Tier.STAFF)))
    room.attach(gateway.bot, gateway.hear)
    await gateway.connect()
    await room.start()
    return Runtime(gateway, into_hikari(gateway.bot.shards[0], gateway._pulse.loads))


class Careful(commands.Bot):
    """ext.commands with what the runtime does for every command: access, a deadline, a trace, a record."""

    served: frozenset[int] = frozenset()
    on: frozenset[str] = frozenset({"bench", "ping"})
    staff: frozenset[int] = frozenset({int(SEED.staff_role)})
    trace: ContextVar[str] = ContextVar("trace")

    async def check_access(self, ctx: commands.Context[Any]) -> bool:
        if ctx.guild is None or (self.served and ctx.guild.id not in self.served):
            return False
        roles = {role.id for role in getattr(ctx.author, "roles", ())}
        return ctx.command is not None and ctx.command.name in self.on and bool(roles & self.staff)

    async def invoke(self, ctx: commands.Context[Any]) -> None:
        self.trace.set(f"{random.getrandbits(128):032x}")
        began = time.monotonic()
        async with asyncio.timeout(60):
            await super().invoke(ctx)
        ctx.record = {  # type: ignore[attr-defined]
            "at": datetime.now(UTC),
            "trace": self.trace.get(),
            "command": str(ctx.command),
            "actor": f"user:{ctx.author.id}",
            "channel": ctx.channel.id,
            "outcome": "failed" if ctx.command_failed else "ok",
            "duration": time.monotonic() - began,
        }


async def discord_py(counter: Counter) -> Feed:
    """Return what feeds discord.py's ext.commands."""
    return await into_discord_py(
        commands.Bot(command_prefix="!", intents=discord.Intents.all(), help_command=None), counter
    )


async def careful_discord_py(counter: Counter) -> Feed:
    """Return what feeds discord.py's ext.commands with the runtime's care in its own idiom."""
    bot = Careful(command_prefix="!", intents=discord.Intents.all(), help_command=None)
    bot.add_check(bot.check_access)
    return await into_discord_py(bot, counter)


async def into_discord_py(bot: commands.Bot, counter: Counter) -> Feed:
    """Return what runs discord.py's own loop over received frames, with the guild in its cache."""
    await bot._async_setup_hook()

    @bot.command()  # type: ignore[arg-type]
    async def bench(ctx: commands.Context[Any]) -> None:
        counter()

    @bot.command()  # type: ignore[arg-type]
    async def ping(ctx: commands.Context[Any]) -> None:
        await ctx.send("pong")

    state = bot._connection
    state.user = discord.ClientUser(state=state, data=BOT)  # type: ignore[arg-type]
    state._add_guild_from_data(guild())  # type: ignore[arg-type]
    gateway = DiscordWebSocket(None, loop=bot.loop)  # type: ignore[arg-type]
    gateway._connection = state
    gateway._discord_parsers = state.parsers
    gateway._dispatch = bot.dispatch
    gateway._keep_alive = None
    gateway._max_heartbeat_timeout = 60.0
    gateway.shard_id = 0

    async def feed(raw: bytes, count: int) -> None:
        gateway.socket = Socket(raw.decode(), count)  # type: ignore[assignment]
        try:
            while True:
                await gateway.poll_event()
        except Drained:
            pass

    return feed


async def lightbulb_as_shipped(sandbox: Sandbox, counter: Counter, shard: Any) -> tuple[hikari.GatewayBot, Feed]:
    """Return lightbulb as shipped, on a bot of its own, and what feeds it."""
    bot = hikari.GatewayBot(sandbox.token, banner=None, rest_url=sandbox.rest_url, logs=None)
    client = lightbulb.client_from_app(bot, sync_commands=False)
    for each in commands_of(counter):
        client.register(each)
    bot.rest.start()
    await client.start()
    return bot, into_other(shard, bot)


def into_other(shard: Any, bot: hikari.GatewayBot) -> Feed:
    """Return what runs hikari's loop for a bot that is not connected, on the shard of one that is."""
    feed_it = into_hikari(shard, orjson.loads)

    async def feed(raw: bytes, count: int) -> None:
        ours, shard._event_manager = shard._event_manager, bot.event_manager
        try:
            await feed_it(raw, count)
        finally:
            shard._event_manager = ours

    return feed

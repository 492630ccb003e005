"""From a gateway frame's bytes to a command's handler, beside discord.py and lightbulb as shipped, in one process.

Run with ``make bench``. Prints ratios; gates nothing. Discord is the sandbox, used for the set-up only: frames are
handed to the decoder and to hikari's event manager as hikari's shard does. Ours reads, checks the access, watches the
time and makes a record; ``discord.py+`` is ext.commands with the same four in its own idiom, ``discord.py`` without.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import discord
import hikari
import lightbulb
import orjson
from discord.ext import commands
from discord.gateway import DiscordWebSocket

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

ROUNDS = 30
FRAMES = 100

Feed = Callable[[bytes], Awaitable[None]]


class Handled:
    """Counts handlers and tells when a batch is through."""

    def __init__(self) -> None:
        self.count = 0
        self.wanted = 0
        self.through = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        if self.count >= self.wanted:
            self.through.set()

    def expect(self, count: int) -> None:
        self.count, self.wanted = 0, count
        self.through.clear()


class Silent:
    """A logger that writes nowhere, as the structured one does below its level."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


USER = {
    "id": SEED.user,
    "username": "user",
    "discriminator": "0",
    "global_name": "User",
    "avatar": "a" * 32,
    "avatar_decoration_data": None,
    "public_flags": 0,
}
MEMBER = {
    "nick": None,
    "avatar": None,
    "banner": None,
    "roles": [SEED.staff_role],
    "joined_at": "2023-03-27T19:50:51.220000+00:00",
    "premium_since": None,
    "deaf": False,
    "mute": False,
    "flags": 0,
    "pending": False,
    "communication_disabled_until": None,
    "unusual_dm_activity_until": None,
}


def message(content: str) -> bytes:
    """Return a MESSAGE_CREATE of about 1.1 kB."""
    data = {
        "type": 0,
        "tts": False,
        "timestamp": "2026-11-23T18:49:10.302000+00:00",
        "pinned": False,
        "nonce": "1574497053529079809",
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "member": MEMBER,
        "id": "1574497053529079808",
        "flags": 0,
        "embeds": [],
        "edited_timestamp": None,
        "content": content,
        "components": [],
        "channel_type": 0,
        "channel_id": SEED.ops,
        "author": USER,
        "attachments": [],
        "guild_id": SEED.guild,
    }
    return json.dumps({"t": "MESSAGE_CREATE", "s": 7, "op": 0, "d": data}).encode()


def interaction(name: str) -> bytes:
    """Return an INTERACTION_CREATE of a slash command."""
    data = {
        "version": 1,
        "type": 2,
        "token": "t" * 180,
        "member": {**MEMBER, "permissions": "2248473465835073", "user": USER},
        "locale": "en-US",
        "id": "1574497053529079808",
        "guild_locale": "en-US",
        "guild_id": SEED.guild,
        "guild": {"locale": "en-US", "id": SEED.guild, "features": []},
        "entitlements": [],
        "entitlement_sku_ids": [],
        "data": {"type": 1, "name": name, "id": "1574497053529079801"},
        "context": 0,
        "channel_id": SEED.ops,
        "channel": {
            "type": 0,
            "permissions": "2248473465835073",
            "id": SEED.ops,
            "name": "ops",
            "guild_id": SEED.guild,
        },
        "authorizing_integration_owners": {"0": SEED.guild},
        "attachment_size_limit": 10485760,
        "application_id": SEED.application,
        "app_permissions": "2248473465835073",
    }
    return json.dumps({"t": "INTERACTION_CREATE", "s": 7, "op": 0, "d": data}).encode()


def command(handled: Handled) -> type[lightbulb.SlashCommand]:
    class Bench(lightbulb.SlashCommand, name="bench", description="Do nothing"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            handled()

    return Bench


def into(loads: Callable[[bytes], Any], manager: Any, shard: Any) -> Feed:
    """Return what takes a frame as hikari's shard does."""

    async def feed(raw: bytes) -> None:
        payload = loads(raw)
        if payload["op"] == 0:
            try:  # noqa: SIM105 - as hikari does; a context manager costs more than what is measured
                manager.consume_raw_event(payload["t"], shard, payload["d"])
            except LookupError:
                pass

    return feed


async def ours(sandbox: Sandbox, handled: Handled) -> tuple[Gateway, Feed]:
    """Return a connected runtime's command room and what feeds it."""
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    guard = Guard(clock, states, lambda _fault: None)
    gateway = Gateway(
        sandbox.token, sandbox.rest_url, guard=guard, clock=clock, publish=lambda _event: None, prefixes=("!",)
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
        )
    )
    room.tree.add("bench", Command(command(handled), access=AccessRule(Tier.STAFF)))
    flood._USER = flood._GUILD = (1e9, 1e9)  # type: ignore[misc]  # this is one
    room.attach(gateway.bot, gateway.hear)
    await gateway.connect()
    await room.start()
    loads = gateway._pulse.loads
    return gateway, into(loads, gateway.bot.event_manager, gateway.bot.shards[0])


class Careful(commands.Bot):
    """ext.commands with what the runtime does for every command: access, a deadline, a trace, a record."""

    served: frozenset[int] = frozenset()
    on: frozenset[str] = frozenset({"bench"})
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


async def discord_py(sandbox: Sandbox, handled: Handled, *, careful: bool = False) -> Feed:
    """Return what feeds discord.py's ext.commands, as its web socket does, with the guild in its cache."""
    bot: commands.Bot
    if careful:
        bot = made = Careful(command_prefix="!", intents=discord.Intents.all(), help_command=None)
        bot.add_check(made.check_access)
    else:
        bot = commands.Bot(command_prefix="!", intents=discord.Intents.all(), help_command=None)
    await bot._async_setup_hook()

    @bot.command()  # type: ignore[arg-type]
    async def bench(ctx: commands.Context[Any]) -> None:
        handled()

    state = bot._connection
    state.user = discord.ClientUser(state=state, data={**USER, "id": SEED.bot})  # type: ignore[typeddict-item]
    guild = await sandbox_guild(sandbox)
    state._add_guild_from_data(guild)
    socket = DiscordWebSocket(None, loop=bot.loop)  # type: ignore[arg-type]
    socket._connection = state
    socket._discord_parsers = state.parsers
    socket._dispatch = bot.dispatch
    socket._keep_alive = None
    socket.shard_id = 0

    async def feed(raw: bytes) -> None:
        await socket.received_message(raw.decode())

    return feed


async def sandbox_guild(sandbox: Sandbox) -> Any:
    """Return the sandbox's guild as GUILD_CREATE has it."""
    everyone = {"id": SEED.guild, "name": "@everyone", "permissions": "2248473465835073", "position": 0}
    role = {**everyone, "color": 0, "colors": {"primary_color": 0}, "hoist": False, "managed": False}
    role |= {"mentionable": False, "flags": 0}
    channel = {"id": SEED.ops, "name": "ops", "type": 0, "position": 0, "permission_overwrites": []}
    return {
        "id": SEED.guild,
        "name": "bench",
        "owner_id": SEED.owner,
        "roles": [role, {**role, "id": SEED.staff_role, "name": "staff", "position": 1}],
        "channels": [channel],
        "members": [{**MEMBER, "user": USER}, {**MEMBER, "user": {**USER, "id": SEED.bot, "bot": True}}],
        "emojis": [],
        "features": [],
        "threads": [],
        "member_count": 2,
    }


async def stock(sandbox: Sandbox, handled: Handled, shard: Any) -> tuple[hikari.GatewayBot, Feed]:
    """Return lightbulb as shipped, on a bot of its own, and what feeds it."""
    bot = hikari.GatewayBot(sandbox.token, banner=None, rest_url=sandbox.rest_url, logs=None)
    client = lightbulb.client_from_app(bot, sync_commands=False)
    client.register(command(handled))
    bot.rest.start()
    await client.start()
    return bot, into(orjson.loads, bot.event_manager, shard)


async def timed(feed: Feed, raw: bytes, handled: Handled | None) -> float:
    """Return microseconds per frame of one batch; with ``handled``, until every handler was entered."""
    if handled is not None:
        handled.expect(FRAMES)
    began = time.perf_counter()
    for _ in range(FRAMES):
        await feed(raw)
    if handled is not None:
        async with asyncio.timeout(30):
            await handled.through.wait()
    spent = (time.perf_counter() - began) / FRAMES * 1e6
    await asyncio.sleep(0.01)  # what goes on after the handler is not counted here for anybody
    return spent


async def main() -> None:
    """Measure in interleaved batches and print the medians."""
    handled = Handled()
    async with Sandbox() as sandbox:
        gateway, mine = await ours(sandbox, handled)
        peer = await discord_py(sandbox, handled)
        careful = await discord_py(sandbox, handled, careful=True)
        bot, shipped = await stock(sandbox, handled, gateway.bot.shards[0])
        miss, hit, slash = (
            message("hello there, how is everybody doing today?"),
            message("!bench"),
            interaction("bench"),
        )
        cases = (
            ("chat", miss, None, mine, "discord.py", peer, 0.12),
            ("prefix", hit, handled, mine, "discord.py+", careful, 0.45),
            ("bare", hit, handled, mine, "discord.py", peer, 0.45),
            ("slash", slash, handled, mine, "lightbulb", shipped, 0.5),
        )
        gc.collect()
        gc.freeze()
        for name, raw, counted, feed, other, their_feed, aim in cases:
            figures: tuple[list[float], list[float]] = ([], [])
            for _ in range(ROUNDS):
                figures[0].append(await timed(feed, raw, counted))
                figures[1].append(await timed(their_feed, raw, counted))
            us, their_us = (statistics.median(one) for one in figures)
            print(f"{name:>8}: {us:7.2f} us, {other} {their_us:7.2f} us, ratio {us / their_us:.3f} (aim {aim})")
        await gateway.close()
        await bot.rest.close()


if __name__ == "__main__":
    asyncio.run(main())

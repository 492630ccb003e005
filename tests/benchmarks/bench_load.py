"""Five hundred commands a second, half typed and half slash, for us and for a bare bot of hikari and lightbulb.

Each bot is a process of its own on one core; the local Discord, which also types, runs on another. Measured is the time
from the event being sent to the call that answers it, as Discord sees it. Ours does what the bare one does not: it asks
for permissions, traces, logs and counts. In the third round a table of 100,000 rows is read. Gates nothing.

Run it alone: ``python tests/benchmarks/bench_load.py [seconds] [commands a second]``; 10 and 500 without.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from coreops_sandbox.launcher import environment
from coreops_sandbox.rest.ratelimit import Budget, Limits
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.events import Notice

SECONDS, RATE = 10.0, 500
GRACE = 5.0
"""Seconds in which late answers still count."""
WARM = 1.0
"""Seconds at the beginning that are not measured."""
ROWS = 100_000
BOT_CORE = {max(os.sched_getaffinity(0))}
_UNLIMITED = Budget(10**9, 1.0)
LIMITS = Limits(requests=_UNLIMITED, other=_UNLIMITED, routes={}, daily_creates=10_000)

PLUGIN = """
    import asyncio
    from dataclasses import dataclass
    from datetime import timedelta
    import lightbulb
    from coreops_hookspecs import BucketSpec, Command, PluginContext, PluginInfo, access, hookimpl

    @dataclass(frozen=True)
    class Row:
        key: str
        a: str = ""
        b: int = 0

    @access.user
    class Beat(lightbulb.SlashCommand, name="beat", description="answers"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("beat")

    @access.user
    class Again(lightbulb.SlashCommand, name="again", description="reads the table once more"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
            core.tasks.start(_again(core), name="again")
            await ctx.respond("reading")

    async def _again(core) -> None:
        await asyncio.sleep(2)
        await core.cache.refresh_now("load", actor="user:1")

    @hookimpl
    def coreops_plugin_info():
        return PluginInfo.load(__name__)

    @hookimpl
    def coreops_cache_buckets():
        return [BucketSpec("load", "RECRUITMENT_SHEET_ID", "load", Row, "key", ttl=timedelta(hours=1))]

    @hookimpl
    def coreops_commands():
        return [Command(Beat), Command(Again)]
"""
BARE = """
    import os
    import hikari, lightbulb

    bot = hikari.GatewayBot(
        os.environ["DISCORD_TOKEN"], rest_url=os.environ["COREOPS_DISCORD_REST_URL"], banner=None, logs="ERROR",
        intents=hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT,
    )
    client = lightbulb.client_from_app(bot, default_enabled_guilds=[int(os.environ["GUILD_IDS"])])
    bot.subscribe(hikari.StartingEvent, client.start)

    @client.register
    class Beat(lightbulb.SlashCommand, name="beat", description="answers"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("beat")

    @bot.listen()
    async def typed(event: hikari.GuildMessageCreateEvent) -> None:
        if event.is_human and event.content == "!beat":
            await event.message.respond("beat", reply=event.message, mentions_reply=False)

    bot.run(check_for_updates=False, enable_signal_handlers=True)
"""


@dataclass
class Clock:
    """When each command was sent, and how long its answer took (seconds)."""

    sent: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)

    def send(self, cause: str) -> None:
        self.sent[cause] = time.perf_counter()

    def heard(self, notice: Notice) -> None:
        now, data = time.perf_counter(), notice.data
        cause = data["id"] if notice.kind == "interaction" else (data.get("message_reference") or {}).get("message_id")
        began = self.sent.pop(cause, None) if cause is not None else None
        if began is not None and began - self.begun > WARM:
            self.took.append(now - began)

    def part(self, share: float) -> float:
        return sorted(self.took)[min(int(len(self.took) * share), len(self.took) - 1)] * 1000


async def load(sandbox: Sandbox, seconds: float, rate: int) -> Clock:
    """Send commands at an even pace, whatever becomes of those before, and wait for the last answers."""
    actions, clock = Actions(sandbox.world), Clock()
    forget = sandbox.world.notices.subscribe(clock.heard)
    for number in range(int(seconds * rate)):
        due = clock.begun + number / rate
        while (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        cause = actions.slash("user", "general", "beat") if number % 2 else actions.say("user", "general", "!beat")
        clock.send(cause.id)
        if number % 16 == 0:
            await asyncio.sleep(0)
    with suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            while clock.sent:
                await asyncio.sleep(0.05)
    forget()
    return clock


@asynccontextmanager
async def process(*command: str, env: dict[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("wb") as output:
        made = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **env}, stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL
        )
    os.sched_setaffinity(made.pid, BOT_CORE)
    try:
        yield made
    finally:
        if made.returncode is None:
            made.terminate()
            await made.wait()


def with_beats(place: Path) -> dict[str, str]:
    """Write our plugin as an installed distribution; return settings under which it is found and floods are let in."""
    folder = place / "site"
    (folder / "beats").mkdir(parents=True)
    (folder / "beats" / "__init__.py").write_text(
        dedent(PLUGIN).replace("PluginInfo, access", "PluginContext, PluginInfo, access")
    )
    (folder / "beats" / "coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\nneeds = ["sheets.read"]\n')
    info = folder / "beats-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: beats\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[coreops]\nbeats = beats\n")
    return {"PYTHONPATH": str(folder), "FLOOD_USER": "100000", "FLOOD_SERVER": "100000"}


async def answering(sandbox: Sandbox) -> None:
    """Wait until the bot answers both forms."""
    actions = Actions(sandbox.world)
    async with asyncio.timeout(60):
        while "beat" not in {each.payload()["name"] for each in sandbox.world.application.commands.values()}:
            await asyncio.sleep(0.1)
        clock = Clock(begun=-10.0)
        forget = sandbox.world.notices.subscribe(clock.heard)
        while len(clock.took) < 2:
            clock.send(actions.say("user", "general", "!beat").id)
            await asyncio.sleep(0.5)
        forget()


def told(name: str, clock: Clock) -> None:
    lost = len(clock.sent)
    print(
        f"{name:>26}: p50 {clock.part(0.5):6.1f} ms, p99 {clock.part(0.99):6.1f} ms, "
        f"{len(clock.took)} answers measured, {lost} missing"
    )


async def main(seconds: float, rate: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sample(folder / "workbook")
        (folder / "workbook" / "recruitment" / "load.csv").write_text(
            "key,a,b\n" + "".join(f"k{number},text {number},{number}\n" for number in range(ROWS))
        )
        (folder / "bare.py").write_text(dedent(BARE))
        clocks: dict[str, Clock] = {}
        for kind in ("bare", "ours"):
            async with Sandbox(limits=LIMITS) as sandbox:
                env = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
                if kind == "ours":
                    env |= with_beats(folder)
                command = ("-m", "coreops", "run") if kind == "ours" else (str(folder / "bare.py"),)
                async with process(sys.executable, *command, env=env, log=folder / f"{kind}.log"):
                    await answering(sandbox)
                    clocks[kind] = await load(sandbox, seconds, rate)
                    told(kind, clocks[kind])
                    if kind == "ours":
                        Actions(sandbox.world).say("user", "general", "!again")
                        clocks["reading"] = await load(sandbox, seconds, rate)
                        told("ours, 100k rows read", clocks["reading"])
    ratio = clocks["ours"].part(0.99) / clocks["bare"].part(0.99)
    more = clocks["reading"].part(0.99) - clocks["ours"].part(0.99)
    print(f"{'p99':>26}: ratio {ratio:.2f} (aim 1); the table adds {more:.1f} ms (aim 20)")


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    asyncio.run(main(given[0] if given else SECONDS, int(given[1]) if len(given) > 1 else RATE))

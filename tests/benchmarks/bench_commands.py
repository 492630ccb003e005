"""From a web socket's frame to a command's handler, and on to its reply, beside discord.py and lightbulb as shipped.

Run with ``make bench``. Prints ratios; gates nothing. Each side runs its own loop over received frames. What is counted
is the CPU time of this process, for everything that a frame leads to. The sides take turns in short batches, so that
what else the machine does falls on all alike; of two figures the first is the median of the turns' ratios, the second
the ratio of the best turns.

``discord.py`` is ext.commands bare; ``discord.py+`` checks access, keeps a deadline and a trace and makes a record, as
ours does. ``reply`` goes on from the handler to the call of Discord's REST API, which answers at once.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from dataclasses import dataclass

from command_peers import (
    Counter,
    Feed,
    answer_at_once,
    careful_discord_py,
    coreops,
    discord_py,
    lightbulb_as_shipped,
)
from gateway_frames import interaction, message

from coreops_sandbox.server import Sandbox

ROUNDS = 40
FRAMES = 100
TURNS = 5
"""Turns of the event loop in which what goes on after a handler comes to its end."""


@dataclass
class Case:
    """One comparison; ``counted`` where a batch ends when all of its handlers or replies were seen."""

    name: str
    frame: bytes
    ours: Feed
    peer: str
    theirs: Feed
    aim: float
    counted: bool = True


async def spent(feed: Feed, case: Case, counter: Counter) -> float:
    """Return microseconds of CPU time per frame of one batch."""
    counter.expect(FRAMES)
    began = time.process_time()
    await feed(case.frame, FRAMES)
    if case.counted:
        async with asyncio.timeout(30):
            await counter.through.wait()
    for _ in range(TURNS):
        await asyncio.sleep(0)
    return (time.process_time() - began) / FRAMES * 1e6


async def compare(case: Case, counter: Counter) -> str:
    """Measure both sides in turns and return what came of it."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(await spent(case.ours, case, counter))
        theirs.append(await spent(case.theirs, case, counter))
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return (
        f"{case.name:>12}: {min(ours):7.2f} us, {case.peer:>11} {min(theirs):7.2f} us, "
        f"ratio {statistics.median(ratios):.3f}, best {min(ours) / min(theirs):.3f} (aim {case.aim})"
    )


async def main() -> None:
    """Compare and print."""
    counter = Counter()
    async with Sandbox() as sandbox:
        runtime = await coreops(sandbox, counter)
        bare, careful = await discord_py(counter), await careful_discord_py(counter)
        bot, shipped = await lightbulb_as_shipped(sandbox, counter, runtime.gateway.bot.shards[0])
        await answer_at_once(counter)
        chat = message("hello there, how is everybody doing today?")
        hit, said, slash, asked = message("!bench"), message("!ping"), interaction("bench"), interaction("ping")
        cases = (
            Case("chat", chat, runtime.feed, "discord.py", bare, 0.12, counted=False),
            Case("prefix", hit, runtime.feed, "discord.py", bare, 0.45),
            Case("prefix", hit, runtime.feed, "discord.py+", careful, 0.45),
            Case("prefix reply", said, runtime.feed, "discord.py", bare, 0.45),
            Case("prefix reply", said, runtime.feed, "discord.py+", careful, 0.45),
            Case("slash", slash, runtime.feed, "lightbulb", shipped, 0.5),
            Case("slash reply", asked, runtime.feed, "lightbulb", shipped, 0.5),
        )
        gc.collect()
        gc.freeze()
        for case in cases:
            print(await compare(case, counter), flush=True)
        await runtime.gateway.close()
        await bot.rest.close()


if __name__ == "__main__":
    asyncio.run(main())

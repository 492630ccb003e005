"""Ten minutes of commands, with what the process holds meanwhile: memory, threads, open files. Gates nothing.

``make soak``, or ``python tests/benchmarks/soak.py [seconds] [commands a second]``. The slope is that of a straight
line through the memory of the last four fifths, by least squares; the noise is how far the figures lie from it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench_load import LIMITS, answering, load, process, with_beats

from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample

SECONDS, RATE = 600.0, 50
EVERY = 2.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class Look:
    """What a process holds at a moment: memory in kB."""

    at: float
    memory: int
    threads: int
    files: int


def look(pid: int, at: float) -> Look:
    """Read what Linux says of a process (proc(5))."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.count(":") == 1
    )
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Look(at, int(status["VmRSS"].split()[0]), int(status["Threads"]), files)


async def watch(pid: int, looks: list[Look]) -> None:
    begun = asyncio.get_running_loop().time()
    while True:
        looks.append(look(pid, asyncio.get_running_loop().time() - begun))
        await asyncio.sleep(EVERY)


async def main(seconds: float, rate: int) -> None:
    looks: list[Look] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sample(folder / "workbook")
        async with Sandbox(limits=LIMITS) as sandbox:
            env = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
            env |= with_beats(folder)
            async with process(sys.executable, "-m", "coreops", "run", env=env, log=folder / "log") as bot:
                await answering(sandbox)
                watching = asyncio.create_task(watch(bot.pid, looks))
                clock = await load(sandbox, seconds, rate)
                watching.cancel()
    told(looks, len(clock.took), len(clock.sent))


def told(looks: list[Look], answered: int, missing: int) -> None:
    late = looks[len(looks) // 5 :]
    times, memory = [each.at for each in late], [each.memory / 1024 for each in late]
    slope, start = statistics.linear_regression(times, memory)
    noise = statistics.pstdev(value - (start + slope * at) for at, value in zip(times, memory, strict=True))
    print(f"  answers: {answered}, {missing} missing")
    print(
        f"   memory: {memory[0]:.1f} MB, then {memory[-1]:.1f} MB; {slope * 3600:+.1f} MB an hour, noise {noise:.2f} MB"
    )
    print(f"  threads: {late[0].threads}, then {late[-1].threads}; at most {max(each.threads for each in late)}")
    print(f"    files: {late[0].files}, then {late[-1].files}; at most {max(each.files for each in late)}")


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    asyncio.run(main(given[0] if given else SECONDS, int(given[1]) if len(given) > 1 else RATE))

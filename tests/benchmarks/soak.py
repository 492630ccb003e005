"""Ten minutes of commands, with what the process holds meanwhile: memory, threads, open files. Fails when that grows.

``make soak``, or ``python tests/benchmarks/soak.py [seconds] [commands a second]``.

Judged is the second half: in the first one the rings fill that keep the newest of something (events on the bus,
hikari's messages), SQLite's page cache and the threads. The slope is that of a straight line through the memory, by
least squares; the noise is how far the figures lie from it. Growth is what the slope makes of the time that is judged;
past three times the noise, or one arena of Python's allocator, the exit code is 1, and so it is when threads or files
are more than at any time in the first half.
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
NOISES = 3.0
ARENA = 1.0
"""MB that Python asks of the system at once (``ARENA_SIZE`` of its ``obmalloc``): growth below it cannot be seen."""


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


async def main(seconds: float, rate: int) -> int:
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
    return told(looks, len(clock.took), len(clock.sent))


def told(looks: list[Look], answered: int, missing: int) -> int:
    """Print what was seen, and return the exit code."""
    early, late = looks[: len(looks) // 2], looks[len(looks) // 2 :]
    times, memory = [each.at for each in late], [each.memory / 1024 for each in late]
    slope, start = statistics.linear_regression(times, memory)
    noise = statistics.pstdev(value - (start + slope * at) for at, value in zip(times, memory, strict=True))
    growth, allowed = slope * (times[-1] - times[0]), max(NOISES * noise, ARENA)
    print(f"  answers: {answered}, {missing} missing")
    print(f"   memory: {memory[0]:.1f} MB, then {memory[-1]:.1f} MB; {slope * 3600:+.1f} MB an hour")
    print(f"           grown by {growth:+.2f} MB in the second half, noise {noise:.2f} MB, {allowed:.2f} MB allowed")
    grown = ["memory"] if growth > allowed else []
    for name in ("threads", "files"):
        before, after = (max(getattr(each, name) for each in part) for part in (early, late))
        print(f"{name:>9}: at most {before} in the first half, {after} in the second")
        grown += [name] if after > before else []
    print(f"   grows: {', '.join(grown) or 'nothing'}")
    return 1 if grown or missing else 0


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    sys.exit(asyncio.run(main(given[0] if given else SECONDS, int(given[1]) if len(given) > 1 else RATE)))

"""A thousand reloads of a plugin with every kind of contribution, under a runtime connected to the local Discord.

Prints how long one takes and how much the process has grown after the first fifty; gates nothing. Run with
``make bench``; needs Linux, where a process can read its own size.

The size is that of the whole process, the local Discord included, and what it grows by is room for garbage and for the
rings of latest events, which are full after some hundred reloads. What each reload left behind would go on growing, so
the second half is told apart, and so are the interpreter's living blocks of memory, in which allocators have no part.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from array import array
from pathlib import Path
from shutil import copytree, ignore_patterns

from coreops.testing import boot
from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample, lay_over
from coreops_shared.logging import configure

PLUGIN = Path(__file__).parents[1] / "journeys" / "every_kind"
RELOADS = 1000
WARM = 50
HALF = (WARM + RELOADS) // 2
AIM = 5.0  # MB


def install(site: Path) -> Path:
    """Put the plugin on the path as an installed distribution; return its package."""
    package = Path(copytree(PLUGIN, site / "every_kind", ignore=ignore_patterns("__pycache__")))
    info = site / "every_kind.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: every-kind\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[coreops]\nevery = every_kind.plugin\n")
    sys.path.insert(0, str(site))
    return package


def size() -> tuple[float, int]:
    """Return the megabytes of memory that the process holds, and how many blocks of them are alive."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, sys.getallocatedblocks()


async def main(folder: Path) -> None:
    """Reload and print."""
    package = install(folder / "site")
    copy_sample(folder / "workbook")
    lay_over(folder / "workbook", {"recruitment": {"every": "tag\nEMB\n"}})
    async with Sandbox() as sandbox:
        own = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
        running = await boot(env=own)
        changes = running.app.ground.plugins.changes
        times = array("d")  # floats in a list would count as blocks that live on
        sizes: dict[int, tuple[float, int]] = {}
        for number in range(1, RELOADS + 1):
            (package / "words.py").write_text(f"WORD = {'word' * (number % 7 + 1)!r}\n")
            began = time.perf_counter()
            report = await changes.reload("every", "bench")
            times.append(time.perf_counter() - began)
            assert report.done, report.error
            assert not report.left, report.left
            if number % WARM == 0 or number == HALF:  # as often as garbage is collected where there is time between
                sizes[number] = size()
        await running.stop()
    (warm, _), (half, living), (end, still) = sizes[WARM], sizes[HALF], sizes[RELOADS]
    print(f"     reloads: {statistics.median(times) * 1000:.0f} ms each, nothing left behind")
    print(f"      growth: {end - warm:+.1f} MB in {RELOADS - WARM} reloads after the first {WARM} (aim {AIM:g})")
    print(f" second half: {end - half:+.1f} MB, {(still - living) / (RELOADS - HALF):+.2f} living blocks a reload")


if __name__ == "__main__":
    logs = configure("ERROR", json=True, env="bench", bot="bench")
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(Path(temporary)))
    logs.close()

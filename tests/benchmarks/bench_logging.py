"""A line of JSON, and an HTTP request with its trace and its line: beside loguru's own JSON and bare aiohttp.

Run with ``make bench``. Both sides write to a file of their own, with four fields, and take turns in one process; CPU
time counts. The answer of both HTTP sides is the same document; the client has a process of its
own, so that its time is on neither account.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from operator import truediv
from pathlib import Path
from statistics import median
from typing import Any

import loguru
from aiohttp import web

from coreops.health.callers import Callers
from coreops.health.overview import Payloads
from coreops.health.probes import Probes
from coreops.health.service import HealthService, Identity
from coreops.health.web import HttpServer
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs.declarations import Route
from coreops_hookspecs.health import PluginState
from coreops_shared import trace
from coreops_shared.clock import SystemClock
from coreops_shared.logging import configure, get_logger

LINES = 5_000
REQUESTS = 2_000
ROUNDS = 7
DOCUMENT = b'{"status": "ok"}'

CLIENT = """
import socket, sys
port, path, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
held = socket.create_connection(("127.0.0.1", port))
asked = f"GET {path} HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n\\r\\n".encode()
for _ in range(count):
    held.sendall(asked)
    got = b""
    while not got.endswith(b'"ok"}'):
        got += held.recv(65536)
assert b" 200 OK" in got
"""


def of_lines(write: Callable[[int], object]) -> float:
    """Return CPU microseconds per line."""
    gc.collect()
    began = time.process_time()
    for number in range(LINES):
        write(number)
    return (time.process_time() - began) / LINES * 1e6


def our_lines(file: Path) -> float:
    """Measure ours, as the runtime configures it."""
    with file.open("w") as stream, trace.span():
        logs, log = configure("INFO", json=True, stream=stream, env="bench", bot="bench"), get_logger("bench")
        each = of_lines(lambda number: log.info("command done", command="ops ping", user=number, ms=1.25, ok=True))
        logs.close()
    return each


def their_lines(file: Path) -> float:
    """Measure loguru's own JSON."""
    with file.open("w") as stream:
        sink = loguru.logger.add(stream, serialize=True, level="INFO")

        def write(number: int) -> None:
            loguru.logger.bind(command="ops ping", user=number, ms=1.25, ok=True).info("command done")

        each = of_lines(write)
        loguru.logger.remove(sink)
    return each


async def of_requests(port: int, path: str) -> float:
    """Return CPU microseconds per request."""
    gc.collect()
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", CLIENT, str(port), path, "100")
    assert await client.wait() == 0  # both sides are warm
    began = time.process_time()
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", CLIENT, str(port), path, str(REQUESTS))
    assert await client.wait() == 0
    return (time.process_time() - began) / REQUESTS * 1e6


async def answer(_: web.Request) -> web.Response:
    """Answer as both sides do."""
    return web.Response(body=DOCUMENT, content_type="application/json")


async def our_requests(file: Path) -> tuple[float, float]:
    """Measure a request to a plugin's route, and to one of the runtime's own."""
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("bench")
    states.change("bench", PluginState.ACTIVE)
    guard = Guard(clock, states, lambda _: None)
    health = HealthService(Identity("bench", "bench", "1", "1", 1, datetime.now(UTC)), clock=clock, guard=guard)
    probes = Probes(health, Callers(None), clock, Payloads())
    with file.open("w") as stream:
        logs = configure("INFO", json=True, stream=stream, env="bench", bot="bench")
        server = HttpServer("127.0.0.1", 0, probes=probes, guard=guard, clock=clock, log=get_logger("coreops.http"))
        server._runner.app.router.add_get("/bench", answer)
        server.add_route("bench", Route("GET", "ask", lambda _ctx, request: answer(request)), answer)
        await server.start()
        both = await of_requests(server.port, "/bench"), await of_requests(server.port, "/p/bench/ask")
        await server.stop()
        logs.close()
    lines = file.read_text().count("http request")
    assert lines == (REQUESTS + 100) * 2, "each was logged"
    return both


async def their_requests() -> float:
    """Measure aiohttp as it comes, without a log."""
    app = web.Application()
    app.router.add_get("/bench", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    each = await of_requests(runner.addresses[0][1], "/bench")
    await runner.cleanup()
    return each


def told(what: str, sides: dict[str, list[float]], aim: float) -> None:
    """Print the least of each side, and the median of how each stood to the last in the same round."""
    *ours, peer = sides
    print(f"{what}: " + ", ".join(f"{side} {min(figures):.1f} us" for side, figures in sides.items()))
    ratios = {side: median(map(truediv, sides[side], sides[peer])) for side in ours}
    print(f"{'ratio':>{len(what)}}: {', '.join(f'{side} {ratio:.2f}' for side, ratio in ratios.items())} (aim {aim})")


async def main() -> None:
    """Let the sides take turns."""
    loguru.logger.remove()
    lines: dict[str, list[float]] = {"ours": [], "loguru serialize=True": []}
    asked: dict[str, list[float]] = {"ours": [], "a plugin's route": [], "bare aiohttp": []}
    with tempfile.TemporaryDirectory() as folder:
        file: Any = Path(folder) / "log"
        for _ in range(ROUNDS):
            lines["ours"].append(our_lines(file))
            lines["loguru serialize=True"].append(their_lines(file))
            ours, of_plugin = await our_requests(file)
            asked["ours"].append(ours)
            asked["a plugin's route"].append(of_plugin)
            asked["bare aiohttp"].append(await their_requests())
    told("      a line", lines, 0.45)
    told("HTTP request", asked, 1.35)


if __name__ == "__main__":
    asyncio.run(main())

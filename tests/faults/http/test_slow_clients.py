"""Clients that are slow, many, or both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from yarl import URL

from coreops.health.connections import Patience

Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Crowd:
    """Connections that say little."""

    def __init__(self) -> None:
        self.pipes: list[Pipe] = []

    async def gather(self, url: str, count: int, said: bytes = b"GET /health HTTP/1.1\r\nHost: 127.") -> None:
        address = URL(url)
        for _ in range(count):
            pipe = await asyncio.open_connection(address.host, address.port)
            pipe[1].write(said)
            self.pipes.append(pipe)

    async def whisper(self) -> None:
        """Send a byte on each from time to time, as the attack does."""
        while True:
            for _, writer in self.pipes:
                writer.write(b"0")
            await asyncio.sleep(0.05)

    async def gone(self) -> int:
        """Wait until all of them were ended by the other side; return how many said a word before."""
        async with asyncio.timeout(15):
            ends = await asyncio.gather(*(reader.read() for reader, _ in self.pipes), return_exceptions=True)
        return sum(isinstance(end, bytes) and bool(end) for end in ends)


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    made = Crowd()
    yield made
    for _, writer in made.pipes:
        writer.transport.abort()
    await asyncio.sleep(0)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreops.health.web.Patience", partial(Patience, connections=40, first=1.0, following=1.5))


async def slowest(scene: Any, times: int) -> float:
    """The ninth of ten answers of /healthz, in seconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        assert (await scene.get("/healthz"))[0] == 200
        took.append(time.perf_counter() - began)
    return sorted(took)[times * 9 // 10]


@pytest.mark.fault(
    "200 clients send their requests a byte at a time",
    users="nothing",
    operator="/healthz answers within 100 ms all the while",
    recovery="a client that takes longer than 10 s for a request's head is cut",
)
async def test_two_hundred_slow_connections_do_not_delay_the_probe(scene: Any, crowd: Crowd) -> None:
    alone = await slowest(scene, 40)  # on a machine that is busy with other things this is long too
    await crowd.gather(scene.bot.http_url, 200)
    whispering = asyncio.create_task(crowd.whisper())
    try:
        assert await slowest(scene, 40) < 0.1 + 10 * alone
        await scene.serves()
    finally:
        whispering.cancel()


async def test_a_head_that_never_ends_is_cut_at_the_limit(hasty: None, stage: Any, crowd: Crowd) -> None:
    scene = await stage()
    await crowd.gather(scene.bot.http_url, 5)
    whispering = asyncio.create_task(crowd.whisper())
    began = time.monotonic()
    assert await crowd.gone() == 0
    assert 0.5 < time.monotonic() - began < 5
    whispering.cancel()


async def test_silence_from_the_first_moment_is_cut_too(hasty: None, stage: Any, crowd: Crowd) -> None:
    scene = await stage()
    await crowd.gather(scene.bot.http_url, 3, b"")
    assert await crowd.gone() == 0


async def test_an_answer_that_nobody_reads_is_not_waited_for(hasty: None, stage: Any, crowd: Crowd) -> None:
    scene = await stage()
    many = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n" * 400
    await crowd.gather(scene.bot.http_url, 1, many)
    async with asyncio.timeout(15):
        while not crowd.pipes[0][1].is_closing():
            await asyncio.sleep(0.05)
            crowd.pipes[0][1].write(b" ")
    assert (await scene.get("/healthz"))[0] == 200


@pytest.mark.fault(
    "more clients than there are places",
    users="nothing",
    operator="/healthz and /ready still answer",
    recovery="the connection that has waited longest without a request makes room",
)
async def test_a_newcomer_takes_the_place_of_whoever_has_waited_longest(hasty: None, stage: Any, crowd: Crowd) -> None:
    scene = await stage()
    await crowd.gather(scene.bot.http_url, 100)
    assert (await scene.get("/healthz"))[0] == 200
    assert (await scene.get("/ready"))[0] == 200
    assert await crowd.gone() == 0

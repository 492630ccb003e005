"""Spans on their way to a collector."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from coreops.telemetry.otel import SpanSink, collector
from coreops_hookspecs.telemetry import SheetsCalled

LIMIT = 60.0
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
CALL = SheetsCalled(
    at=NOW, trace="a" * 32, actor="cron", operation="read", spreadsheet="sheet", tabs=("a",), duration=0.1, attempts=1
)
BATCHES = 3 * 512  # of 512 spans each, as the library sends them


class Hanging:
    """A collector that takes requests and never answers; how many it was sent."""

    def __init__(self) -> None:
        self.requests = 0
        self.asked = asyncio.Event()
        self.url = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests += 1
        self.asked.set()
        while await reader.read(65536):
            pass
        writer.close()


@pytest.fixture
async def hanging(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hanging]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Hanging()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield found
    server.close()


async def test_a_collector_that_hangs_holds_the_stop_up_for_a_bounded_time_in_all(hanging: Hanging) -> None:
    sink = SpanSink(collector(hanging.url), {"service.name": "bot"}, patience=0.2)
    for _ in range(BATCHES):
        await sink.observe(CALL)
    async with asyncio.timeout(LIMIT):
        await hanging.asked.wait()
        assert not await sink.close()
    left = [thread for thread in threading.enumerate() if thread.name.startswith(("Otel", "opentelemetry"))]
    assert all(thread.daemon for thread in left), "the process must not wait for it at its end either"
    for thread in left:
        await asyncio.to_thread(thread.join, LIMIT)
    assert not any(thread.is_alive() for thread in left)
    assert hanging.requests == 1, "what was late is not sent any more"


async def test_what_waits_is_sent_before_the_stop_when_the_collector_answers() -> None:
    class Sent:
        spans = 0

        def export(self, spans: object) -> None:
            self.spans += len(spans)  # type: ignore[arg-type]

        def shutdown(self) -> None: ...

    exporter = Sent()
    sink = SpanSink(exporter, {"service.name": "bot"}, patience=LIMIT)  # type: ignore[arg-type]
    for _ in range(BATCHES):
        await sink.observe(CALL)
    assert await sink.close()
    assert exporter.spans == BATCHES

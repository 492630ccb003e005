"""Spans to a collector: off by default, and nothing that a bot depends on."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from coreops_hookspecs.telemetry import CommandCompleted, RefreshCompleted, SheetsCalled

PLUGINS = ["recruitment"]


class Collector:
    """A collector on this machine, and what it was sent."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(ExportTraceServiceRequest.FromString(await request.read()))
        return web.Response()

    def spans(self) -> list[Any]:
        return [span for each in self.requests for of in each.resource_spans for scope in of.scope_spans
                for span in scope.spans]  # fmt: skip


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # as any caller of a collector on this machine
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


async def test_what_a_command_causes_is_a_trace_at_the_collector(boot: Any, collector: Collector) -> None:
    bot = await boot(plugins=PLUGINS, env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "BOT_NAME": "Traced"})
    await bot.chat.say("!ops refresh clans", as_="admin")
    await bot.stop()
    events = bot.running.app.ground.bus.recent(500)
    (done,) = (each for each in events if isinstance(each, CommandCompleted))
    caused = {kind: [each for each in events if isinstance(each, kind) and each.trace == done.trace]
              for kind in (CommandCompleted, RefreshCompleted, SheetsCalled)}  # fmt: skip
    assert all(caused.values())
    names = [span.name for span in collector.spans() if span.trace_id.hex() == done.trace]
    assert sorted(names) == sorted(
        [
            "command ops refresh",
            *(f"refresh {each.result.bucket}" for each in caused[RefreshCompleted]),
            *(f"sheets {each.operation}" for each in caused[SheetsCalled]),
        ]
    )
    (span,) = (each for each in collector.spans() if each.name == "command ops refresh")
    assert span.end_time_unix_nano - span.start_time_unix_nano == pytest.approx(done.duration * 1e9, rel=0.01)
    told = {each.key: each.value.string_value for each in collector.requests[0].resource_spans[0].resource.attributes}
    assert told["service.name"] == "Traced"


async def test_without_an_address_nothing_is_sent(boot: Any, collector: Collector) -> None:
    bot = await boot(plugins=PLUGINS)
    await bot.chat.say("!ops ping", as_="user")
    await bot.stop()
    assert collector.requests == []


async def test_a_collector_that_is_away_costs_spans_and_nothing_else(boot: Any, collector: Collector) -> None:
    bot = await boot(plugins=PLUGINS, env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    assert (await bot.chat.say("!ops refresh clans", as_="admin")).replies
    await bot.stop()


async def test_a_missing_extra_is_told_and_the_bot_serves(boot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "coreops.telemetry.otel", None)
    bot = await boot(plugins=PLUGINS, env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    told = [dict(each.values)["problem"] for each in bot.running.app.ground.bus.recent(500)
            if getattr(each, "name", "") == "no opentelemetry"]  # fmt: skip
    assert len(told) == 1
    assert "pip install coreops[otel]" in told[0]

"""One reference from the first cause to the last line: table, calls to the spreadsheet, job, audit and answer."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import lightbulb
import pytest
from aiohttp import web

from coreops_hookspecs import (
    BucketSpec,
    Capability,
    Command,
    JobSpec,
    PluginContext,
    PluginInfo,
    Route,
    access,
    hookimpl,
)
from coreops_hookspecs.telemetry import (
    Audited,
    CommandCompleted,
    Event,
    HookFault,
    JobCompleted,
    Lifecycle,
    RefreshCompleted,
    SheetsCalled,
    WriteApplied,
)
from coreops_shared.logging import configure
from coreops_shared.state.audit import entries

BOOK = {"recruitment": {"parcels": "tag,text\nOLD,theirs\n"}}
PARENT = "4bf92f3577b34da6a3ce929d0e0e4736"
THROUGH = {kind.__name__ for kind in (RefreshCompleted, SheetsCalled, WriteApplied)}


@dataclass(frozen=True)
class Parcel:
    tag: str
    text: str


async def work(ctx: PluginContext) -> None:
    """Read a table, write a row, say so: what a command, a job and a route of this plugin all do."""
    await ctx.cache.refresh_now("parcels", actor="")
    write = await ctx.outbox.append("recruitment", "parcels", {"tag": ctx.trace.current(), "text": "x"}, key="tag")
    await ctx.outbox.settled(write, within=10)
    ctx.log.info("the plugin has worked")


@access.admin
class Work(lightbulb.SlashCommand, name="work", description="Works, then fails"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        await work(core)
        msg = "it broke after its work"
        raise RuntimeError(msg)


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.fixture
def worker(heard: list[Event]) -> Any:
    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        needs = {Capability.SCHEDULER, Capability.SHEETS_READ, Capability.SHEETS_WRITE, Capability.HTTP}
        return PluginInfo("worker", "1.0", needs=frozenset(needs))

    @hookimpl
    def coreops_cache_buckets() -> list[Any]:
        return [BucketSpec("parcels", "RECRUITMENT_SHEET_ID", "parcels", Parcel, key="tag")]

    @hookimpl
    def coreops_commands() -> list[Command]:
        return [Command(Work)]

    @hookimpl
    def coreops_jobs() -> list[JobSpec]:
        return [JobSpec("worker.work", work, every=timedelta(seconds=1))]

    @hookimpl
    def coreops_http_routes() -> list[Route]:
        async def serve(ctx: PluginContext, _: web.Request) -> web.Response:
            await work(ctx)
            msg = "it broke after its work"
            raise RuntimeError(msg)

        return [Route("GET", "work", serve)]

    @hookimpl
    async def coreops_telemetry(ctx: Any, event: Event) -> None:
        heard.append(event)

    return SimpleNamespace(**{name: value for name, value in locals().items() if name.startswith("coreops_")})


@pytest.fixture
def log() -> Iterator[Callable[[str], list[str]]]:
    """What the lines of a reference say."""
    stream = io.StringIO()
    logs = configure("INFO", json=True, stream=stream)

    def of(trace: str) -> list[str]:
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [line["msg"] for line in lines if line["trace"] == trace]

    yield of
    logs.close()


@pytest.fixture
async def bot(boot: Any, worker: Any, log: Any) -> Any:
    bot = await boot(plugins=[worker], workbook=BOOK)
    await bot.chat.say("!ops jobs pause worker.work", as_="admin")
    return bot


@pytest.fixture
def followed(heard: list[Event], log: Callable[[str], list[str]]) -> Callable[..., Awaitable[dict[str, Event]]]:
    """Wait until events of these kinds carry a reference, and return one of each; the log has them too."""

    async def follow(trace: str, kinds: set[str]) -> dict[str, Event]:
        async with asyncio.timeout(20):
            while kinds - (found := {type(event).__name__: event for event in heard if event.trace == trace}).keys():
                await asyncio.sleep(0.02)
        assert "the plugin has worked" in log(trace)
        return found

    return follow


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"X-Trace-Id": "order-4711"}, "order-4711"),
        ({"traceparent": f"00-{PARENT}-00f067aa0ba902b7-01"}, PARENT),
        ({"X-Trace-Id": "no", "traceparent": f"00-{PARENT}-zz-01"}, ""),
        ({}, ""),
    ],
)
async def test_a_request_is_one_reference_down_to_the_row_it_writes(
    bot: Any, followed: Any, log: Any, tmp_path: Path, headers: dict[str, str], kept: str
) -> None:
    url = f"{bot.http_url}/p/worker/work"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        trace, told = answer.headers["X-Trace-Id"], await answer.json()
    assert (answer.status, told["reference"]) == (500, trace)
    assert trace == kept if kept else len(trace) == 32 and trace != PARENT
    found = await followed(trace, THROUGH | {HookFault.__name__})
    assert {"http request", "plugin fault"} <= set(log(trace))
    assert found["RefreshCompleted"].result.trace == trace
    assert trace in (tmp_path / "workbook" / "recruitment" / "parcels.csv").read_text()


async def test_an_order_over_http_is_one_reference_with_its_run_and_its_record(bot: Any, followed: Any) -> None:
    key = (bot.state_dir / "admin-key").read_text()
    headers = {"X-Trace-Id": "deploy-0815", "Authorization": f"Bearer {key}"}
    url = f"{bot.http_url}/admin/jobs/worker.work/run"
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, json={}) as answer:
        assert (await answer.json())["run"]["trace"] == "deploy-0815"
    await followed("deploy-0815", THROUGH | {JobCompleted.__name__, Audited.__name__})
    kept = await asyncio.to_thread(lambda: list(entries(bot.state_dir / "state.sqlite3")))
    assert [entry.command for entry in kept if entry.trace == "deploy-0815"] == ["ops jobs run"]


@pytest.mark.parametrize("surface", ["message", "interaction"])
async def test_a_command_is_one_reference_which_its_answer_tells(
    bot: Any, followed: Any, heard: list[Event], log: Any, surface: str
) -> None:
    answer = await (bot.chat.say("!work", as_="admin") if surface == "message" else bot.chat.slash("work", as_="admin"))
    (done,) = (each for each in heard if isinstance(each, CommandCompleted) and each.command == "work")
    trace = done.trace
    assert f"`{trace[:8]}`" in answer.text
    await followed(trace, THROUGH | {Audited.__name__, HookFault.__name__})
    assert "plugin fault" in log(trace)
    assert any(line.startswith("[command] event=command command=work") for line in log(trace))
    kept = await asyncio.to_thread(lambda: list(entries(bot.state_dir / "state.sqlite3")))
    assert [entry.command for entry in kept if entry.trace == trace] == ["work"]


async def test_each_slot_of_a_job_is_a_reference_of_its_own(bot: Any, followed: Any, heard: list[Event]) -> None:
    await bot.chat.say("!ops jobs resume worker.work", as_="admin")

    def runs() -> list[JobCompleted]:
        done = [each for each in heard if isinstance(each, JobCompleted) and each.run.job == "worker.work"]
        return [each for each in done if each.actor == "cron" and each.run.outcome == "ok"]

    async with asyncio.timeout(20):
        while len(runs()) < 2:
            await asyncio.sleep(0.05)
    first, second = runs()[:2]
    assert first.trace != second.trace
    for each in (first, second):
        assert each.run.trace == each.trace
        await followed(each.trace, THROUGH)


async def test_a_start_is_one_reference_from_its_first_phase_to_the_rows_it_reads(bot: Any, log: Any) -> None:
    heard = bot.running.app.ground.bus.recent(500)  # plugins are told of nothing that comes before them
    phases = {each.phase: each.trace for each in heard if isinstance(each, Lifecycle)}
    trace = phases["ready"]
    assert trace
    assert "[watcher|lifecycle] event=runtime phase=starting" in log(trace)
    read = [each for each in heard if isinstance(each, RefreshCompleted) and each.result.bucket == "parcels"]
    assert read[-1].trace == trace
    assert any(isinstance(each, SheetsCalled) and each.trace == trace for each in heard)
    assert any(line.startswith("[refresh] event=refresh bucket=parcels") for line in log(trace))

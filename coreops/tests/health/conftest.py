"""A runtime to look at: health, payloads, and the HTTP server on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from coreops.health.callers import Callers
from coreops.health.overview import Payloads
from coreops.health.probes import Probes
from coreops.health.service import HealthService, Identity, Vitals
from coreops.health.web import HttpServer
from coreops.plugins.guard import Guard
from coreops_hookspecs.cache import BucketStatus, RowProblem
from coreops_hookspecs.health import PluginReport, PluginState
from coreops_hookspecs.jobs import JobRun, JobStatus, RunOutcome
from coreops_hookspecs.telemetry import Event
from coreops_shared.clock import ManualClock
from coreops_shared.redact import Secret

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "correct-horse-battery"


@dataclass
class Figures:
    """What the rooms would report."""

    vitals: Vitals = field(default_factory=lambda: Vitals(True, 0.042, 3.0, 0.001))
    plugins: list[PluginReport] = field(default_factory=list)
    buckets: list[BucketStatus] = field(default_factory=list)
    jobs: list[JobStatus] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def service(clock: ManualClock, guard: Guard, figures: Figures) -> HealthService:
    identity = Identity("CoreOps", "test", "1.2.3", "0.1.0", 4242, clock.now())
    return HealthService(identity, clock=clock, guard=guard, vitals=lambda: figures.vitals)


@pytest.fixture
async def server(
    service: HealthService, figures: Figures, clock: ManualClock, guard: Guard, log: Any
) -> AsyncIterator[HttpServer]:
    payloads = Payloads(
        plugins=lambda: figures.plugins,
        buckets=lambda: figures.buckets,
        jobs=lambda: figures.jobs,
        recent=lambda limit: figures.events[:limit],
        usage=lambda path: figures.commands.get(path, ""),
    )
    probes = Probes(service, Callers(Secret(TOKEN)), clock, payloads)
    server = HttpServer("127.0.0.1", 0, probes=probes, guard=guard, clock=clock, log=log)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def http(server: HttpServer) -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(server.url, timeout=timeout) as session:
        yield session


@pytest.fixture
def make_bucket() -> Any:
    def make(name: str = "clans", **changes: Any) -> BucketStatus:
        fresh: dict[str, Any] = {
            "name": name,
            "plugin": "recruitment",
            "spreadsheet": "book",
            "tab": "Clans",
            "available": True,
            "stale": False,
            "restored": False,
            "age": 600.0,
            "ttl": 10800.0,
            "next_refresh_at": NOW + timedelta(hours=2),
            "loaded_at": NOW - timedelta(minutes=10),
            "rows": 24,
            "problem_count": 0,
            "problems": (),
            "revision": 3,
            "duration": 0.31,
            "retries": 0,
            "last_actor": "cron",
            "last_result": "ok",
            "last_error": "",
            "failing_since": None,
        }
        return BucketStatus(**(fresh | changes))

    return make


@pytest.fixture
def make_plugin() -> Any:
    def make(name: str = "recruitment", state: PluginState = PluginState.ACTIVE, reason: str = "", **more: Any) -> Any:
        since, calls = NOW - timedelta(hours=2), {"command": 1}
        known = {"since": since, "retry_at": None, "faults": 0, "calls": 128, "contributions": calls}
        return PluginReport(name, "0.1.0", f"coreops-{name}", state, reason, **(known | more))

    return make


@pytest.fixture
def make_job() -> Any:
    def make(
        name: str = "recruitment.report", outcome: RunOutcome | None = RunOutcome.OK, error: str = ""
    ) -> JobStatus:
        at = NOW - timedelta(minutes=30)
        last = None if outcome is None else JobRun(name, "recruitment", at, at, 1.2, outcome, "cron", "", error)
        next_at = NOW + timedelta(minutes=30)
        return JobStatus(name, "recruitment", "0 * * * *", "Europe/Vienna", next_at, False, last, "Post the report")

    return make


@pytest.fixture
def troubled(figures: Figures, make_bucket: Any, make_plugin: Any, make_job: Any) -> Figures:
    """A bad night: old data, a bad cell, a plugin in quarantine, one that failed, a job that failed."""
    problem = RowProblem("C17", "<b>many</b>", "a whole number")
    figures.buckets += [
        make_bucket(
            stale=True,
            age=41 * 60.0,
            ttl=1800.0,
            last_result="error",
            last_error="google sheets has no quota left",
            failing_since=NOW - timedelta(minutes=29),
            next_refresh_at=NOW + timedelta(seconds=40),
            problem_count=2,
            problems=(problem, RowProblem("D20", "", "a date (required)")),
        ),
        make_bucket("templates", tab="Templates", restored=True, rows=5),
        make_bucket("tags", available=False, age=None, loaded_at=None, rows=0, last_result="never", stale=True),
    ]
    figures.plugins += [
        make_plugin("ops"),
        make_plugin(
            "welcome",
            PluginState.QUARANTINED,
            "5 faults within 60 s, the last in listener on_join",
            retry_at=NOW + timedelta(seconds=25),
            faults=5,
        ),
        make_plugin("placement", PluginState.FAILED, "ImportError: no module named 'numpy'"),
    ]
    figures.jobs += [make_job(), make_job("welcome.digest", RunOutcome.ERROR, "ValueError: <script>alert(1)</script>")]
    return figures

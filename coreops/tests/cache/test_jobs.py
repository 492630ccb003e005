"""Refreshes as jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from coreops.cache.jobs import RefreshJobs
from coreops_hookspecs.errors import SheetsPermissionError
from coreops_hookspecs.jobs import RunOutcome
from coreops_shared.clock import ManualClock


@pytest.fixture
def jobs(cache: Any, clock: ManualClock) -> RefreshJobs:
    return RefreshJobs(cache, clock)


async def test_each_bucket_is_a_job_with_its_rhythm(
    jobs: RefreshJobs, cache: Any, clans: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("nightly", cron="30 4 * * *"))
    assert [(job.name, job.schedule, job.last, job.running) for job in jobs.list_jobs()] == [
        ("refresh.clans", "every 1 h", None, False),
        ("refresh.nightly", "30 4 * * *", None, False),
    ]
    await cache.refresh_now_many(["clans", "nightly"], actor="cron")
    assert [job.next_at for job in jobs.list_jobs()] == [
        clock.now() + timedelta(hours=1),
        clock.now() + timedelta(hours=4.5),
    ]


async def test_running_the_job_refreshes_the_bucket(jobs: RefreshJobs, cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    run = await jobs.run_now("refresh.clans", actor="user:1")
    assert (run.outcome, run.actor, run.plugin) == (RunOutcome.OK, "user:1", "demo")
    shelf.broken = SheetsPermissionError("may not be opened")
    run = await jobs.run_now("refresh.clans", actor="user:1")
    assert (run.outcome, run.error) == (RunOutcome.ERROR, "may not be opened")
    assert jobs.list_jobs()[0].last == run


async def test_an_unknown_job_is_a_key_error(jobs: RefreshJobs, cache: Any, clans: Any) -> None:
    cache.add("demo", clans())
    for name in ("clans", "refresh.nope"):
        with pytest.raises(KeyError):
            await jobs.run_now(name, actor="user:1")

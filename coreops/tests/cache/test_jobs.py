"""Refreshes as jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from coreops.cache.bucket import Bucket
from coreops.cache.jobs import RefreshJobs
from coreops_hookspecs.cache import Snapshot
from coreops_hookspecs.errors import SheetsPermissionError, UnknownJobError
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_shared.clock import ManualClock


@pytest.fixture
def jobs(cache: Any, clock: ManualClock, store: Any) -> RefreshJobs:
    return RefreshJobs(cache, clock, store.runs)


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


async def test_how_a_bucket_was_read_before_this_start_is_told_until_it_is_read_again(
    jobs: RefreshJobs, cache: Any, clans: Any, clock: ManualClock, store: Any
) -> None:
    cache.add("demo", clans())
    run = JobRun("refresh.clans", "demo", clock.now(), clock.now(), 0.5, RunOutcome.ERROR, "cron", "t", "no answer")
    await store.runs.end([run])
    await jobs.remember()
    assert jobs.list_jobs()[0].last == run
    again = await jobs.run_now("refresh.clans", actor="user:1")
    assert jobs.list_jobs()[0].last == again


async def test_an_unknown_job_is_refused(jobs: RefreshJobs, cache: Any, clans: Any) -> None:
    cache.add("demo", clans())
    for name in ("clans", "refresh.nope"):
        with pytest.raises(UnknownJobError):
            await jobs.run_now(name, actor="user:1")


async def test_a_paused_bucket_is_read_only_when_asked_and_stays_paused_over_a_restart(
    jobs: RefreshJobs, cache: Any, clans: Any, clock: ManualClock, store: Any
) -> None:
    cache.add("demo", clans())
    await cache.preload(1.0)
    status = await jobs.pause("refresh.clans", actor="user:7")
    assert (status.next_at, status.pause and status.pause.actor) == (None, "user:7")
    before = cache.get_snapshot("clans").revision
    await clock.run_for(3 * 3600)
    assert cache.get_snapshot("clans").revision == before
    again = RefreshJobs(cache, clock, store.runs)
    cache.paused.clear()
    await again.remember()
    assert cache.paused == {"clans"}
    assert (await again.run_now("refresh.clans", actor="user:7")).outcome is RunOutcome.OK
    assert (await again.resume("refresh.clans", actor="user:7")).pause is None
    assert (await store.runs.memory()).pauses == {}


async def test_the_next_reads_of_a_bucket_follow_its_time_to_live_or_its_cron(
    jobs: RefreshJobs, cache: Any, clans: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    cache.add("demo", clans("nightly", cron="30 4 * * *"))
    await cache.refresh_now_many(["clans", "nightly"], actor="cron")
    first = clock.now()
    assert jobs.upcoming("refresh.clans", 2) == [first + timedelta(hours=1), first + timedelta(hours=2)]
    assert jobs.upcoming("refresh.nightly", 2) == [first + timedelta(hours=4.5), first + timedelta(hours=28.5)]


async def test_jitter_ends_a_time_to_live_earlier_and_lets_a_cron_come_later(clans: Any, clock: ManualClock) -> None:
    lives = Bucket("demo", clans(), clock.monotonic())
    nightly = Bucket("demo", clans("nightly", cron="30 4 * * *"), clock.monotonic())
    for bucket in (lives, nightly):
        bucket.spread = 0.5
        snapshot = Snapshot("clans", (), {}, clock.now(), 1, 0, ())
        bucket.restore(snapshot, clock.now(), clock.monotonic())
    assert lives.look_at == clock.monotonic()
    now = clock.monotonic()
    assert lives.is_stale(now + 3571)
    assert not lives.is_stale(now + 3569)
    assert nightly.is_stale(now + 4.5 * 3600 + 31)
    assert not nightly.is_stale(now + 4.5 * 3600 + 29)

"""Jobs over restarts, crashes, pauses and clocks that jump."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coreops.plugins.guard import Guard
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs.jobs import CatchUp, JobSpec, Misfire, Overlap, Parallel, RunOutcome
from coreops_shared.clock import ManualClock
from coreops_shared.state.store import Store

OK, MISSED, SKIPPED, ABANDONED = RunOutcome.OK, RunOutcome.MISSED, RunOutcome.SKIPPED, RunOutcome.ABANDONED
Boot = Callable[..., Awaitable[SchedulerService]]


async def declared(_: Any) -> None: ...


async def quick() -> None: ...


def hourly(**more: Any) -> JobSpec:
    return JobSpec("demo.report", declared, cron="0 * * * *", **more)


class Turned(ManualClock):
    """A clock whose wall-clock time can be set."""

    by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


@pytest.fixture
def clock() -> Turned:
    return Turned(datetime(2026, 1, 1, 0, 30, tzinfo=UTC))


@pytest.fixture
async def boot(clock: Turned, guard: Guard, log: Any, kept: Any) -> Boot:
    async def make(spec: JobSpec, run: Callable[[], Awaitable[None]] = quick) -> SchedulerService:
        service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
        service.add("demo", spec, run)
        await service.start()
        await clock.run_for(1)
        return service

    return make


def told(kept: Any) -> list[tuple[RunOutcome, int]]:
    return [(run.outcome, run.scheduled_for.hour) for run in kept.runs]


@pytest.mark.parametrize(
    ("misfire", "expected"),
    [
        (Misfire.SKIP, [(MISSED, 5)]),
        (Misfire.RUN_ONCE, [(MISSED, 4), (OK, 5)]),
        (CatchUp(3), [(MISSED, 2), (OK, 3), (OK, 4), (OK, 5)]),
    ],
)
async def test_times_that_passed_while_the_bot_was_down_follow_the_policy(
    boot: Boot, clock: Turned, kept: Any, misfire: Any, expected: Any
) -> None:
    await (await boot(hourly(misfire=misfire))).stop(0.1)
    first = await boot(hourly(misfire=misfire))
    await clock.run_for(3600)
    await first.stop(0.1)
    assert told(kept) == [(OK, 1)]
    clock.advance(4 * 3600)
    for _ in range(2):  # nothing is caught up a second time
        await (await boot(hourly(misfire=misfire))).stop(0.1)
    assert told(kept)[1:] == expected


async def cut_off(boot: Boot, clock: Turned, kept: Any, misfire: Any) -> None:
    """Leave a run behind as a process does that is killed."""
    await (await boot(hourly(misfire=misfire))).stop(0.1)
    service = await boot(hourly(misfire=misfire), asyncio.Event().wait)
    await clock.run_for(3600)
    begun = dict(kept.begun)
    await service.stop(0.01)
    kept.runs.clear()
    kept.slots.clear()
    kept.begun |= begun


@pytest.mark.parametrize(("misfire", "expected"), [(Misfire.SKIP, []), (Misfire.RUN_ONCE, [(OK, 1)])])
async def test_a_run_that_a_crash_cut_off_is_marked_and_caught_up_once_as_declared(
    boot: Boot, clock: Turned, kept: Any, misfire: Any, expected: Any
) -> None:
    await cut_off(boot, clock, kept, misfire)
    for _ in range(2):
        await (await boot(hourly(misfire=misfire))).stop(0.1)
    assert told(kept) == [(ABANDONED, 1), *expected]
    assert kept.runs[0].error == "cut off: the process ended while it ran"


async def test_a_run_that_is_cut_off_a_second_time_is_not_tried_a_third_time(
    boot: Boot, clock: Turned, kept: Any
) -> None:
    await cut_off(boot, clock, kept, Misfire.RUN_ONCE)
    service = await boot(hourly(), asyncio.Event().wait)
    begun = dict(kept.begun)
    await service.stop(0.01)
    kept.begun |= begun
    kept.runs.clear()
    await (await boot(hourly())).stop(0.1)
    assert told(kept) == [(ABANDONED, 1)]


async def test_a_pause_lasts_over_a_restart_and_nothing_of_it_is_made_up(boot: Boot, clock: Turned, kept: Any) -> None:
    service = await boot(hourly(misfire=CatchUp(9)))
    await clock.run_for(3600)
    status = await service.pause("demo.report", actor="user:1")
    assert (status.next_at, status.pause and status.pause.actor) == (None, "user:1")
    await service.stop(0.1)
    service = await boot(hourly(misfire=CatchUp(9)))
    assert service.list_jobs()[0].pause is not None
    await clock.run_for(3 * 3600)
    assert (await service.run_now("demo.report", actor="user:1")).outcome is OK
    status = await service.resume("demo.report", actor="user:1")
    assert status.next_at is not None
    await clock.run_for(3600)
    await service.stop(0.1)
    assert [(run.actor, run.outcome) for run in kept.runs] == [("cron", OK), ("user:1", OK), ("cron", OK)]
    assert kept.pauses == {}


async def test_how_a_job_ended_last_is_known_after_a_restart_and_when_it_comes_again(
    boot: Boot, clock: Turned, kept: Any
) -> None:
    first = await boot(hourly())
    await clock.run_for(3600)
    await first.stop(0.1)
    service = await boot(JobSpec("demo.other", declared, cron="0 0 1 1 *"))
    for _ in range(2):
        remove = service.add("demo", hourly(), quick)
        status = service.status("demo.report")
        assert status.last == kept.runs[0]
        remove()
    assert service.status("demo.other").last is None
    await service.stop(0.1)


async def test_a_run_that_was_cut_off_is_the_last_one(boot: Boot, clock: Turned, kept: Any) -> None:
    await cut_off(boot, clock, kept, Misfire.SKIP)
    service = await boot(hourly(misfire=Misfire.SKIP))
    last = service.status("demo.report").last
    assert last is not None
    assert (last.outcome, last.scheduled_for.hour) == (ABANDONED, 1)
    await service.stop(0.1)


async def test_an_interval_goes_on_from_its_last_run_over_a_restart(boot: Boot, clock: Turned, kept: Any) -> None:
    spec = JobSpec("demo.slow", declared, every=timedelta(hours=6))
    first = await boot(spec)
    await clock.run_for(6 * 3600)
    await first.stop(0.1)
    for _ in range(4):  # one that is restarted every two hours runs it all the same
        service = await boot(spec)
        await clock.run_for(2 * 3600)
        await service.stop(0.1)
    assert len(kept.runs) == 2


async def test_a_wall_clock_job_does_not_run_twice_when_the_clock_is_set_back_an_hour(
    boot: Boot, clock: Turned, kept: Any
) -> None:
    service = await boot(JobSpec("demo.a", declared, cron="0 2 * * *"))
    await clock.run_for(2 * 3600)
    clock.by = -timedelta(hours=1)
    await clock.run_for(3 * 3600)
    await service.stop(0.1)
    assert told(kept) == [(OK, 2)]


async def test_an_interval_is_not_held_up_by_a_clock_that_is_set_back(boot: Boot, clock: Turned, kept: Any) -> None:
    service = await boot(JobSpec("demo.a", declared, every=timedelta(minutes=10)))
    await clock.run_for(605)
    clock.by = -timedelta(hours=2)
    await clock.run_for(1200)
    await service.stop(0.1)
    assert len(kept.runs) == 3


async def test_a_suspended_machine_catches_up_as_declared(boot: Boot, clock: Turned, kept: Any) -> None:
    service = await boot(hourly(misfire=CatchUp(2)))
    clock.advance(5 * 3600)  # every timer is due at once, hours late
    await clock.run_for(2)
    await service.stop(0.1)
    assert told(kept) == [(MISSED, 3), (OK, 4), (OK, 5)]
    assert kept.runs[0].slots == 3


async def test_a_clock_set_ahead_and_back_again_leaves_one_run_for_each_slot(
    boot: Boot, clock: Turned, kept: Any
) -> None:
    service = await boot(JobSpec("demo.a", declared, cron="0 1,2,3 * * *", misfire=CatchUp(9)))
    clock.by = timedelta(hours=2)
    await clock.run_for(5)
    clock.by = timedelta()
    await clock.run_for(3 * 3600)
    await service.stop(0.1)
    assert told(kept) == [(OK, 1), (OK, 2), (OK, 3)]


@pytest.mark.parametrize(
    ("overlap", "begun", "outcomes"),
    [
        (Overlap.SKIP, 1, [SKIPPED, SKIPPED, OK]),
        (Overlap.QUEUE, 1, [OK, OK, OK]),
        (Parallel(2), 2, [SKIPPED, OK, OK]),
    ],
)
async def test_a_job_that_is_due_while_it_runs_follows_its_policy(
    boot: Boot, clock: Turned, kept: Any, overlap: Any, begun: int, outcomes: Any
) -> None:
    gate, started = asyncio.Event(), []

    async def run() -> None:
        started.append(clock.now())
        await gate.wait()

    service = await boot(hourly(overlap=overlap, deadline=timedelta(hours=9)), run)
    await clock.run_for(3 * 3600)
    assert len(started) == begun
    gate.set()
    await clock.run_for(5)
    await service.stop(0.1)
    assert [run.outcome for run in kept.runs] == outcomes


async def test_jitter_delays_a_run_and_not_its_slot(clock: Turned, guard: Guard, log: Any, kept: Any) -> None:
    service = SchedulerService(
        clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept, draw=lambda: 0.5
    )
    service.add("demo", hourly(jitter=timedelta(minutes=10)), quick)
    await service.start()
    await clock.run_for(34 * 60)
    assert kept.runs == []
    await clock.run_for(2 * 60)
    await service.stop(0.1)
    (run,) = kept.runs
    assert (run.scheduled_for.minute, run.started_at.minute) == (0, 5)


PROGRAM = """
import asyncio, json, sys
from datetime import timedelta
from pathlib import Path
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs import JobSpec, PluginState
from coreops_shared.clock import SystemClock
from coreops_shared.logging import get_logger
from coreops_shared.state.store import Store

async def main(path):
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    states.discover("demo")
    states.change("demo", PluginState.ACTIVE)
    store = Store(path)
    await store.open()
    service = SchedulerService(
        clock=clock, guard=Guard(clock, states, lambda _: None), log=get_logger("test"), publish=lambda _: None,
        store=store.runs)
    async def run():
        print("begun", flush=True)
        await asyncio.Event().wait()
    service.add("demo", JobSpec("demo.long", None, every=timedelta(seconds=1)), run)
    await service.start()
    await asyncio.Event().wait()

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_a_killed_process_leaves_a_run_that_the_next_one_finds(
    tmp_path: Path, guard: Guard, log: Any, kept: Any
) -> None:
    path = tmp_path / "state.sqlite3"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(path), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"begun\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    store = Store(path)
    await store.open()
    (cut,) = (await store.runs.memory()).cut[:1]
    clock = ManualClock(cut.scheduled_for + timedelta(seconds=90))
    ran: list[datetime] = []

    async def run() -> None:
        ran.append(clock.now())

    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=store.runs)
    service.add("demo", JobSpec("demo.long", declared, every=timedelta(hours=1)), run)
    await service.start()
    async with asyncio.timeout(10):
        while not ran:
            await asyncio.sleep(0.01)
            await clock.run_for(0.1)
    await service.stop(0.5)
    found = await store.runs.latest("demo.long")
    await store.close()
    slot = cut.scheduled_for
    assert [run.outcome for run in found if run.scheduled_for == slot] == [OK, ABANDONED], json.dumps(log.lines[-3:])
    assert len(ran) == 1

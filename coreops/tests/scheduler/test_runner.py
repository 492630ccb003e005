"""Running jobs."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs.errors import DeclarationError, SheetsUnavailableError, UnknownJobError
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.jobs import JobSpec, RunOutcome
from coreops_hookspecs.telemetry import JobCompleted
from coreops_shared import trace
from coreops_shared.clock import ManualClock

LIMIT = 5.0


async def declared(_: Any) -> None: ...


def every(minutes: float, name: str = "demo.tick", **more: Any) -> JobSpec:
    return JobSpec(name, declared, every=timedelta(minutes=minutes), **more)


@pytest.fixture
async def scheduler(clock: ManualClock, guard: Guard, log: Any, kept: Any) -> AsyncIterator[SchedulerService]:
    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
    await service.start()
    yield service
    await service.stop(0.1)


async def test_a_job_runs_each_time_it_is_due(scheduler: SchedulerService, clock: ManualClock, kept: Any) -> None:
    started = []

    async def run() -> None:
        started.append(clock.now())

    first = clock.now()
    scheduler.add("demo", every(10), run)
    await clock.run_for(31 * 60)
    assert [at - first for at in started] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=30)]
    assert [run.scheduled_for for run in kept.runs] == started


async def test_a_run_has_a_trace_of_its_own_and_the_actor_cron(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    seen = []

    async def run() -> None:
        seen.append((trace.current(), trace.actor()))

    scheduler.add("demo", every(1), run)
    await clock.run_for(125)
    assert seen == [(run.trace, "cron") for run in kept.runs]
    assert len({run.trace for run in kept.runs}) == 2


async def test_every_run_is_published(scheduler: SchedulerService, clock: ManualClock, kept: Any) -> None:
    async def run() -> None: ...

    scheduler.add("demo", every(1), run)
    await clock.run_for(60)
    (event,) = kept.events
    assert isinstance(event, JobCompleted)
    assert event.run == kept.runs[0]
    assert scheduler.list_jobs()[0].last == event.run


async def test_one_failure_never_ends_a_job(scheduler: SchedulerService, clock: ManualClock, kept: Any) -> None:
    async def run() -> None:
        raise ValueError("token=abc went wrong")

    scheduler.add("demo", every(1), run)
    await clock.run_for(180)
    assert kept.outcomes == [RunOutcome.ERROR] * 3
    assert kept.runs[0].error.startswith("ValueError: ")
    assert "abc" not in kept.runs[0].error


async def test_an_outage_of_a_service_outside_is_no_fault_of_the_plugin(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, faults: list[Any]
) -> None:
    async def run() -> None:
        raise SheetsUnavailableError("google sheets does not answer")

    scheduler.add("demo", every(1), run)
    await clock.run_for(60)
    assert kept.outcomes == [RunOutcome.ERROR]
    assert kept.runs[0].error == "google sheets does not answer"
    assert faults == []


async def test_a_run_past_its_deadline_is_ended(scheduler: SchedulerService, kept: Any) -> None:
    async def run() -> None:
        await asyncio.Event().wait()

    scheduler.add("demo", every(1, deadline=timedelta(seconds=0.05)), run)
    run_of_it = await asyncio.wait_for(scheduler.run_now("demo.tick", actor="user:1"), LIMIT)
    assert run_of_it.outcome is RunOutcome.TIMEOUT
    assert kept.runs == [run_of_it]


async def test_a_job_that_is_still_running_is_skipped_and_not_started_twice(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    gate = asyncio.Event()
    started = []

    async def run() -> None:
        started.append(clock.now())
        await gate.wait()

    scheduler.add("demo", every(1), run)
    await clock.run_for(125)
    assert len(started) == 1
    assert scheduler.list_jobs()[0].running
    assert kept.outcomes == [RunOutcome.SKIPPED]
    gate.set()
    await clock.run_for(60)
    assert kept.outcomes == [RunOutcome.SKIPPED, RunOutcome.OK, RunOutcome.OK]


async def test_a_job_of_a_quarantined_plugin_is_skipped_with_the_reason(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, states: PluginStates
) -> None:
    async def run() -> None: ...

    scheduler.add("demo", every(1), run)
    states.change("demo", PluginState.FAILED, "startup raised")
    await clock.run_for(60)
    assert kept.outcomes == [RunOutcome.SKIPPED]
    assert "startup raised" in kept.runs[0].error


async def test_a_run_that_cannot_be_written_down_is_logged_and_changes_nothing(
    scheduler: SchedulerService, clock: ManualClock, kept: Any, log: Any
) -> None:
    async def run() -> None: ...

    kept.broken = True
    scheduler.add("demo", every(1), run)
    await clock.run_for(120)
    assert len(kept.events) == 2
    assert log.messages("warning") == ["runs could not be written down"]


async def test_run_now_keeps_the_callers_trace_and_actor(scheduler: SchedulerService) -> None:
    async def run() -> None: ...

    scheduler.add("demo", every(1), run)
    with trace.span("a" * 32):
        run_of_it = await scheduler.run_now("demo.tick", actor="user:7")
    assert (run_of_it.trace, run_of_it.actor, run_of_it.outcome) == ("a" * 32, "user:7", RunOutcome.OK)


async def test_a_caller_that_stops_waiting_does_not_stop_the_run(scheduler: SchedulerService, kept: Any) -> None:
    gate, entered = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        entered.set()
        await gate.wait()

    scheduler.add("demo", every(1), run)
    caller = asyncio.create_task(scheduler.run_now("demo.tick", actor="user:1"))
    await asyncio.wait_for(entered.wait(), LIMIT)
    caller.cancel()
    await asyncio.wait([caller])
    gate.set()
    await asyncio.wait_for(until(lambda: kept.runs), LIMIT)
    assert kept.outcomes == [RunOutcome.OK]


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0)


async def test_an_unknown_job_is_an_error_that_names_those_there_are(scheduler: SchedulerService) -> None:
    scheduler.add("demo", every(1), lambda: declared(None))
    with pytest.raises(UnknownJobError, match=r"no job 'nope'; there are: demo\.tick"):
        await scheduler.run_now("nope", actor="user:1")


async def test_a_name_that_is_taken_is_refused_with_both_owners(scheduler: SchedulerService) -> None:
    scheduler.add("demo", every(1), lambda: declared(None))
    with pytest.raises(DeclarationError, match=r"job 'demo\.tick' of plugin 'other' .* from plugin 'demo'"):
        scheduler.add("other", every(1), lambda: declared(None))


async def test_a_removed_job_is_gone_and_its_run_goes_on_to_its_end(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    release = asyncio.Event()
    runs: list[str] = []

    async def run() -> None:
        runs.append("begun")
        await release.wait()

    remove = scheduler.add("demo", every(1), run)
    held = weakref.ref(run)
    await clock.run_for(61)
    remove()
    await clock.run_for(300)
    assert scheduler.list_jobs() == []
    assert runs == ["begun"]
    release.set()
    await clock.run_for(1)
    assert kept.outcomes == [RunOutcome.OK]
    del run, remove
    gc.collect()
    assert held() is None, "nothing holds the plugin's code until it would have been due"


async def test_stop_waits_for_runs_within_its_grace_and_abandons_the_rest(
    clock: ManualClock, guard: Guard, log: Any, kept: Any
) -> None:
    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
    await service.start()

    async def quick() -> None:
        await asyncio.sleep(0.02)

    async def endless() -> None:
        await asyncio.Event().wait()

    service.add("demo", every(1, "demo.quick"), quick)
    service.add("demo", every(1, "demo.endless"), endless)
    await clock.run_for(60)
    await asyncio.wait_for(service.stop(0.5), LIMIT)
    assert {run.job: run.outcome for run in kept.runs} == {
        "demo.quick": RunOutcome.OK,
        "demo.endless": RunOutcome.ABANDONED,
    }


async def test_after_a_jump_ahead_a_job_runs_once_and_keeps_its_cadence(
    scheduler: SchedulerService, clock: ManualClock, kept: Any
) -> None:
    async def run() -> None: ...

    first = clock.now()
    scheduler.add("demo", every(10), run)
    await clock.run_for(1)
    clock.advance(3600 + 120)
    await clock.run_for(1)
    assert [(run.outcome, run.slots, run.scheduled_for - first) for run in kept.runs] == [
        (RunOutcome.MISSED, 5, timedelta(minutes=50)),
        (RunOutcome.OK, 1, timedelta(minutes=60)),
    ]
    assert scheduler.list_jobs()[0].next_at == first + timedelta(minutes=70)


async def test_after_the_clock_went_back_jobs_are_due_by_the_new_time(guard: Guard, log: Any, kept: Any) -> None:
    class Turned(ManualClock):
        back = timedelta()

        def now(self):
            return super().now() - self.back

    clock = Turned()
    service = SchedulerService(clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept)
    await service.start()

    async def run() -> None: ...

    service.add("demo", every(10), run)
    await clock.run_for(5 * 60)
    clock.back = timedelta(days=1)
    await clock.run_for(11 * 60)
    assert kept.outcomes == [RunOutcome.OK]
    assert "the wall clock was set back; jobs are planned again" in log.messages("warning")
    await service.stop(0.1)


async def test_jobs_of_other_rooms_are_listed_and_run_under_the_same_names(
    clock: ManualClock, guard: Guard, log: Any, kept: Any, scheduler: SchedulerService
) -> None:
    async def run() -> None: ...

    scheduler.add("demo", every(1, "demo.b"), run)
    front = SchedulerService(
        clock=clock, guard=guard, log=log, publish=kept.events.append, store=kept, others=(scheduler,)
    )
    front.add("demo", every(1, "demo.a"), run)
    assert [job.name for job in front.list_jobs()] == ["demo.a", "demo.b"]
    assert (await front.run_now("demo.b", actor="user:1")).job == "demo.b"

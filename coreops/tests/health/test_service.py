"""Health, folded."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from coreops.health.service import HealthService, Vitals, fold
from coreops.plugins.states import PluginStates
from coreops_hookspecs.errors import DeclarationError, SheetsUnavailableError
from coreops_hookspecs.health import CheckResult, HealthCheck, HealthStatus, PluginState
from coreops_hookspecs.telemetry import CommandCompleted, GatewayChanged
from coreops_shared.clock import ManualClock

OK, DEGRADED, DOWN = HealthStatus.OK, HealthStatus.DEGRADED, HealthStatus.DOWN


async def declared(_: Any) -> CheckResult:
    return CheckResult(OK)


def check(name: str = "api", **more: Any) -> HealthCheck:
    return HealthCheck(name, declared, **more)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], OK),
        ([(OK, True), (OK, False)], OK),
        ([(OK, True), (DEGRADED, True)], DEGRADED),
        ([(DOWN, False), (OK, True)], DEGRADED),
        ([(DEGRADED, False), (DOWN, True)], DOWN),
    ],
)
def test_only_a_critical_part_takes_the_whole_down(parts: list[tuple[HealthStatus, bool]], whole: HealthStatus) -> None:
    assert fold(parts) is whole


async def test_the_report_tells_who_how_long_and_the_vitals(service: HealthService, clock: ManualClock) -> None:
    clock.advance(90)
    report = await service.report()
    assert (report.bot, report.env, report.pid, report.uptime) == ("CoreOps", "test", 4242, 90)
    assert (report.gateway_connected, report.gateway_latency, report.loop_lag) == (True, 0.042, 0.001)
    assert (report.phase, report.ready, report.status) == ("starting", False, OK)


async def test_since_is_the_last_change_of_status_and_not_of_the_detail(
    service: HealthService, clock: ManualClock
) -> None:
    service.set_component("gateway", DOWN, "refused")
    began = clock.now()
    clock.advance(60)
    service.set_component("gateway", DOWN, "refused again")
    (component,) = (await service.report()).components
    assert (component.detail, component.since) == ("refused again", began)
    clock.advance(60)
    service.set_component("gateway", OK)
    (component,) = (await service.report()).components
    assert component.since == began + timedelta(seconds=120)


async def test_ready_needs_the_phase_and_no_critical_part_down(service: HealthService) -> None:
    assert not await service.ready()
    service.phase = "ready"
    assert await service.ready()
    service.set_component("history", DOWN, critical=False)
    assert await service.ready()
    service.set_component("gateway", DOWN)
    assert not await service.ready()
    service.set_component("gateway", OK)
    service.phase = "draining"
    assert not await service.ready()


async def test_a_watched_part_is_asked_each_time_until_it_is_removed(service: HealthService) -> None:
    answers = [CheckResult(OK), CheckResult(DEGRADED, "2 of 3 stale")]
    remove = service.watch("buckets", lambda: answers.pop(0))
    assert (await service.report()).status is OK
    report = await service.report()
    assert report.status is DEGRADED
    assert report.components[0].detail == "2 of 3 stale"
    remove()
    assert (await service.report()).components == ()


async def test_since_is_right_although_nobody_asked_when_it_changed(service: HealthService, clock: ManualClock) -> None:
    answers = [CheckResult(OK)]
    service.watch("gateway", lambda: answers[-1])
    await service.report()
    clock.advance(60)
    answers.append(CheckResult(DOWN))
    await service.observe(GatewayChanged(at=clock.now(), state="disconnected"))
    changed = clock.now()
    clock.advance(600)
    assert (await service.report()).components[0].since == changed


async def test_a_plugins_check_is_a_component_under_its_plugins_name(service: HealthService) -> None:
    async def answer() -> CheckResult:
        return CheckResult(DEGRADED, "slow")

    remove = service.add_check("demo", check(), answer)
    (component,) = (await service.report()).components
    assert (component.name, component.status, component.detail) == ("demo.api", DEGRADED, "slow")
    remove()
    assert (await service.report()).components == ()


async def test_a_check_past_its_deadline_is_down(service: HealthService) -> None:
    async def hang() -> CheckResult:
        await asyncio.Event().wait()
        raise AssertionError

    service.add_check("demo", check(timeout=timedelta(seconds=0.05)), hang)
    report = await asyncio.wait_for(service.report(), 5)
    assert report.status is DEGRADED
    assert report.components[0].status is DOWN
    assert report.components[0].detail == "no answer within 50 ms"


@pytest.mark.parametrize(
    ("failure", "detail"),
    [
        (ValueError("no"), "ValueError: no"),
        (SheetsUnavailableError("google does not answer"), "google does not answer"),
    ],
)
async def test_a_check_that_raises_is_down_with_the_reason(
    service: HealthService, failure: Exception, detail: str
) -> None:
    async def broken() -> CheckResult:
        raise failure

    service.add_check("demo", check(critical=True), broken)
    report = await service.report()
    assert report.status is DOWN
    assert report.components[0].detail == detail


async def test_a_check_that_returns_something_else_is_down(service: HealthService) -> None:
    async def wrong() -> Any:
        return True

    service.add_check("demo", check(), wrong)
    assert "returned bool" in (await service.report()).components[0].detail


async def test_a_check_of_a_plugin_that_does_not_serve_is_degraded_and_not_asked(
    service: HealthService, states: PluginStates
) -> None:
    async def never() -> CheckResult:
        raise AssertionError

    service.add_check("demo", check(critical=True), never)
    states.change("demo", PluginState.FAILED, "startup raised")
    service.phase = "ready"
    report = await service.report()
    assert (report.status, report.ready) == (DEGRADED, True)
    assert "startup raised" in report.components[0].detail


async def test_checks_are_asked_at_most_every_fifteen_seconds(service: HealthService, clock: ManualClock) -> None:
    asked = []

    async def answer() -> CheckResult:
        asked.append(clock.monotonic())
        return CheckResult(OK)

    service.add_check("demo", check(), answer)
    for _ in range(4):
        await service.report()
        clock.advance(5)
    assert asked == [0, 15]


async def test_callers_at_the_same_time_share_one_asking(service: HealthService) -> None:
    gate, asked = asyncio.Event(), []

    async def answer() -> CheckResult:
        asked.append(1)
        await gate.wait()
        return CheckResult(OK)

    service.add_check("demo", check(), answer)
    callers = [asyncio.create_task(service.report()) for _ in range(3)]
    impatient = callers.pop()
    while not asked:
        await asyncio.sleep(0)
    impatient.cancel()
    gate.set()
    reports = await asyncio.wait_for(asyncio.gather(*callers), 5)
    assert [report.status for report in reports] == [OK, OK]
    assert len(asked) == 1


async def test_a_check_declared_twice_is_refused(service: HealthService) -> None:
    service.add_check("demo", check(), lambda: declared(None))
    with pytest.raises(DeclarationError, match="'api' of plugin 'demo' is declared twice"):
        service.add_check("demo", check(), lambda: declared(None))


async def test_unknown_vitals_stay_unknown(service: HealthService, figures: Any) -> None:
    figures.vitals = Vitals()
    report = await service.report()
    assert (report.gateway_connected, report.gateway_latency, report.last_event_age) == (False, None, None)


async def test_changes_of_status_are_kept_newest_first(service: HealthService, clock: ManualClock) -> None:
    service.set_component("state", HealthStatus.OK)
    assert (await service.report()).changes == ()
    clock.advance(60)
    service.set_component("state", HealthStatus.DEGRADED, "the disk is full")
    service.set_component("state", HealthStatus.DEGRADED, "still full")
    clock.advance(60)
    service.set_component("state", HealthStatus.OK)
    newest, oldest = (await service.report()).changes
    assert (oldest.component, oldest.old, oldest.new) == ("state", HealthStatus.OK, HealthStatus.DEGRADED)
    assert (oldest.detail, newest.new) == ("the disk is full", HealthStatus.OK)
    assert (newest.at - oldest.at).total_seconds() == 60


async def test_answers_that_discord_did_not_take_are_counted(service: HealthService, clock: ManualClock) -> None:
    for outcome in ("ok", "lost", "upstream", "lost"):
        await service.observe(
            CommandCompleted(at=clock.now(), command="x", plugin="demo", surface="slash", outcome=outcome, duration=0.1)
        )
    assert (await service.report()).losses.answers == 2

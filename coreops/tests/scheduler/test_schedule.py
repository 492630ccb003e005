"""A job's rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coreops.scheduler.schedule import schedule_of
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import JobSpec

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def nothing(_: Any) -> None: ...


def test_an_interval_keeps_its_cadence_after_a_late_run() -> None:
    schedule, _ = schedule_of(JobSpec("a", nothing, every=timedelta(minutes=10)), NOW)
    assert schedule.next_after(NOW + timedelta(minutes=14)) == NOW + timedelta(minutes=20)


def test_an_interval_is_due_later_than_the_instant_asked_about() -> None:
    schedule, _ = schedule_of(JobSpec("a", nothing, every=timedelta(minutes=10)), NOW)
    assert schedule.next_after(NOW + timedelta(minutes=10)) == NOW + timedelta(minutes=20)
    assert schedule.upcoming(NOW, 2) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (JobSpec("a", nothing, every=timedelta(hours=3)), "every 3 h"),
        (JobSpec("a", nothing, cron="0  9 * * MON-FRI"), "0 9 * * mon-fri"),
    ],
)
def test_a_schedule_has_a_text_for_people(spec: JobSpec, text: str) -> None:
    assert schedule_of(spec, NOW)[1] == text


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (JobSpec("demo.a", nothing), "job 'demo.a' gives neither cron nor every"),
        (JobSpec("demo.a", nothing, cron="* * * * *", every=timedelta(hours=1)), "job 'demo.a' gives both"),
        (JobSpec("demo.a", nothing, every=timedelta(0)), "job 'demo.a': every is 0 s"),
        (JobSpec("demo.a", nothing, cron="61 * * * *"), "job 'demo.a': field minute of cron"),
        (JobSpec("demo.a", nothing, cron="1 * * * *", timezone="Nowhere"), "job 'demo.a': timezone 'Nowhere'"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_job_and_field(spec: JobSpec, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        schedule_of(spec, NOW)

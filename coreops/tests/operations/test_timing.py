"""Jobs at the time that the operator wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coreops.operations.timing import Timing, timed
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import JobSpec
from coreops_shared.config.declared import Resolved


async def work(_: Any) -> None:
    """Does nothing; it is never run here."""


SPEC = JobSpec("demo.report", work, cron="0 9 * * *", at="REPORT_TIME", zone="REPORT_ZONE")


def values(time: str = "09:00", zone: str = "UTC") -> dict[str, Resolved]:
    return {"REPORT_TIME": Resolved(time, "sheet:s!Config!B2"), "REPORT_ZONE": Resolved(zone, "env")}


class Kept:
    """Settings and jobs as the runtime keeps them, without the runtime."""

    def __init__(self) -> None:
        self.values: Mapping[str, Resolved] = values()
        self.jobs: dict[str, JobSpec] = {}

    def resolved(self) -> Mapping[str, Resolved]:
        return self.values

    def add(self, _plugin: str, spec: JobSpec, _run: object) -> Callable[[], None]:
        self.jobs[spec.name] = spec
        return self.jobs.clear

    def retime(self, spec: JobSpec) -> None:
        self.jobs[spec.name] = spec


@pytest.mark.parametrize(
    ("time", "cron"),
    [("09:00", "0 9 * * *"), ("7:05", "5 7 * * *"), (" 23:59 ", "59 23 * * *"), ("00:00", "0 0 * * *")],
)
def test_a_time_of_day_takes_the_place_of_cron(time: str, cron: str) -> None:
    wanted, problems = timed(SPEC, values(time, "Europe/Vienna"))
    assert (wanted.cron, wanted.timezone, problems) == (cron, "Europe/Vienna", [])


@pytest.mark.parametrize(
    ("time", "zone", "named"),
    [
        ("25:00", "UTC", "REPORT_TIME (sheet:s!Config!B2)"),
        ("nine", "UTC", "REPORT_TIME"),
        ("09:00", "Mars", "REPORT_ZONE"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_declaration_serves(time: str, zone: str, named: str) -> None:
    wanted, (problem,) = timed(SPEC, values(time, zone))
    assert wanted == SPEC
    assert named in problem


def test_a_reload_times_jobs_anew_and_an_unloaded_one_no_more() -> None:
    kept: Any = Kept()
    timing = Timing(kept, kept, pytest.fail)
    remove = timing.add("demo", SPEC, work)  # type: ignore[arg-type]
    kept.values = values("18:30")
    assert timing.problems(kept.values) == []
    timing.apply()
    assert kept.jobs["demo.report"].cron == "30 18 * * *"
    assert timing.problems(values("soon"))
    remove()
    timing.apply()
    assert kept.jobs == {}
    assert timing.problems(values("soon")) == []


def test_a_setting_that_nobody_declares_is_refused() -> None:
    kept: Any = Kept()
    kept.values = {}
    with pytest.raises(DeclarationError, match="REPORT_TIME, which no plugin declares"):
        Timing(kept, kept, pytest.fail).add("demo", SPEC, work)  # type: ignore[arg-type]


def test_a_job_of_no_setting_stays_as_it_is() -> None:
    kept: Any = Kept()
    plain = JobSpec("demo.tick", work, cron="* * * * *")
    Timing(kept, kept, pytest.fail).add("demo", plain, work)  # type: ignore[arg-type]
    assert kept.jobs["demo.tick"] is plain

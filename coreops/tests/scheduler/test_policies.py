"""What becomes of times that passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coreops.scheduler.cron import Cron
from coreops.scheduler.policies import check_policies, decide, passed, policy_text
from coreops.scheduler.schedule import Interval, schedule_of
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import CatchUp, JobSpec, Misfire, Overlap, Parallel

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOURS = tuple(NOW - timedelta(hours=ago) for ago in (3, 2, 1))


async def nothing(_: Any) -> None: ...


@pytest.mark.parametrize(
    ("misfire", "run", "missed"),
    [
        (Misfire.SKIP, (), HOURS),
        (Misfire.RUN_ONCE, HOURS[2:], HOURS[:2]),
        (CatchUp(2), HOURS[1:], HOURS[:1]),
        (CatchUp(9), HOURS, ()),
    ],
)
def test_late_slots_are_run_as_declared(misfire: Any, run: Any, missed: Any) -> None:
    assert decide(HOURS, NOW, misfire) == (run, missed)


@pytest.mark.parametrize(
    ("misfire", "run", "missed"),
    [
        (Misfire.SKIP, (NOW,), HOURS),
        (Misfire.RUN_ONCE, (NOW,), HOURS),
        (CatchUp(1), (HOURS[2], NOW), HOURS[:2]),
    ],
)
def test_a_slot_within_a_minute_is_on_time_and_stands_for_the_late_ones(misfire: Any, run: Any, missed: Any) -> None:
    assert decide((*HOURS, NOW), NOW + timedelta(seconds=59), misfire) == (run, missed)


@pytest.mark.parametrize(
    ("misfire", "run"), [(Misfire.SKIP, ()), (Misfire.RUN_ONCE, HOURS[:1]), (CatchUp(3), HOURS[:1])]
)
def test_a_slot_whose_run_was_cut_off_is_late(misfire: Any, run: Any) -> None:
    assert decide((), NOW, misfire, cut=HOURS[:1])[0] == run


def test_only_the_latest_slots_of_a_long_absence_are_looked_at() -> None:
    found = passed(Interval(timedelta(seconds=1), NOW), NOW, NOW + timedelta(days=30), 5)
    assert [NOW + timedelta(days=30) - slot for slot in found] == [timedelta(seconds=ago) for ago in (4, 3, 2, 1, 0)]
    assert passed(Cron("0 0 1 1 *"), NOW - timedelta(days=900), NOW) == tuple(
        datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 2025, 2026)
    )
    assert passed(Cron("0 0 1 1 *"), NOW, NOW + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"misfire": CatchUp(0)}, "misfire catches up 0 times; give 1 to 100"),
        ({"misfire": CatchUp(101)}, "misfire catches up 101 times"),
        ({"overlap": Parallel(0)}, "overlap allows 0 runs at a time"),
        ({"deadline": timedelta(0)}, "deadline is 0 s"),
        ({"jitter": timedelta(hours=1)}, "jitter is 1 h; give less than 1 h"),
        ({"jitter": timedelta(seconds=-1)}, "jitter is"),
    ],
)
def test_a_policy_that_cannot_be_kept_is_refused_with_job_and_field(more: dict[str, Any], message: str) -> None:
    spec = JobSpec("demo.a", nothing, every=timedelta(hours=1), **more)
    with pytest.raises(DeclarationError, match=f"job 'demo.a': {message}"):
        check_policies(spec, schedule_of(spec, NOW)[0], NOW)


def test_policies_have_words_for_people() -> None:
    spec = JobSpec("demo.a", nothing, every=timedelta(hours=1), misfire=CatchUp(3), overlap=Parallel(2))
    assert policy_text(spec) == "missed: catch up 3, overlap: parallel 2, deadline 5 min"
    spec = JobSpec("demo.a", nothing, cron="* * * * *", overlap=Overlap.QUEUE, jitter=timedelta(seconds=30))
    assert policy_text(spec) == "missed: run once, overlap: queue, deadline 5 min, jitter 30 s"

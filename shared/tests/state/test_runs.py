"""Runs are written down before they begin and when they end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.jobs import JobRun, Pause, RunOutcome
from coreops_shared.state.runs import Begun, history
from coreops_shared.state.store import Store

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path)
    await store.open()
    yield store
    await store.close()


def begun(job: str, trace: str) -> Begun:
    return Begun(job, "demo", NOON, NOON, "cron", trace)


def ended(job: str, trace: str, slots: int = 1) -> JobRun:
    return JobRun(job, "demo", NOON, NOON, 0.5, RunOutcome.OK, "cron", trace, "", slots)


async def test_what_began_and_did_not_end_is_known_after_the_process_is_gone(store: Store) -> None:
    await store.runs.begin(1, [begun("a", "t1"), begun("b", "t2")])
    await store.runs.begin(2, [begun("c", "t3")])
    await store.runs.end([ended("a", "t1"), ended("c", "t3")], over=[2])
    assert (await store.runs.memory()).cut == [begun("b", "t2")]
    cut = JobRun("b", "demo", NOON, NOON, 0.0, RunOutcome.ABANDONED, "cron", "t2", "cut off")
    await store.runs.settle([cut])
    assert (await store.runs.memory()).cut == []
    assert await store.runs.latest("b") == [cut]


async def test_up_to_which_time_a_job_is_served_is_kept(store: Store) -> None:
    for hours in (1, 2):
        await store.runs.end([ended("a", "t")], slots={"a": NOON + timedelta(hours=hours)})
    assert (await store.runs.memory()).slots == {"a": NOON + timedelta(hours=2)}


async def test_how_each_job_ended_last_is_kept(store: Store) -> None:
    await store.runs.end([ended("a", "t1"), ended("b", "t2"), ended("a", "t3")])
    assert (await store.runs.memory()).last == {"a": ended("a", "t3"), "b": ended("b", "t2")}


async def test_a_pause_is_kept_until_it_ends(store: Store) -> None:
    pause = Pause("user:1", NOON)
    await store.runs.pause("a", pause)
    assert (await store.runs.memory()).pauses == {"a": pause}
    await store.runs.pause("a", None)
    assert (await store.runs.memory()).pauses == {}


async def test_the_history_of_a_file_can_be_read_beside_the_bot(store: Store, path: Path) -> None:
    await store.runs.end([ended("a", "t1", slots=4), ended("b", "t2")])
    assert history(path, "a", 5) == [ended("a", "t1", slots=4)]
    with pytest.raises(CoreOpsError, match="has no runs to read"):
        history(path.with_name("none"), None, 5)


async def test_runs_are_written_as_a_whole_or_not_at_all(store: Store) -> None:
    await store.runs.begin(1, [begun("a", "t1")])
    odd = JobRun("a", None, NOON, NOON, 0.0, RunOutcome.OK, "cron", "t1")  # type: ignore[arg-type]
    with pytest.raises(CoreOpsError, match="NOT NULL"):
        await store.runs.end([ended("a", "t0"), odd], over=[1])
    assert await store.runs.latest() == []
    assert len((await store.runs.memory()).cut) == 1

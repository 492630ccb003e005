"""History: kept over restarts, written in batches, forgotten in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coreops.telemetry.history import History, Keeping
from coreops_hookspecs.telemetry import CommandCompleted
from coreops_shared.clock import ManualClock
from coreops_shared.state.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "state.sqlite3")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def run(clock: ManualClock) -> Any:
    async def run(history: History, *outcomes: str, seconds: float = 0.1) -> None:
        for outcome in outcomes:
            await history.observe(
                CommandCompleted(
                    at=clock.now(), command="ping", plugin="ops", surface="slash", outcome=outcome, duration=seconds
                )
            )

    return run


async def test_a_day_is_rolled_up_by_series_and_by_kind_in_steps(store: Store, clock: ManualClock, run: Any) -> None:
    history = History(clock, store.telemetry)
    await run(history, "ok", "error")
    await clock.run_for(3600)
    await run(history, "ok", seconds=0.4)
    day, trend = await history.day(1800)
    (ping,) = (each for each in day if each.kind == "command")
    assert (ping.name, ping.count, ping.failures) == ("ping", 3, 1)
    assert ping.p50 == pytest.approx(0.1, rel=0.05)
    assert ping.p99 == pytest.approx(0.4, rel=0.05)
    steps = [each for each in trend if each.kind == "command"]
    assert [(each.count, each.failures) for each in steps] == [(2, 1), (1, 0)]
    assert steps[1].start - steps[0].start == 3600


async def test_a_start_goes_on_with_the_slot_that_the_one_before_has_begun(
    store: Store, clock: ManualClock, run: Any
) -> None:
    before, after = History(clock, store.telemetry), History(clock, store.telemetry)
    await run(before, "ok", "error")
    await before.stop()
    await after.start()
    await run(after, "ok")
    await after.stop()
    assert ("command", 3, 1) in await after.totals()


async def test_what_changed_is_written_by_itself_in_one_statement(clock: ManualClock, run: Any) -> None:
    class Rows:
        def __init__(self) -> None:
            self.saved: list[list[Any]] = []

        async def save(self, slots: Any) -> None:
            self.saved.append(list(slots))

        async def load(self, since: int) -> list[Any]:
            return []

        async def totals(self, since: int) -> list[Any]:
            return []

        async def prune(self, before: int, size: int) -> None: ...

    rows = Rows()
    history = History(clock, rows, Keeping(every=30.0))
    await history.start()
    await run(history, *["ok"] * 100)
    assert rows.saved == []
    await clock.run_for(61)
    await history.stop()
    assert [len(batch) for batch in rows.saved] == [2]


async def test_the_ages_of_buckets_are_sampled_and_stale_ones_count_as_failures(
    store: Store, clock: ManualClock
) -> None:
    class Bucket:
        name, age, stale, available = "clans", 600.0, True, True

    history = History(clock, store.telemetry, Keeping(every=30.0))
    history.buckets = lambda: [Bucket()]  # type: ignore[list-item]
    await history.start()
    await clock.run_for(31)
    await history.stop()
    (age,) = (await history.day(1800))[0]
    assert (age.kind, age.name, age.failures) == ("age", "clans", 1)
    assert age.p50 == pytest.approx(600, rel=0.05)


async def test_what_is_older_than_the_days_that_are_kept_is_forgotten(
    store: Store, clock: ManualClock, run: Any
) -> None:
    history = History(clock, store.telemetry, Keeping(days=2))
    await run(history, "ok")
    await history.write()
    await clock.run_for(timedelta(days=3).total_seconds())
    await run(history, "error")
    await history.write()
    await history.prune()
    assert sum(each.count for each in await store.telemetry.load(0) if each.kind == "command") == 1

"""The table of telemetry history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from coreops_shared.state.store import Store
from coreops_shared.state.telemetry import StoredSlot


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "state.sqlite3")
    await store.open()
    yield store
    await store.close()


def slot(number: int, name: str = "ops health", count: int = 3) -> StoredSlot:
    return StoredSlot(number * 900, "command", name, count, 1, {0: 1, 73: count - 1})


async def test_slots_are_read_back_from_an_instant_on_in_order_of_time(store: Store) -> None:
    await store.telemetry.save([slot(3), slot(1), slot(2, "übung 'x'")])
    assert await store.telemetry.load(1800) == [slot(2, "übung 'x'"), slot(3)]


async def test_a_slot_that_is_written_again_takes_the_place_of_what_was_written(store: Store) -> None:
    await store.telemetry.save([slot(1, count=3)])
    await store.telemetry.save([slot(1, count=5)])
    assert await store.telemetry.load(0) == [slot(1, count=5)]
    assert await store.telemetry.totals(0) == [("command", 5, 1)]


async def test_what_is_too_old_is_forgotten_and_of_too_much_the_oldest(store: Store) -> None:
    await store.telemetry.save([slot(number) for number in range(10)])
    await store.telemetry.prune(900 * 2, 1 << 20)
    assert [each.slot // 900 for each in await store.telemetry.load(0)] == list(range(2, 10))
    await store.telemetry.prune(0, 200 * 3)
    assert [each.slot // 900 for each in await store.telemetry.load(0)] == [7, 8, 9]


async def test_a_row_with_long_names_takes_no_more_than_the_bound_counts_with(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    store = Store(path)
    await store.open()
    spread = dict.fromkeys(range(60, 70), 12)
    name = "recruitment.refresh_everything"
    rows = [StoredSlot(at * 900, "command", f"{name}{n}", 120, 3, spread) for at in range(50) for n in range(40)]
    await store.telemetry.save(rows)
    await store.close()
    assert path.stat().st_size / len(rows) < 200


async def test_a_closed_store_loses_slots_and_raises_nothing(store: Store) -> None:
    await store.close()
    await store.telemetry.save([slot(1)])
    assert await store.telemetry.load(0) == []

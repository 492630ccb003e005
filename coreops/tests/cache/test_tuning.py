"""Buckets whose times or tab change while they serve, and what is known of their copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coreops_hookspecs.cache import RowChange, SnapshotDiff
from coreops_hookspecs.errors import DeclarationError
from coreops_shared.clock import ManualClock
from coreops_shared.state.store import Store


async def test_a_shorter_ttl_holds_for_the_rows_that_are_there(cache: Any, clans: Any, clock: ManualClock) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    clock.advance(120)
    before = cache.retune(clans(ttl=timedelta(minutes=1)))
    assert before.ttl == timedelta(hours=1)
    status = cache.status("clans")
    assert (status.ttl, status.stale, status.next_refresh_at) == (60.0, True, clock.now())


async def test_a_maximum_age_holds_for_the_rows_that_are_there(cache: Any, clans: Any, clock: ManualClock) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    cache.retune(clans(max_age=timedelta(hours=2)))
    assert (cache.status("clans").max_age, cache.status("clans").available) == (7200.0, True)
    clock.advance(7200)
    assert not cache.status("clans").available


async def test_another_tab_is_read_at_once_and_the_old_rows_serve_until_then(
    cache: Any, clans: Any, shelf: Any, until: Any
) -> None:
    cache.add("demo", clans())
    await cache.preload(5)
    shelf.open.clear()
    cache.retune(clans(tab="Tags"))
    assert [row.tag for row in cache.get_snapshot("clans").rows] == ["F-IT", "ABC"]
    assert cache.status("clans").stale
    shelf.open.set()
    await until(lambda: cache.get_snapshot("clans").revision == 2)
    assert [row.tag for row in cache.get_snapshot("clans").rows] == ["X"]


async def test_a_bucket_that_moves_while_it_is_read_is_read_again(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock
) -> None:
    cache.add("demo", clans())
    shelf.open.clear()
    flight = cache._refresher.launch([cache.buckets()[0]], "user:1")[0]
    cache.retune(clans(tab="Tags"))
    shelf.open.set()
    await flight
    assert cache.buckets()[0].due_at <= clock.monotonic()


def test_times_that_cannot_be_used_change_nothing(cache: Any, clans: Any) -> None:
    cache.add("demo", clans())
    with pytest.raises(DeclarationError, match="max_age 1 min is shorter"):
        cache.retune(clans(max_age=timedelta(minutes=1)))
    assert cache.status("clans").max_age is None


async def test_when_every_row_is_wrong_the_last_good_rows_serve(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    shelf.write("book", "Clans", "tag,level", "F-IT,#REF!", "ABC,#REF!")
    result = await cache.refresh_now("clans", actor="user:1")
    assert not result.ok
    assert "no row of tab 'Clans' can be read, all 2 are wrong: B2: '#REF!' is not a whole number" in result.error
    assert len(cache.get_snapshot("clans").rows) == 2


async def test_a_tab_without_rows_is_an_empty_table(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    shelf.write("book", "Clans", "tag,level")
    assert (await cache.refresh_now("clans", actor="user:1")).ok
    assert cache.get_snapshot("clans").rows == ()


async def test_a_bucket_tells_where_its_copy_on_disk_comes_from(
    make_cache: Any, clans: Any, store: Store, until: Any, clock: ManualClock
) -> None:
    first = make_cache(store)
    first.add("demo", clans())
    assert first.status("clans").last_good is None
    await first.refresh_now("clans", actor="user:1")
    await until(lambda: first.status("clans").last_good)
    kept = first.status("clans").last_good
    assert (kept.spreadsheet, kept.tab, kept.loaded_at) == ("book", "Clans", clock.now())
    second = make_cache(store)
    second.add("demo", clans())
    await second.preload(5)
    assert len(second.status("clans").last_good.sha256) == 64


async def test_a_status_tells_setting_cron_and_whether_it_is_being_read(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans(cron="0 6 * * *"))
    shelf.open.clear()
    (flight,) = cache._refresher.launch(cache.buckets(), "user:1")
    status = cache.status("clans")
    assert (status.setting, status.cron, status.refreshing) == ("BOOK", "0 6 * * *", True)
    shelf.open.set()
    await flight
    assert not cache.status("clans").refreshing


async def test_two_snapshots_differ_by_the_keys_of_their_rows(cache: Any, clans: Any, shelf: Any) -> None:
    cache.add("demo", clans())
    await cache.refresh_now("clans", actor="user:1")
    before = cache.get_snapshot("clans")
    shelf.write("book", "Clans", "tag,level", "f-it,13", "NEW,1")
    await cache.refresh_now("clans", actor="user:1")
    after = cache.get_snapshot("clans")
    changed = RowChange("f-it", (("tag", "F-IT", "f-it"), ("level", 12, 13)))
    assert after.since(before) == SnapshotDiff(("NEW",), ("ABC",), (changed,))
    assert not after.since(replace(after, revision=9))

"""One bucket's state."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coreops.cache.bucket import Bucket
from coreops_hookspecs.cache import BucketSpec, RefreshResult, Snapshot
from coreops_hookspecs.errors import DeclarationError

AT = datetime(2026, 1, 1, tzinfo=UTC)


def spec(**more: Any) -> BucketSpec[Any]:
    return BucketSpec("clans", "BOOK", "Clans", dict, "tag", **({"ttl": timedelta(hours=1)} | more))


def bucket(**more: Any) -> Bucket:
    return Bucket("demo", spec(**more), 0.0)


def snapshot(revision: int = 1, loaded_at: datetime = AT, *, restored: bool = False) -> Snapshot[Any]:
    return Snapshot("clans", (1, 2), {}, loaded_at, revision, restored=restored)


def result(*, ok: bool = True, error: str = "") -> RefreshResult:
    return RefreshResult("clans", ok, 0.5, 1, "cron", "t", 2, 0, error)


def test_a_new_bucket_is_due_at_once_and_not_available() -> None:
    new = bucket()
    status = new.status(AT, 0.0, "book")
    assert (new.due_at, status.available, status.stale, status.age) == (0.0, False, True, None)
    assert (status.last_result, status.next_refresh_at) == ("never", AT)


def test_a_read_bucket_is_fresh_until_its_ttl() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 100.0)
    assert (read.is_stale(3699.0), read.is_stale(3700.0)) == (False, True)
    assert read.due_at == read.look_at == 3700.0
    status = read.status(AT + timedelta(minutes=10), 700.0, "book")
    assert (status.age, status.rows, status.revision, status.last_actor) == (600, 2, 1, "cron")
    assert status.next_refresh_at == AT + timedelta(hours=1)


def test_a_cron_takes_the_place_of_the_ttl() -> None:
    read = bucket(cron="30 4 * * *")
    read.succeed(snapshot(), result(), AT, 0.0)
    assert read.due_at == 4.5 * 3600


def test_a_failure_keeps_the_snapshot_and_tells_since_when_and_why() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 0.0)
    read.fail(result(ok=False, error="no quota"), AT + timedelta(hours=1), 3600.0)
    read.fail(result(ok=False, error="no answer"), AT + timedelta(hours=2), 7200.0)
    status = read.status(AT + timedelta(hours=2), 7200.0, "book")
    assert (status.available, status.stale, status.rows) == (True, True, 2)
    assert (status.last_error, status.failing_since) == ("no answer", AT + timedelta(hours=1))
    read.succeed(snapshot(2), result(), AT + timedelta(hours=3), 10800.0)
    status = read.status(AT + timedelta(hours=3), 10800.0, "book")
    assert (status.failing_since, status.last_error, status.revision) == (None, "", 2)


def test_retries_come_later_and_later_up_to_a_bound() -> None:
    failing = bucket()
    pauses = []
    for _ in range(8):
        failing.fail(result(ok=False), AT, 0.0)
        pauses.append(failing.due_at)
    assert pauses == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_retry_is_never_later_than_the_ttl_nor_earlier_than_the_store_asks() -> None:
    failing = bucket(ttl=timedelta(seconds=10))
    failing.fail(result(ok=False), AT, 0.0)
    assert failing.due_at == 10
    failing.fail(result(ok=False), AT, 0.0, retry_after=75.0)
    assert failing.due_at == 75


def test_a_failure_by_hand_of_a_fresh_bucket_does_not_make_it_stale() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 0.0)
    read.fail(result(ok=False), AT, 60.0)
    assert not read.is_stale(3599.0)


def test_past_its_maximum_age_a_bucket_is_not_available() -> None:
    read = bucket(max_age=timedelta(hours=2))
    read.succeed(snapshot(), result(), AT, 0.0)
    assert (read.is_available(7199.0), read.is_available(7200.0)) == (True, False)


def test_a_restored_copy_counts_its_age_from_when_it_was_read() -> None:
    restored = bucket(max_age=timedelta(hours=2))
    restored.restore(snapshot(0, AT - timedelta(minutes=90), restored=True), AT, 0.0)
    assert restored.is_stale(0.0)
    assert (restored.is_available(1799.0), restored.is_available(1800.0)) == (True, False)
    assert restored.due_at == 0.0
    status = restored.status(AT, 0.0, "book")
    assert (status.restored, status.age, status.revision, status.last_result) == (True, 5400, 0, "never")


def test_a_restored_copy_that_is_fresh_by_age_is_read_again_all_the_same() -> None:
    restored = bucket()
    restored.restore(snapshot(0, AT - timedelta(minutes=1), restored=True), AT, 0.0)
    assert (restored.is_stale(0.0), restored.due_at) == (False, 0.0)


def test_a_copy_does_not_take_the_place_of_what_was_read() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 0.0)
    read.restore(snapshot(0, restored=True), AT, 0.0)
    assert read.snapshot is not None
    assert read.snapshot.revision == 1


def test_a_clock_that_went_back_gives_no_negative_age() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 0.0)
    assert read.status(AT - timedelta(days=1), 10.0, "book").age == 0


def test_while_there_is_no_snapshot_every_read_takes_a_second_look() -> None:
    cold = bucket()
    cold.fail(result(ok=False), AT, 0.0)
    assert cold.look_at == -math.inf


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"ttl": timedelta(0)}, "bucket 'clans': ttl is 0 s"),
        ({"max_age": timedelta(minutes=1)}, "bucket 'clans': max_age 1 min is shorter than its ttl 1 h"),
        ({"cron": "61 * * * *"}, "bucket 'clans': field minute of cron"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(declared: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        bucket(**declared)


def test_a_confirmed_bucket_is_fresh_again_and_keeps_the_time_of_its_read() -> None:
    read = bucket(max_age=timedelta(hours=2))
    read.succeed(snapshot(), result(), AT, 0.0)
    later = AT + timedelta(hours=1)
    read.confirm(read.snapshot, result(), later, 3600.0)  # type: ignore[arg-type]
    assert (read.due_at, read.is_available(3 * 3600.0 - 1), read.is_available(3 * 3600.0)) == (7200.0, True, False)
    status = read.status(later + timedelta(minutes=1), 3660.0, "book")
    assert (status.age, status.loaded_at, status.checked_at, status.spared) == (60.0, AT, later, 1)


def test_a_moved_bucket_forgets_which_version_it_has() -> None:
    read = bucket()
    read.succeed(snapshot(), result(), AT, 0.0)
    read.version = ("book", AT)
    read.retune(replace(read.spec, tab="Other"), AT, 10.0)
    assert read.version is None

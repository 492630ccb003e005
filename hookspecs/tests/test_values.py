from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coreops_hookspecs import BucketStatus, ConfigDiff, RowProblem, Snapshot, Table


def snapshot(**by_key: str) -> Snapshot[str]:
    return Snapshot("clans", tuple(by_key.values()), by_key, datetime(2026, 1, 1, tzinfo=UTC), revision=1)


@pytest.mark.parametrize("asked", ["f-it", "F-IT", "  F-It "])
def test_a_record_is_found_whatever_the_case_and_blanks_of_its_key(asked: str) -> None:
    assert snapshot(**{"f-it": "Fit"}).get(asked) == "Fit"


def test_an_unknown_key_finds_nothing() -> None:
    assert snapshot().get("f-it") is None


def test_a_row_problem_reads_as_a_sentence_with_its_cell() -> None:
    assert str(RowProblem("C17", "eleven", "a whole number")) == "C17: 'eleven' is not a whole number"


def test_a_diff_is_true_only_if_something_changed() -> None:
    assert not ConfigDiff()
    assert ConfigDiff(added=("KEY",))
    assert ConfigDiff(removed=("KEY",))
    assert ConfigDiff(changed=("KEY",))


def test_the_headers_of_a_table_are_its_first_row() -> None:
    assert Table("book", "clans", (("tag", "name"), ("F-IT", "Fit"))).headers == ("tag", "name")
    assert Table("book", "clans", ()).headers == ()


READ = datetime(2026, 1, 1, tzinfo=UTC)
FRESH = BucketStatus(
    name="clans",
    plugin="recruitment",
    spreadsheet="book",
    tab="clans",
    available=True,
    stale=False,
    restored=False,
    age=0.0,
    ttl=3600.0,
    next_refresh_at=READ,
    loaded_at=READ,
    rows=30,
    problem_count=0,
    problems=(),
    revision=1,
    duration=0.1,
    retries=0,
    last_actor="startup",
    last_result="ok",
    last_error="",
    failing_since=None,
)


def test_nobody_is_told_the_age_of_rows_that_are_as_new_as_they_should_be() -> None:
    assert not FRESH.outdated
    assert FRESH.age_note("open spots") == ()


@pytest.mark.parametrize(
    "old",
    [replace(FRESH, stale=True), replace(FRESH, restored=True), replace(FRESH, failing_since=READ)],
    ids=["overdue", "copy from disk", "last read failed"],
)
def test_rows_that_are_older_than_they_should_be_say_since_when(old: BucketStatus) -> None:
    assert old.outdated
    assert old.age_note() == ("-# ⚠️ data from <t:1767225600:R>",)
    assert old.age_note("open spots") == ("-# ⚠️ open spots: data from <t:1767225600:R>",)


def test_the_age_counts_from_when_the_sheet_was_last_found_unchanged() -> None:
    checked = replace(FRESH, stale=True, checked_at=READ + timedelta(seconds=60), spared=1)
    assert checked.known_at == READ + timedelta(seconds=60)
    assert checked.age_note() == ("-# ⚠️ data from <t:1767225660:R>",)


def test_a_bucket_without_rows_has_no_age_to_tell() -> None:
    assert replace(FRESH, loaded_at=None, age=None, stale=True).age_note() == ()

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coreops_hookspecs import ConfigDiff, RowProblem, Snapshot, Table


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

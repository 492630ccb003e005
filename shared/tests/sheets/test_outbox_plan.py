"""What accepted writes mean for a tab as it is, and what somebody else did to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops_hookspecs import Table, Write, WriteKind
from coreops_shared.sheets.outbox_plan import batch, merged, plan

Make = Callable[..., Write]

TABLE = Table("s", "places", (("Clan_Tag", "level", "note"), ("EMB", "24"), ("NIT", "22", "full")))


@pytest.fixture
def write() -> Make:
    def make(kind: str, values: Mapping[str, str], **fields: Any) -> Write:
        expected = {} if kind == "append" else None
        basics = {"number": 1, "name": "n", "plugin": "p", "spreadsheet": "s", "tab": "places", "key": "clan tag"}
        made = {**basics, "expected": expected, "accepted_at": datetime(2026, 1, 1, tzinfo=UTC), **fields}
        return Write(kind=WriteKind(kind), values=values, **made)

    return make


def test_a_row_is_appended_under_its_headers_whatever_their_case_and_order(write: Make) -> None:
    made = plan([write("append", {"NOTE": "x", "clan tag": "ABC"})], TABLE)
    assert (made.rows, made.blocks, made.refused) == ([("ABC", "", "x")], [], {})


def test_a_row_that_is_there_with_its_texts_was_appended_before(write: Make) -> None:
    made = plan([write("append", {"clan tag": "emb", "level": "24", "note": ""})], TABLE)
    assert (made.rows, made.blocks, made.refused) == ([], [], {})


def test_a_row_that_is_there_with_other_texts_is_never_overwritten_by_an_append(write: Make) -> None:
    made = plan([write("append", {"clan tag": "NIT", "level": "23", "note": "full"})], TABLE)
    assert (made.rows, made.blocks) == ([], [])
    assert made.refused == {1: 'a row with the clan tag "NIT" is there already and has something else in B3 (level)'}


def test_an_append_that_an_operator_lets_overwrite_changes_the_row(write: Make) -> None:
    made = plan([write("append", {"clan tag": "NIT", "level": "23"}, expected=None)], TABLE)
    assert (made.rows, made.blocks, made.refused) == ([], [("B3", [["23"]])], {})


def test_an_update_writes_the_cells_that_differ(write: Make) -> None:
    made = plan([write("update", {"clan tag": "NIT", "level": "22", "note": ""}, expected={"note": "full"})], TABLE)
    assert (made.blocks, made.refused) == ([("C3", [[""]])], {})


def test_an_update_whose_row_somebody_else_edited_overwrites_nothing_and_says_where(write: Make) -> None:
    made = plan([write("update", {"clan tag": "NIT", "level": "23"}, expected={"level": "21", "note": "full"})], TABLE)
    assert made.blocks == []
    assert made.refused == {1: "somebody else edited B3 (level) meanwhile; nothing was overwritten"}


def test_an_update_that_is_done_needs_its_expectation_no_more(write: Make) -> None:
    made = plan([write("update", {"clan tag": "NIT", "level": "22"}, expected={"level": "21"})], TABLE)
    assert (made.blocks, made.refused) == ([], {})


def test_an_update_that_was_done_in_part_is_completed(write: Make) -> None:
    values, expected = {"clan tag": "NIT", "level": "22", "note": "open"}, {"level": "21", "note": "full"}
    made = plan([write("update", values, expected=expected)], TABLE)
    assert (made.blocks, made.refused) == ([("C3", [["open"]])], {})


def test_an_update_of_a_row_that_is_gone_is_refused(write: Make) -> None:
    assert "no row with the clan tag" in plan([write("update", {"clan tag": "XYZ", "level": "1"})], TABLE).refused[1]


def test_missing_and_repeated_headers_refuse_the_write_and_not_its_neighbours(write: Make) -> None:
    table = Table("s", "places", (("clan tag", "note", "Note"),))
    writes = [
        write("append", {"clan tag": "A", "levle": "1", "note": "x"}, number=1),
        write("append", {"clan tag": "B"}, number=2),
    ]
    made = plan(writes, table)
    assert made.refused == {1: 'no column "levle"; column "note" stands 2 times'}
    assert made.rows == [("B",)]


def test_a_key_that_stands_twice_is_refused_with_both_cells(write: Make) -> None:
    table = Table("s", "places", (("clan tag", "level"), ("A", "1"), (" a", "2")))
    made = plan([write("update", {"clan tag": "A", "level": "3"})], table)
    assert "A2 and A3" in made.refused[1]
    assert made.blocks == []


def test_a_tab_without_headers_refuses(write: Make) -> None:
    assert 'no column "clan tag"' in plan([write("append", {"clan tag": "A"})], Table("s", "places", ())).refused[1]


def test_writes_for_one_row_never_go_together(write: Make) -> None:
    queue = [write("update", {"clan tag": row}, number=number) for number, row in enumerate(["A", "B", " a", "C"])]
    assert [each.number for each in batch(queue)] == [0, 1]
    assert batch([]) == ()


def test_writes_with_different_keys_never_go_together(write: Make) -> None:
    queue = [write("update", {"clan tag": "A"}), write("update", {"note": "B"}, number=2, key="note")]
    assert [each.number for each in batch(queue)] == [1]


def test_what_writes_leave_in_a_row_is_the_last_text_under_each_header(write: Make) -> None:
    writes = [
        write("append", {"clan tag": "A", "level": "1", "note": "x"}),
        write("update", {"clan tag": "a", "level": "2"}),
        write("update", {"clan tag": "B", "level": "9"}),
    ]
    assert {**merged(writes, "A", "Clan Tag")} == {"clan tag": "a", "level": "2", "note": "x"}
    assert merged(writes, "C", "Clan Tag") == {}

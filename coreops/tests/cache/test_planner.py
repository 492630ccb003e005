"""What is read together."""

from __future__ import annotations

from coreops.cache.planner import Want, batches, due


def test_tabs_of_one_spreadsheet_are_one_batch_and_each_tab_is_read_once() -> None:
    wants = [Want("a", "s1", "A", 0), Want("b", "s2", "B", 0), Want("c", "s1", "C", 0), Want("d", "s1", "A", 0)]
    found = batches(wants)
    assert [(batch.spreadsheet, batch.tabs) for batch in found] == [("s1", ("A", "C")), ("s2", ("B",))]
    assert [want.bucket for want in found[0].wants] == ["a", "c", "d"]


def test_nothing_wanted_is_nothing_to_read() -> None:
    assert batches([]) == ()
    assert due([], 0, 5) == ()


def test_what_is_due_soon_is_read_along_with_what_is_due() -> None:
    wants = [
        Want("due", "s1", "A", 10),
        Want("soon", "s1", "B", 14),
        Want("later", "s1", "C", 16),
        Want("elsewhere", "s2", "D", 12),
    ]
    assert [want.bucket for want in due(wants, 10, 5)] == ["due", "soon"]


def test_what_is_due_soon_waits_while_nothing_is_due() -> None:
    assert due([Want("soon", "s1", "B", 14)], 10, 5) == ()

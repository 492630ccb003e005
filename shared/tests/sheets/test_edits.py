"""Edits from outside."""

from __future__ import annotations

from coreops_shared.sheets.edits import Edits


def test_an_edit_is_over_when_its_tab_looks_the_same_twice_in_a_row() -> None:
    edits: Edits[str] = Edits()
    assert edits.over({"a": ("1", "1"), "b": ("1", "2")}) == []
    assert edits.over({"a": ("1", "2"), "b": ("1", "3")}) == []
    assert edits.over({"a": ("1", "2"), "b": ("1", "3")}) == ["a", "b"]


def test_a_tab_that_looks_again_as_it_was_read_was_not_edited() -> None:
    edits: Edits[str] = Edits()
    assert edits.over({"a": ("1", "2")}) == []
    assert edits.over({"a": ("1", "1")}) == []
    assert edits.over({"a": ("1", "2")}) == []


def test_what_was_told_is_told_anew_only_after_two_more_looks() -> None:
    edits: Edits[str] = Edits()
    told = [edits.over({"a": ("1", "2")}) for _ in range(4)]
    assert told == [[], ["a"], [], ["a"]]

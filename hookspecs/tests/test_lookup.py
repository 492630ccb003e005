"""Rows are found by what people type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops_hookspecs import Snapshot
from coreops_hookspecs.errors import BucketColdError, UsageError
from coreops_hookspecs.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Clan:
    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Other:
    other: str
    tag: str


ROWS = (
    Clan("EMB", "Ember Vanguard"),
    Clan("NIT", "Nightglass"),
    Clan("NEW", "Newleaf"),
    Clan("F-IT", "Ember"),
    Clan("OAK", "Oakheart Haven"),
)
OTHERS = {"Fitters": "f-it", "Gone": "XXX", " The Tree ": "OAK"}


@pytest.fixture
def clans() -> Lookup[Clan]:
    by_key = {clan.tag.casefold(): clan for clan in ROWS}
    rows = Snapshot("clans", ROWS, by_key, datetime(2026, 1, 1, tzinfo=UTC), 1, key="tag")
    return Lookup(rows, "name", OTHERS)


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("EMB", "EMB"),
        (" emb ", "EMB"),
        ("f-it", "F-IT"),
        ("nightGLASS", "NIT"),
        ("Ember", "F-IT"),
        ("ember v", "EMB"),
        ("oak", "OAK"),
        ("Oakh", "OAK"),
        ("FITTERS", "F-IT"),
        ("the tree", "OAK"),
        ("gone", None),
        ("N", None),
        ("", None),
        ("nothing", None),
    ],
)
def test_a_row_is_found_by_key_name_other_name_or_the_one_name_that_begins_so(
    clans: Lookup[Clan], wanted: str, tag: str | None
) -> None:
    found = clans.find(wanted)
    assert (None if found is None else found.tag) == tag


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("n", ["NIT", "NEW", "EMB", "OAK"]),
        ("ember", ["EMB", "F-IT"]),
        ("fitt", ["F-IT"]),
        ("zzz", []),
        ("", ["EMB", "NIT", "NEW", "F-IT", "OAK"]),
    ],
)
def test_rows_that_hold_what_was_typed_are_offered_and_those_that_begin_so_come_first(
    clans: Lookup[Clan], typed: str, tags: list[str]
) -> None:
    assert [clan.tag for clan in clans.holding(typed)] == tags


def test_who_asks_for_no_row_is_told_what_is_near(clans: Lookup[Clan]) -> None:
    assert clans.wanted("emb", "no clan").tag == "EMB"
    with pytest.raises(UsageError) as raised:
        clans.wanted("nightgloss", "No such clan.")
    assert raised.value.user_message == "No such clan. Did you mean `NIT`?"
    with pytest.raises(UsageError) as raised:
        clans.wanted("zzzzzz", "No such clan.")
    assert raised.value.user_message == "No such clan."


def test_other_names_are_the_keys_of_a_bucket_and_may_be_missing(clans: Lookup[Clan]) -> None:
    named = (Other("Fitters", "f-it"),)
    others = Snapshot("others", named, {"fitters": named[0]}, clans.rows.loaded_at, 1, key="other")

    class Held:
        def __init__(self, **buckets: Snapshot[Any]) -> None:
            self.buckets = buckets

        def get_snapshot(self, name: str) -> Snapshot[Any]:
            if name not in self.buckets:
                raise BucketColdError(name)
            return self.buckets[name]

    both: Any = Held(clans=clans.rows, others=others)
    assert Lookup.of(both, "clans", "name", others=("others", "tag")).find("fitters") == ROWS[3]
    alone: Any = Held(clans=clans.rows)
    assert Lookup.of(alone, "clans", "name", others=("others", "tag")).find("fitters") is None
    with pytest.raises(BucketColdError):
        Lookup.of(alone, "others", "other")


def test_a_near_miss_names_the_keys_once_and_only_those_there_are(clans: Lookup[Clan]) -> None:
    assert clans.near("FIT")[0] == "F-IT"
    assert clans.near("nightglas") == ["NIT"]
    assert clans.near("fiters") == ["F-IT"]
    assert clans.near("zzzzzz") == []
    assert "XXX" not in clans.near("gone")
    assert len(clans.near("e", limit=1)) <= 1

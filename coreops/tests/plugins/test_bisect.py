"""The search for the plugins that break a boot, over boots that are a set of names."""

from __future__ import annotations

from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.plugins.bisect import culprits

NAMES = tuple(f"p{number}" for number in range(64))


@given(st.sets(st.sampled_from(NAMES[:20]), min_size=1, max_size=4))
def test_exactly_those_are_found_that_break_the_boot_together(bad: set[str]) -> None:
    assert culprits(NAMES[:20], {}, lambda chosen: bad <= chosen) == tuple(sorted(bad))


@pytest.mark.parametrize("bad", [NAMES[0], NAMES[31], NAMES[63]])
def test_one_among_many_takes_few_boots(bad: str) -> None:
    boots: list[Any] = []

    def breaks(chosen: frozenset[str]) -> bool:
        boots.append(chosen)
        return bad in chosen

    assert culprits(NAMES, {}, breaks) == (bad,)
    assert len(boots) <= 2 * log2(len(NAMES))


def test_a_plugin_is_tried_with_what_it_needs_and_not_blamed_for_it() -> None:
    needs = {"shop": ["money"], "money": ["store"]}
    for bad in ("shop", "money", "store"):
        found = culprits(("money", "other", "shop", "store"), needs, lambda chosen, bad=bad: bad in chosen)
        assert found == (bad,)


def test_either_of_two_is_enough_and_one_is_named() -> None:
    assert culprits(("a", "b", "c"), {}, lambda chosen: bool({"a", "c"} & chosen)) in {("a",), ("c",)}

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coreops.plugins.order import start_order


def test_without_dependencies_the_order_is_by_name() -> None:
    assert start_order({"b": (), "a": (), "c": ()}) == (("a", "b", "c"), {})


def test_dependencies_come_first() -> None:
    order, refused = start_order({"a": ("z",), "m": (), "z": ()})
    assert order == ("m", "z", "a")
    assert refused == {}


def test_a_missing_dependency_refuses_the_plugin_and_those_that_need_it() -> None:
    order, refused = start_order({"a": ("b",), "b": ("ghost",), "c": ()})
    assert order == ("c",)
    assert "ghost" in refused["b"]
    assert "plugin b" in refused["a"]


def test_a_cycle_is_named_link_by_link_and_the_rest_is_started() -> None:
    order, refused = start_order({"a": ("b",), "b": ("a",), "c": ()})
    assert order == ("c",)
    assert set(refused) == {"a", "b"}
    assert refused["a"].count("->") == 2


names = st.sampled_from("abcdef")


@given(st.dictionaries(names, st.lists(names, max_size=3).map(tuple)))
def test_every_plugin_is_either_ordered_after_its_needs_or_refused(depends: dict[str, tuple[str, ...]]) -> None:
    order, refused = start_order(depends)
    assert set(order) | set(refused) == set(depends)
    assert not set(order) & set(refused)
    for position, name in enumerate(order):
        assert set(depends[name]) <= set(order[:position])

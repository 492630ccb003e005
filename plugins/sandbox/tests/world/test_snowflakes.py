from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_sandbox.world.snowflakes import Snowflakes, is_snowflake, seconds_of, timestamp


@given(st.lists(st.floats(1_500_000_000, 1_900_000_000), min_size=2, max_size=50))
def test_ids_grow_strictly_even_if_the_clock_goes_back(moments):
    ticks = iter(moments)
    snowflakes = Snowflakes(lambda: next(ticks))
    made = [int(snowflakes.next()) for _ in moments]
    assert made == sorted(set(made))


def test_an_id_tells_when_it_was_made():
    snowflakes = Snowflakes(lambda: 1_800_000_000.25)
    assert seconds_of(snowflakes.next()) == pytest.approx(1_800_000_000.25)


def test_a_documented_id_has_its_documented_time():
    # Discord docs, Reference, "Snowflake ID Broken Down in Binary"
    assert seconds_of("175928847299117063") == pytest.approx(1_462_015_105.796)


def test_timestamps_have_microseconds_and_an_offset():
    assert timestamp(1_800_000_000.5) == "2027-01-15T08:00:00.500000+00:00"


@pytest.mark.parametrize("value", ["abc", "", "-1", True, None, 1.5, str(1 << 63), "١٢"])
def test_what_cannot_be_an_id(value):
    assert not is_snowflake(value)


@pytest.mark.parametrize("value", ["1", 42, "1090000000000000100"])
def test_what_can_be_an_id(value):
    assert is_snowflake(value)

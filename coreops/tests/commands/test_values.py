"""Reading the text of one argument as the value of an option."""

from __future__ import annotations

import math
from typing import Any

import hikari
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.leaves import Option
from coreops.commands.values import read_value
from coreops_hookspecs.errors import UsageError

KINDS = hikari.OptionType


def option(kind: hikari.OptionType, **more: Any) -> Option:
    return Option(name="value", description="A value", kind=kind, type="text", required=True, **more)


@pytest.mark.parametrize(
    ("kind", "more", "text", "expected"),
    [
        (KINDS.STRING, {}, "hello", "hello"),
        (KINDS.INTEGER, {}, "-7", -7),
        (KINDS.INTEGER, {}, "+7", 7),
        (KINDS.FLOAT, {}, "2.5", 2.5),
        (KINDS.FLOAT, {}, "2,5", 2.5),
        (KINDS.FLOAT, {}, ".5", 0.5),
        (KINDS.BOOLEAN, {}, "Yes", True),
        (KINDS.BOOLEAN, {}, "off", False),
        (KINDS.STRING, {"choices": ("Easy", "Hard"), "values": ("e", "h")}, "hard", "h"),
        (KINDS.STRING, {"choices": ("Easy", "Hard"), "values": ("e", "h")}, "H", "h"),
        (KINDS.INTEGER, {"choices": ("One", "Two"), "values": (1, 2)}, "2", 2),
    ],
)
def test_values_are_read(kind: hikari.OptionType, more: dict[str, Any], text: str, expected: object) -> None:
    value = read_value(option(kind, **more), text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "more", "text", "message"),
    [
        (KINDS.INTEGER, {}, "1.5", "a whole number"),
        (KINDS.INTEGER, {}, "١٢", "a whole number"),
        (KINDS.INTEGER, {}, "9007199254740993", "between"),
        (KINDS.INTEGER, {}, "9" * 400, "a whole number"),
        (KINDS.FLOAT, {}, "nan", "a number"),
        (KINDS.FLOAT, {}, "inf", "a number"),
        (KINDS.FLOAT, {"min_value": 1.0}, "0.5", "at least 1"),
        (KINDS.FLOAT, {"max_value": 1.0}, "1.5", "at most 1"),
        (KINDS.BOOLEAN, {}, "maybe", "yes or no"),
        (KINDS.STRING, {}, "", "not empty"),
        (KINDS.STRING, {"min_length": 3}, "ab", "at least 3 characters"),
        (KINDS.STRING, {"choices": ("Easy",), "values": ("e",)}, "eesy", "did you mean `Easy`"),
    ],
)
def test_what_does_not_fit_is_said(kind: hikari.OptionType, more: dict[str, Any], text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_value(option(kind, **more), text)
    assert message in caught.value.user_message


@given(st.text(max_size=200), st.sampled_from([KINDS.STRING, KINDS.INTEGER, KINDS.FLOAT, KINDS.BOOLEAN]))
def test_every_text_is_a_value_or_a_usage_error(text: str, kind: hikari.OptionType) -> None:
    value: str | float
    try:
        value, told = read_value(option(kind), text), ""
    except UsageError as error:
        value, told = 0, error.user_message
    assert len(told) < 400
    assert not isinstance(value, float) or math.isfinite(value)

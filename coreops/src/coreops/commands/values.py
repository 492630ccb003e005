"""Reads the text of one argument as the value of an option. Pure; entities of Discord are in ``entities``."""

from __future__ import annotations

import re
from typing import Final

import hikari

from coreops.commands.leaves import Option
from coreops.commands.render import code
from coreops_hookspecs.errors import UsageError
from coreops_shared.suggest import closest
from coreops_shared.texts import say

__all__ = ["boolean", "read_value"]

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,16}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,16}([.,][0-9]{0,16})?|[.,][0-9]{1,16})")
_LARGEST: Final = 2**53
"""Bound of whole numbers and numbers (Discord docs, Application Command Option Type)."""

_KINDS: Final = frozenset({"yes or no", "a whole number", "a number", "a text that is not empty"})

_YES: Final = frozenset({"true", "yes", "y", "on", "1"})
_NO: Final = frozenset({"false", "no", "n", "off", "0"})


def boolean(text: str) -> bool | None:
    """Read yes or no, or return ``None``."""
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None


def read_value(option: Option, text: str) -> str | int | float | bool:
    """Read an argument that is no entity.

    Raises:
        UsageError: the text does not fit the option's type, choices, range or length.
    """
    if option.choices:
        return _choice(option, text)
    if option.kind is hikari.OptionType.BOOLEAN:
        value = boolean(text)
        if value is None:
            raise _wrong(option, text, "yes or no")
        return value
    if option.kind is hikari.OptionType.INTEGER:
        if _INTEGER.fullmatch(text) is None:
            raise _wrong(option, text, "a whole number")
        return _ranged(option, int(text))
    if option.kind is hikari.OptionType.FLOAT:
        if _NUMBER.fullmatch(text) is None:
            raise _wrong(option, text, "a number")
        return _ranged(option, float(text.replace(",", ".")))
    return _measured(option, text)


def _choice(option: Option, text: str) -> str | int | float:
    folded = text.casefold()
    for name, value in zip(option.choices, option.values, strict=True):
        if folded in (name.casefold(), str(value).casefold()):
            return value
    near = closest(text[:100], option.choices)
    hint = f"; did you mean {code(near)}?" if near else ""
    raise _wrong(option, text, f"one of {', '.join(code(name) for name in option.choices)}{hint}")


def _ranged(option: Option, value: float) -> float:
    low = -_LARGEST if option.min_value is None else option.min_value
    high = _LARGEST if option.max_value is None else option.max_value
    if low <= value <= high:
        return value
    if option.max_value is None and option.min_value is not None:
        raise _wrong(option, f"{value:g}", f"at least {low:g}")
    if option.min_value is None and option.max_value is not None:
        raise _wrong(option, f"{value:g}", f"at most {high:g}")
    raise _wrong(option, f"{value:g}", f"between {low:g} and {high:g}")


def _measured(option: Option, text: str) -> str:
    if not text:
        raise _wrong(option, text, "a text that is not empty")
    if option.min_length is not None and len(text) < option.min_length:
        raise _wrong(option, text, f"at least {option.min_length} characters long")
    if option.max_length is not None and len(text) > option.max_length:
        raise _wrong(option, text, f"at most {option.max_length} characters long")
    return text


def _wrong(option: Option, text: str, expected: str) -> UsageError:
    msg = f"option {option.name!r} was given {text[:100]!r}, expected {expected}"
    told = say(
        "{value} does not fit {option}: it must be {expected}.",
        value=code(text),
        option=code(option.name),
        expected=say(expected) if expected in _KINDS else expected,
    )
    return UsageError(msg, user_message=told)

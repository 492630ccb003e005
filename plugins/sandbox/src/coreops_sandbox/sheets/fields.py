"""Partial responses: the ``fields`` parameter (Google Workspace guide, "Improve performance: partial response")."""

from __future__ import annotations

import re
from typing import Any

from coreops_sandbox.sheets.errors import invalid

_TOKEN = re.compile(r"\s*([\w*]+|[,/.()])\s*")

Mask = dict[str, "Mask"]
"""Fields by name; an empty mask under a name takes everything below it."""


def fields(*names: str) -> Mask:
    """A mask of these names and everything below them."""
    return {name: {} for name in names}


def selected(body: dict[str, Any], text: str | None, known: Mask) -> dict[str, Any]:
    """The part of a response that ``fields`` asks for.

    Args:
        body: The whole response.
        text: Such as ``sheets.properties(title,index)`` or ``sheets/properties/title``; None for everything.
        known: All fields that the response may have.

    Raises:
        GoogleError: The mask cannot be read, or names a field that does not exist.
    """
    if not text:
        return body
    mask = mask_of(text)
    _check(mask, known, "")
    picked = _pick(body, mask)
    assert isinstance(picked, dict)
    return picked


def mask_of(text: str) -> Mask:
    """The fields that a mask names; raises GoogleError if it cannot be read."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise _unreadable(text)
    try:
        mask, rest = _list(tokens)
    except IndexError:
        raise _unreadable(text) from None
    if rest:
        raise _unreadable(text)
    return mask


def _list(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        tokens = _path(tokens, mask)
        if not tokens or tokens[0] != ",":
            return mask, tokens
        tokens = tokens[1:]


def _path(tokens: list[str], mask: Mask) -> list[str]:
    name, tokens = tokens[0], tokens[1:]
    if name in {",", "/", ".", "(", ")"}:
        raise IndexError
    below = mask.setdefault(name, {})
    if tokens and tokens[0] in {"/", "."}:
        return _path(tokens[1:], below)
    if tokens and tokens[0] == "(":
        more, tokens = _list(tokens[1:])
        if tokens[0] != ")":
            raise IndexError
        below.update(more)
        return tokens[1:]
    return tokens


def _check(mask: Mask, known: Mask, path: str) -> None:
    for name, below in mask.items():
        here = f"{path}.{name}" if path else name
        if name == "*" or not known:
            continue
        if name not in known:
            raise _unknown(here)
        _check(below, known[name], here)


def _pick(value: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_pick(each, mask) for each in value]
    return {name: _pick(each, mask[name]) for name, each in value.items() if name in mask}


def _unknown(path: str) -> Exception:
    said = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return invalid("Request contains an invalid argument.", path, said)


def _unreadable(text: str) -> Exception:
    return invalid("Request contains an invalid argument.", "fields", f"Error parsing 'fields' parameter '{text}'.")

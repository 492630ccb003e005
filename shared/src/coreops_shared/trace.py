"""The active trace id and actor: one id from the first cause to the last log line.

The module itself satisfies :class:`coreops_hookspecs.Trace`. Both values travel with the context, see
:mod:`coreops_shared.scope`.
"""

from __future__ import annotations

import random
import re
from contextlib import AbstractContextManager
from typing import Final

from msgspec import structs

from coreops_shared import scope

__all__ = ["acting", "actor", "cause", "current", "new", "of_parent", "span", "valid"]

_INBOUND: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TRACEPARENT: Final = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?P<more>-.*)?"
)


def new() -> str:
    """Return a new id: 32 hexadecimal digits, not all zero (W3C Trace Context, section 3.2.2.3).

    It names a cause and guards nothing, so it needs no secret randomness, which costs a call of the kernel each time.
    """
    return f"{random.getrandbits(128) or 1:032x}"


def current() -> str:
    """Return the active trace id, or an empty text outside any span."""
    return scope.current().trace


def valid(text: str) -> bool:
    """Whether an inbound ``X-Trace-Id`` may be kept: 8 to 64 of ``A-Z a-z 0-9 _ -``."""
    return _INBOUND.fullmatch(text) is not None


def of_parent(header: str) -> str | None:
    """Return the trace id of an inbound ``traceparent``, or ``None`` if it is malformed.

    W3C Trace Context, section 3.2: version 00 ends after the flags, later ones may go on; ff and ids of zeros are
    invalid.
    """
    found = _TRACEPARENT.fullmatch(header.strip())
    if found is None or (found["version"] == "00" and found["more"]):
        return None
    return found["trace"]


class _Part:
    """Replaces the trace or the actor inside the ``with`` block."""

    __slots__ = ("_name", "_value", "_within")

    def __init__(self, name: str, value: str) -> None:
        self._name = name
        self._value = value

    def __enter__(self) -> str:
        self._within = scope.within(structs.replace(scope.current(), **{self._name: self._value}))
        self._within.__enter__()
        return self._value

    def __exit__(self, *error: object) -> None:
        self._within.__exit__(*error)


def span(trace: str | None = None) -> AbstractContextManager[str]:
    """Make ``trace`` (or a new id) the active one inside the ``with`` block."""
    return _Part("trace", trace or new())


def actor() -> str:
    """Return who asked: ``user:<id>``, ``startup``, ``cron``, ``plugin:<name>``; empty outside any cause."""
    return scope.current().actor


def acting(actor: str) -> AbstractContextManager[str]:
    """Name who asked for what happens inside the ``with`` block."""
    return _Part("actor", actor)


def cause(trace: str, actor: str) -> AbstractContextManager[object]:
    """Make ``trace`` the active one and name who asked inside the ``with`` block, for less than both one by one."""
    here = scope.current()
    return scope.within(scope.Scope(trace, actor, here.speaker, here.changes))

"""The active trace id and actor: one id from the first cause to the last log line.

The module itself satisfies :class:`coreops_hookspecs.Trace`. Both values live in context variables, so tasks and
``asyncio.to_thread`` inherit them.
"""

from __future__ import annotations

import random
import re
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Final

__all__ = ["acting", "actor", "cause", "current", "new", "of_parent", "span", "valid"]

_trace: Final[ContextVar[str]] = ContextVar("coreops_trace", default="")
_actor: Final[ContextVar[str]] = ContextVar("coreops_actor", default="")
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
    return _trace.get()


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


class _Set:
    """Sets a context variable inside the ``with`` block; a generator would cost four times as much, per command."""

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[str], value: str) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> str:
        self._token = self._variable.set(self._value)
        return self._value

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)


class _Cause:
    """Sets both variables inside the ``with`` block."""

    __slots__ = ("_actor", "_tokens", "_trace")

    def __init__(self, trace: str, actor: str) -> None:
        self._trace = trace
        self._actor = actor

    def __enter__(self) -> None:
        self._tokens = _trace.set(self._trace), _actor.set(self._actor)

    def __exit__(self, *_: object) -> None:
        for_trace, for_actor = self._tokens
        _actor.reset(for_actor)
        _trace.reset(for_trace)


def span(trace: str | None = None) -> AbstractContextManager[str]:
    """Make ``trace`` (or a new id) the active one inside the ``with`` block."""
    return _Set(_trace, trace or new())


def actor() -> str:
    """Return who asked: ``user:<id>``, ``startup``, ``cron``, ``plugin:<name>``; empty outside any cause."""
    return _actor.get()


def acting(actor: str) -> AbstractContextManager[str]:
    """Name who asked for what happens inside the ``with`` block."""
    return _Set(_actor, actor)


def cause(trace: str, actor: str) -> AbstractContextManager[None]:
    """Make ``trace`` the active one and name who asked inside the ``with`` block, for less than both one by one."""
    return _Cause(trace, actor)

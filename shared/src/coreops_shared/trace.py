"""The active trace id and actor: one id from the first cause to the last log line.

The module itself satisfies :class:`coreops_hookspecs.Trace`. Both values live in context variables, so tasks and
``asyncio.to_thread`` inherit them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["acting", "actor", "current", "new", "span", "valid"]

_trace: Final[ContextVar[str]] = ContextVar("coreops_trace", default="")
_actor: Final[ContextVar[str]] = ContextVar("coreops_actor", default="")
_INBOUND: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new() -> str:
    """Return a new id: 32 hexadecimal digits, not all zero (W3C Trace Context, section 3.2.2.3)."""
    return secrets.token_hex(16)


def current() -> str:
    """Return the active trace id, or an empty text outside any span."""
    return _trace.get()


def valid(text: str) -> bool:
    """Whether an inbound ``X-Trace-Id`` may be kept: 8 to 64 of ``A-Z a-z 0-9 _ -``."""
    return _INBOUND.fullmatch(text) is not None


@contextmanager
def span(trace: str | None = None) -> Iterator[str]:
    """Make ``trace`` (or a new id) the active one inside the ``with`` block."""
    active = trace or new()
    token = _trace.set(active)
    try:
        yield active
    finally:
        _trace.reset(token)


def actor() -> str:
    """Return who asked: ``user:<id>``, ``startup``, ``cron``, ``plugin:<name>``; empty outside any cause."""
    return _actor.get()


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """Name who asked for what happens inside the ``with`` block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)

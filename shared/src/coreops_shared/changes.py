"""What a command changes, collected while it runs: rooms note before and after where it happens, the trail keeps it.

The notes travel with the context, as a trace does, so they find the command through whatever tasks it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

__all__ = ["Change", "collecting", "note"]

_MOST: Final = 100
"""Notes kept of one command."""


class Change(NamedTuple):
    """One thing that is otherwise than before.

    Args:
        what: The thing: ``setting TTL``, ``toggle recruitment``, ``plugin welcome``.
        before: How it was, in words.
        after: How it is.
    """

    what: str
    before: str
    after: str


_noted: Final[ContextVar[list[Change] | None]] = ContextVar("coreops_changes", default=None)


@contextmanager
def collecting() -> Iterator[list[Change]]:
    """Collect what is noted inside the ``with`` block, and in tasks begun there."""
    changes: list[Change] = []
    token = _noted.set(changes)
    try:
        yield changes
    finally:
        _noted.reset(token)


def note(what: str, before: object, after: object) -> None:
    """Note a change; does nothing where nobody collects."""
    changes = _noted.get()
    if changes is not None and len(changes) < _MOST:
        changes.append(Change(what, str(before), str(after)))

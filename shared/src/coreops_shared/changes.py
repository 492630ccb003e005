"""What a command changes, collected while it runs: rooms note before and after where it happens, the trail keeps it.

The notes travel with the context, as a trace does, so they find the command through whatever tasks it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from msgspec import structs

from coreops_shared import scope

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


@contextmanager
def collecting() -> Iterator[list[Change]]:
    """Collect what is noted inside the ``with`` block, and in tasks begun there."""
    changes: list[Change] = []
    with scope.within(structs.replace(scope.current(), changes=changes)):
        yield changes


def note(what: str, before: object, after: object) -> None:
    """Note a change; does nothing where nobody collects."""
    changes = scope.current().changes
    if changes is not None and len(changes) < _MOST:
        changes.append(Change(what, str(before), str(after)))

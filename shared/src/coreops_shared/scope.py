"""What travels with the context, so that tasks and ``asyncio.to_thread`` inherit it: one value in one variable.

A command begins with four things at once, and each variable set and set back costs as much as a call. The modules that
own them, :mod:`coreops_shared.trace`, :mod:`coreops_shared.texts` and :mod:`coreops_shared.changes`, read and replace
their part.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from coreops_shared.changes import Change
    from coreops_shared.texts import Speaker

__all__ = ["Scope", "current", "within"]


class Scope(msgspec.Struct, frozen=True):
    """On whose behalf the running code acts.

    Args:
        trace: The active trace id; empty outside any span.
        actor: Who asked; empty outside any cause.
        speaker: Who is spoken to, if anybody is.
        changes: Takes notes of what is changed, if anybody collects them.
    """

    trace: str = ""
    actor: str = ""
    speaker: Speaker | None = None
    changes: list[Change] | None = None


_NOBODY: Final = Scope()
_scope: Final[ContextVar[Scope]] = ContextVar("coreops_scope", default=_NOBODY)

current = _scope.get
"""Return the scope that is active here."""


class within:  # noqa: N801 - used as a function is, and a generator costs four times as much, per command
    """Makes a scope the active one inside the ``with`` block."""

    __slots__ = ("_scope", "_token")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __enter__(self) -> Scope:
        self._token = _scope.set(self._scope)
        return self._scope

    def __exit__(self, *_: object) -> None:
        _scope.reset(self._token)

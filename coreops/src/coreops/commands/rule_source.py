"""Where the operator's rules about commands come from, and what serves while the worksheet cannot be read.

Rules shut doors, so an outage must not open them: those that were read last are kept on disk, and where none ever were,
only admins are let in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from coreops.commands.rules import SETTING, RuleBook, read_rules
from coreops_hookspecs.errors import CoreOpsError

__all__ = ["RuleSource", "RuleStore"]

_OWNER: Final = "coreops"
_KEY: Final = "command_rules"
_UNKNOWN: Final = RuleBook(problems=(f"{SETTING} was never read: the Config worksheet does not answer",))


class RuleStore(Protocol):
    """The part of the state store that is used here."""

    async def kv_get(self, plugin: str, key: str) -> str | None: ...
    async def kv_set(self, plugin: str, key: str, value: str) -> None: ...


class RuleSource:
    """Returns the rules as configured now.

    Args:
        text: Returns the setting's text; empty while no source names it.
        known: Whether every source was read since the start.
        store: Keeps the rules over a restart.
    """

    def __init__(self, text: Callable[[], str], known: Callable[[], bool], store: RuleStore) -> None:
        self._text = text
        self._known = known
        self._store = store
        self._kept: str | None = None
        self._read_from: str | None = None
        self._book = _UNKNOWN

    def __call__(self) -> RuleBook:
        """Return the rules."""
        text = self._text() or (None if not self._known() else "")
        if text is None:
            text = self._kept
        if text is None:
            return _UNKNOWN
        if text != self._read_from:
            self._read_from, self._book = text, read_rules(text)
        return self._book

    async def recall(self) -> None:
        """Fetch what was kept. Call it once the store is open."""
        try:
            self._kept = await self._store.kv_get(_OWNER, _KEY)
        except CoreOpsError:
            self._kept = None  # the store's health tells; without knowledge the door is shut

    async def keep(self) -> None:
        """Keep what was read, for a start at which the worksheet does not answer."""
        if not self._known():
            return
        try:
            await self._store.kv_set(_OWNER, _KEY, self._text())
        except CoreOpsError:
            return  # the store's health tells

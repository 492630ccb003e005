"""Putting what a plugin declared into the rooms, taking it out again, and asking the rooms what they still hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from coreops.plugins.items import Item
from coreops.plugins.kinds import KINDS
from coreops.plugins.ledger import Ledger
from coreops_hookspecs.context import Logger

__all__ = ["INLETS", "Adder", "Contributions", "Holder"]

Adder = Callable[[str, Any], Callable[[], None]]
"""Puts one item of a plugin into its room and returns what takes it out again."""

Holder = Callable[[str], Sequence[str]]
"""Returns the names of what a room holds of a plugin."""

INLETS: Final = frozenset({"check", "job", "route", "listener", "control", "command"})
"""Kinds by which new calls come to a plugin. The others are what such a call stands on, and go last."""

_ROOMS: Final = frozenset(kind.name for kind in KINDS)


class Contributions:
    """The rooms, as the plugin room sees them.

    Args:
        ledger: Who contributed what.
        log: Told of what cannot be taken out.
    """

    def __init__(self, ledger: Ledger, log: Logger) -> None:
        self._ledger = ledger
        self._log = log
        self._adders: Mapping[str, Adder] = {}
        self._holders: Mapping[str, Holder] = {}

    def open(self, adders: Mapping[str, Adder], holders: Mapping[str, Holder]) -> None:
        """Learn how to reach the rooms, by kind of contribution, once they are there."""
        self._adders, self._holders = adders, holders

    def put(self, name: str, items: Iterable[Item]) -> None:
        """Put a plugin's items into their rooms, all or none; what a room raises goes on."""
        try:
            for item in items:
                add = partial(self._adders[item.kind.name], name, item.value)
                self._ledger.record(name, item.kind.name, item.key, add)
        except BaseException:
            self.take_out(name)
            raise

    def take_out(self, name: str, kinds: Collection[str] = _ROOMS) -> None:
        """Take a plugin's items out of their rooms, last in first out; tasks are not among them."""
        for entry, error in self._ledger.undo(name, kinds):
            self._log.error(
                "a contribution could not be taken out",
                plugin=name,
                kind=entry.kind,
                name=entry.name,
                error=f"{type(error).__name__}: {error}",
            )

    def left(self, name: str) -> tuple[str, ...]:
        """Return what ledger and rooms still have of a plugin that was taken out: ``command clan``."""
        booked = [f"{entry.kind} {entry.name!r}" for entry in self._ledger.of(name)]
        held = [f"{kind} {what!r}" for kind, holder in self._holders.items() for what in holder(name)]
        return tuple(dict.fromkeys([*booked, *held]))

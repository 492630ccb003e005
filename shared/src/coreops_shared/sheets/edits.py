"""Edits from outside: which tabs changed since they were read and are no longer being saved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

__all__ = ["Edits"]

K = TypeVar("K")


class Edits(Generic[K]):
    """Takes one look after the other at the fingerprints of tabs.

    An edit is over once its tab looks the same twice in a row: nobody is in the middle of saving it.
    """

    def __init__(self) -> None:
        self._changing: dict[K, str] = {}

    def over(self, looks: Mapping[K, tuple[str, str]]) -> list[K]:
        """Return whose edit is over.

        Args:
            looks: Of each tab: how it looked just before it was read, and how it looks now.
        """
        before = self._changing
        self._changing = {each: now for each, (read, now) in looks.items() if now != read}
        over = [each for each, now in self._changing.items() if before.get(each) == now]
        for each in over:
            del self._changing[each]
        return over

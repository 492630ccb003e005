"""Which command a message with buttons came from, so that presses run on behalf of the right plugin."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import hikari

from coreops.commands.leaves import Leaf

__all__ = ["Origins"]

_KEEP: Final = 5_000


class Origins:
    """Remembers the latest interactions and replies, and forgets the oldest."""

    def __init__(self) -> None:
        self._leaves: OrderedDict[int, Leaf] = OrderedDict()

    def remember(self, origin: int, leaf: Leaf) -> None:
        """Note that an interaction (slash) or a reply (prefix) of that id belongs to a command."""
        self._leaves[origin] = leaf
        while len(self._leaves) > _KEEP:
            self._leaves.popitem(last=False)

    def of(self, message: hikari.Message) -> Leaf | None:
        """Return the command that a message answers, if it is known."""
        metadata = message.interaction_metadata
        found = self._leaves.get(message.id)
        return found or (self._leaves.get(metadata.interaction_id) if metadata is not None else None)

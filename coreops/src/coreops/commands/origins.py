"""Which command a message with buttons or a form came from, so that the right plugin answers for its callbacks."""

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
        self._leaves: OrderedDict[int | str, Leaf] = OrderedDict()

    def remember(self, origin: int | str, leaf: Leaf) -> None:
        """Note whose an interaction (slash) or a reply (prefix) of that id is, or a form of that custom id."""
        self._leaves[origin] = leaf
        while len(self._leaves) > _KEEP:
            self._leaves.popitem(last=False)

    def of(self, interaction: hikari.ComponentInteraction | hikari.ModalInteraction) -> Leaf | None:
        """Return the command that a press or a form belongs to, if it is known."""
        if isinstance(interaction, hikari.ModalInteraction) and (found := self._leaves.get(interaction.custom_id)):
            return found
        message = interaction.message
        if message is None:
            return None
        metadata = message.interaction_metadata
        found = self._leaves.get(message.id)
        return found or (self._leaves.get(metadata.interaction_id) if metadata is not None else None)

"""What a reply says, apart from how Discord draws it: values for :meth:`coreops_hookspecs.Commands.card`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CardField", "Severity"]


class Severity(StrEnum):
    """How bad it is; decides the colour of a card."""

    INFO = "info"
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CardField:
    """One named part of a card.

    Args:
        name: Its heading.
        text: Its text; a sequence is drawn one entry a line, and ends with "… and N more" where the room ends.
        inline: Whether it may stand beside others.
    """

    name: str
    text: str | Sequence[str]
    inline: bool = False

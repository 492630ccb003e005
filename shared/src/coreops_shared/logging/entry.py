"""What is logged, on its way to the sinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Entry", "Sink"]


@dataclass(slots=True)
class Entry:
    """One line to be. ``at`` in seconds since 1970; ``fields`` are the sink's to read, not to change."""

    at: float
    level: str
    logger: str
    message: str
    fields: dict[str, Any]
    error: BaseException | None = None


class Sink(Protocol):
    """Takes what is logged; never raises."""

    def take(self, entry: Entry) -> None: ...

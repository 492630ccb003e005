"""Why the process ended: written before the watchdog's exit, read at the next boot and told to the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["ExitReason", "take", "write"]

_FILE: Final = "exit-reason.json"


@dataclass(frozen=True, slots=True)
class ExitReason:
    """What the watchdog saw when it ended the process.

    Args:
        at: When (UTC).
        signal: The trouble.
        detail: Its figures.
        where: The plugin and line that held the event loop, if it was held.
        pid: The process that ended.
    """

    at: datetime
    signal: str
    detail: str
    where: str = ""
    pid: int = 0


def write(folder: Path, reason: ExitReason) -> bool:
    """Write the reason into the state folder; tell whether it could be written. Never raises: an exit must not fail."""
    file = folder / _FILE
    draft = file.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(msgspec.json.encode(reason))
        draft.replace(file)
    except OSError:
        return False
    return True


def take(folder: Path) -> ExitReason | None:
    """Return the reason that the process before this one left, and remove it; ``None`` if there is none to read."""
    file = folder / _FILE
    try:
        content = file.read_bytes()
        file.unlink()
    except OSError:
        return None
    try:
        return msgspec.json.decode(content, type=ExitReason)
    except msgspec.DecodeError:
        return None

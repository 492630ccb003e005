"""Restart: asked for in Discord, and reported back in the same channel by the runtime that comes up after it.

A note in the state folder carries the channel and the asker over the restart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

__all__ = ["Note", "keep", "take"]

_FILE: Final = "reboot.json"


@dataclass(frozen=True, slots=True)
class Note:
    """Who asked for a restart, where, and when (UTC, ISO 8601)."""

    actor: str
    channel_id: int | None
    trace: str
    at: str

    def took(self, now: datetime) -> float:
        """Return the seconds since it was asked for."""
        return max((now - datetime.fromisoformat(self.at)).total_seconds(), 0.0)


def keep(folder: Path, note: Note) -> None:
    """Write the note for the runtime that comes next. Raises OSError."""
    (folder / _FILE).write_text(json.dumps(asdict(note)), encoding="utf-8")


def take(folder: Path) -> Note | None:
    """Return the note that the runtime before this one left, and remove it; ``None`` if there is none to be read."""
    path = folder / _FILE
    try:
        note = Note(**json.loads(path.read_text(encoding="utf-8")))
        note.took(datetime.fromisoformat(note.at))
    except (OSError, ValueError, TypeError):
        note = None
    path.unlink(missing_ok=True)
    return note

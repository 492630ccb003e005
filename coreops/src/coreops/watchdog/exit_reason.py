"""Why the process ended: written before the watchdog's exit, read at the next boot and told to the operator.

The instants of earlier exits are kept beside the last reason, so that a runtime that is restarted again and again
notices that, although each process lives only once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["ExitReason", "exits_since", "take", "write"]

_FILE: Final = "exit-reason.json"
_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class ExitReason:
    """What the watchdog saw when it ended the process.

    Args:
        at: When (UTC).
        signal: The trouble.
        detail: Its figures.
        where: The plugin and line that held the event loop, if it was held.
        pid: The process that ended.
        told: Whether a later boot has told of it.
        earlier: When the watchdog ended processes before that, the latest last (UTC).
    """

    at: datetime
    signal: str
    detail: str
    where: str = ""
    pid: int = 0
    told: bool = False
    earlier: tuple[datetime, ...] = ()


def write(folder: Path, reason: ExitReason) -> bool:
    """Write the reason into the state folder; tell whether it could be written. Never raises: an exit must not fail."""
    before = _read(folder)
    if before is not None:
        reason = replace(reason, earlier=(*before.earlier, before.at)[-_KEPT:])
    return _save(folder, reason)


def take(folder: Path) -> ExitReason | None:
    """Return the reason that the process before this one left, once; ``None`` if there is none to tell."""
    reason = _read(folder)
    if reason is None or reason.told:
        return None
    _save(folder, replace(reason, told=True))
    return reason


def exits_since(folder: Path, now: datetime, window: float) -> int:
    """Return how often the watchdog ended a process within the last ``window`` seconds."""
    reason = _read(folder)
    if reason is None:
        return 0
    first = now - timedelta(seconds=window)
    return sum(first <= at <= now for at in (*reason.earlier, reason.at))


def _read(folder: Path) -> ExitReason | None:
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=ExitReason)
    except (OSError, msgspec.DecodeError):
        return None


def _save(folder: Path, reason: ExitReason) -> bool:
    file = folder / _FILE
    draft = file.with_suffix(".new")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_bytes(msgspec.json.encode(reason))
        draft.replace(file)
    except OSError:
        return False
    return True

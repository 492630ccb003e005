"""What a failure of SQLite means for whoever runs the bot, and what they can do about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

__all__ = ["is_of_the_disk", "remedy"]

_FULL: Final = "the disk is full: free space on it, and writing goes on by itself"
_FAILS: Final = "the disk does not take what is written: check its space, limits and health; it is tried again"
_READ_ONLY: Final = (
    "it may only be read: let the bot's user write to the file and its folder, or mount the disk for writing, then "
    "restart"
)
_DAMAGED: Final = (
    "it is damaged: stop the bot, move the file away, put the newest file of the folder {backups} in its place, run "
    "coreops state check, then start"
)
_REMEDIES: Final = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FAILS,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_OF_THE_DISK: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def _primary(error: BaseException) -> int | None:
    """Return SQLite's primary result code (https://www.sqlite.org/rescode.html), if the error carries one."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_of_the_disk(error: BaseException) -> bool:
    """Whether the failure is that of the whole disk, so that any write that succeeds shows that it is over."""
    return _primary(error) in _OF_THE_DISK


def remedy(error: BaseException, path: Path) -> str:
    """Return what is wrong with the file and what to do, in one half-sentence."""
    known = _REMEDIES.get(_primary(error) or 0)
    if known is None and isinstance(error, PermissionError):
        known = _READ_ONLY
    return (known or "check the disk's space, permissions and health").format(backups=path.parent / "backups")

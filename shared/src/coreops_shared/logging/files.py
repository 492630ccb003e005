"""A log file that begins anew each day and at a size, and forgets old ones: where nobody else keeps the log."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["LogFile", "Rotation", "log_files"]

_STAMP: Final = "%Y%m%dT%H%M%S%fZ"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a file is set aside, and how long those set aside are kept.

    Args:
        size: Bytes that one file may have, its last line included.
        days: For how many days those set aside are kept.
        most: How many of them at most.
    """

    size: int = 16 << 20
    days: int = 14
    most: int = 30


class LogFile:
    """A stream of whole lines into a file that only its user may read.

    At the first line of a new day (UTC), and before a line that would make it too large, the file is set aside as
    ``<name>-<instant>.log`` and a new one begins. One process at a time writes.

    Args:
        path: The file; its folder is made if need be.
        rotation: See :class:`Rotation`.
        now: Source of time.
    """

    def __init__(self, path: Path, rotation: Rotation | None = None, *, now: Callable[[], datetime] = _now) -> None:
        self.path = path
        self._rotation = rotation or Rotation()
        self._now = now
        self._file: BinaryIO | None = None
        self._size = 0
        self._day = date.min

    def write(self, text: str) -> None:
        """Write a line. Raises OSError; the next line tries again."""
        data, today = text.encode("utf-8", "backslashreplace"), self._now().date()
        file = self._file or self._open()
        if self._size and (today != self._day or self._size + len(data) > self._rotation.size):
            file = self._set_aside()
        self._day = today
        # unbuffered, so that a line is in the file or is not, and a full disk is told of at once
        self._size += file.write(data)

    def flush(self) -> None:
        """Do nothing: every line is in the file when it is written."""

    def close(self) -> None:
        """Close the file. May be called twice."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _open(self) -> BinaryIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(handle, "ab", buffering=0)
        stat = os.fstat(handle)
        self._size, self._day = stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC).date()
        return self._file

    def _set_aside(self) -> BinaryIO:
        self.close()
        with suppress(OSError):  # a folder that may not be written: the file grows on, and is tried again
            self.path.rename(self.path.with_name(f"{self.path.stem}-{self._now().strftime(_STAMP)}{self.path.suffix}"))
            self._forget()
        return self._open()

    def _forget(self) -> None:
        oldest = self._now() - timedelta(days=self._rotation.days)
        for number, (at, each) in enumerate(reversed(_aside(self.path))):
            if number >= self._rotation.most or at < oldest:
                each.unlink(missing_ok=True)


def log_files(path: Path) -> Sequence[Path]:
    """Return what there is of a log file: those that were set aside, oldest first, and the file itself."""
    return [*(each for _, each in _aside(path)), *([path] if path.exists() else [])]


def _aside(path: Path) -> Sequence[tuple[datetime, Path]]:
    found: list[tuple[datetime, Path]] = []
    for each in path.parent.glob(f"{path.stem}-*{path.suffix}"):
        with suppress(ValueError):  # somebody else's file of a similar name
            stamp = each.stem.removeprefix(f"{path.stem}-")
            found.append((datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), each))
    return sorted(found)

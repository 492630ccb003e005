"""One runtime at a time on a state folder: a file lock that the kernel drops when its holder dies (flock(2))."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from coreops_hookspecs.errors import CoreOpsError

__all__ = ["FileLock", "holder"]


class FileLock:
    """A :class:`coreops_hookspecs.Coordinator` for one machine. The file stays, its lock ends with the process.

    Args:
        path: The lock's file, for example ``<COREOPS_STATE_DIR>/runtime.lock``; it holds the holder's pid.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._trouble = ""

    async def acquire(self) -> None:
        """Take the lock. On a disk that cannot be written there is none, which :meth:`describe` tells.

        Raises:
            CoreOpsError: another runtime holds it; the message names its pid.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self._trouble = f"{self._path} cannot be made ({error.strerror}): a second runtime would not be noticed"
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise CoreOpsError(
                f"another runtime with pid {holder} uses {self._path.parent}; stop it, or name another folder in "
                "COREOPS_STATE_DIR"
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    async def release(self) -> None:
        """Give the lock back. May be called twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(OSError):
                os.ftruncate(handle, 0)
            os.close(handle)

    def describe(self) -> str:
        """Return where the lock stands, for people."""
        if self._trouble:
            return self._trouble
        return f"{self._path}: {'held by this runtime' if self._handle is not None else 'not held'}"


def holder(path: Path) -> str | None:
    """Return the pid in a lock's file if somebody holds it now, else ``None``. Takes nothing."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
    finally:
        os.close(handle)
    return None

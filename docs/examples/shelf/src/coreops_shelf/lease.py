"""One bot at a time: whoever makes the folder serves until it is removed."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from coreops_hookspecs.errors import CoreOpsError


class Lease:
    """A folder on a shared disk. Making one is atomic (POSIX, mkdir), so of many bots one succeeds.

    A bot that was killed leaves it behind: the error says whose it was, and what to remove.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._holder = folder / "holder"

    async def acquire(self) -> None:
        """Take the lease. Raises CoreOpsError naming who has it."""
        await asyncio.to_thread(self._acquire)

    async def release(self) -> None:
        """Give the lease back."""
        await asyncio.to_thread(self._release)

    def describe(self) -> str:
        """Return where the lease stands."""
        return str(self._folder)

    def _acquire(self) -> None:
        try:
            self._folder.mkdir()
        except FileExistsError as error:
            holder = self._holder.read_text() if self._holder.exists() else "somebody"
            msg = f"{holder} serves already; if it does not run any more, remove {self._folder}"
            raise CoreOpsError(msg) from error
        self._holder.write_text(f"{socket.gethostname()} with pid {os.getpid()}")

    def _release(self) -> None:
        self._holder.unlink(missing_ok=True)
        self._folder.rmdir()

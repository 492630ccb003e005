"""The threads for blocking work, and their end: asyncio would wait for a call that hangs as long as it hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Self

from coreops_hookspecs.context import Logger

__all__ = ["Threads"]

_NAME: Final = "coreops-blocking"
GRACE: Final = 0.5
"""Seconds that calls get to come back when everything else has ended; each stage has given its own time by then."""


class Threads:
    """What `asyncio.to_thread` runs in, for as long as the block lasts; calls that hang are left behind.

    Args:
        loop: Whose default executor it is.
        log: Told of what is left behind.
        grace: Seconds to wait for it.

    Attributes:
        stuck: Whether a call was left behind. The interpreter joins its thread at the end, so that the process has
            to be ended without that (``os._exit``).
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, log: Logger, grace: float = GRACE) -> None:
        self._loop = loop
        self._log = log
        self._grace = grace
        self._executor = ThreadPoolExecutor(thread_name_prefix=_NAME)
        self.stuck = False

    def __enter__(self) -> Self:
        self._loop.set_default_executor(self._executor)
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + self._grace
        ours = [thread for thread in threading.enumerate() if thread.name.startswith(_NAME)]
        for thread in ours:
            thread.join(max(until - time.monotonic(), 0.0))
        left = [thread.name for thread in ours if thread.is_alive()]
        if left:
            self.stuck = True
            self._log.warning("blocking calls did not come back and are left behind", threads=len(left))
            self._loop.set_default_executor(ThreadPoolExecutor(1))  # an empty one, which the loop need not wait for

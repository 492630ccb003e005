"""Running synchronous code of a plugin in a thread of its own, which can be given up.

Import and declaring hooks are plain functions: nothing can cancel them, and on the event loop one that hangs would take
everybody with it. So they run beside it, in a daemon thread, which keeps no process from ending.

What is given up is asked to end by an exception that is raised in its thread, which ends a loop of Python code. A call
that waits in C, ``time.sleep`` say, gets it when it comes back, if ever; code in C that keeps the interpreter's lock
stops every thread, and only a supervisor outside can end it. No thread of Python can be killed.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from types import FrameType
from typing import Generic, TypeVar

__all__ = ["Apart", "GivenUpError"]

T = TypeVar("T")


class GivenUpError(BaseException):
    """Raised in a thread whose work nobody waits for any more; no ``except Exception`` of a plugin takes it."""


class Apart(Generic[T]):
    """One piece of work in a thread of its own.

    Args:
        work: What to do; sees the caller's context variables.
        late: Takes a result that came after the work was given up; called in the thread.
        home: Package whose code the work is, to tell where it was when it was given up.
        name: Name of the thread.
    """

    def __init__(self, work: Callable[[], T], *, late: Callable[[T], None], home: str, name: str) -> None:
        self.place = ""
        """Line at which the work was given up, innermost in its home; empty when unknown."""
        self._home = home
        self._work = work
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        self._lock = threading.Lock()
        self._given_up = False
        self._result: tuple[T | None, BaseException | None] = (None, None)
        self._thread = threading.Thread(target=copy_context().run, args=(self._body,), name=name, daemon=True)

    async def run(self) -> tuple[T | None, BaseException | None]:
        """Do it; return the result, or what was raised, of whatever kind. When cancelled, it is given up."""
        self._thread.start()
        try:
            await self._ended
        except asyncio.CancelledError:
            self._give_up()
            raise
        return self._result

    def _body(self) -> None:
        try:
            result: tuple[T | None, BaseException | None] = (self._work(), None)
        except BaseException as raised:  # noqa: BLE001 - a plugin's own SystemExit, KeyboardInterrupt … ends only itself
            result = (None, raised)
        with self._lock:
            self._result, given_up = result, self._given_up
            if not given_up and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._end)
        if given_up and result[1] is None:
            self._late(result[0])  # type: ignore[arg-type]  # without an error it is the result

    def _end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)

    def _give_up(self) -> None:
        with self._lock:
            self._given_up = True
            if self._thread.is_alive() and self._thread.ident is not None:
                self.place = _place(sys._current_frames().get(self._thread.ident), self._home)  # noqa: SLF001 - documented
                raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc  # C API, "Thread State and the GIL"
                raise_in(ctypes.c_ulong(self._thread.ident), ctypes.py_object(GivenUpError))


def _place(frame: FrameType | None, home: str) -> str:
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name == home or name.startswith(f"{home}."):
            return f"{name}:{frame.f_lineno} in {frame.f_code.co_name}()"
        frame = frame.f_back
    return ""

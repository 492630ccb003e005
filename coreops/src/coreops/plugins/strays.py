"""Tasks and threads that are inside a plugin's code: what an unload has to end, and what it could not.

Code is told by the module whose globals it runs with, not by its file, so that old and new code of one plugin are
two. A thread that waits in the standard library, such as an idle one of a pool, is in nobody's code and not seen.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType, ModuleType
from typing import Any

__all__ = ["end_tasks", "threads_of"]


async def end_tasks(
    modules: Iterable[ModuleType], seconds: float, codes: frozenset[CodeType] = frozenset()
) -> tuple[str, ...]:
    """Cancel every task that waits in the modules' code, or in one of the pieces of code.

    Returns:
        Those that did not end within so many seconds.
    """
    homes, own = _homes(modules), asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not own and _at_home(task, homes, codes)]
    for task in tasks:
        task.cancel()
    if not tasks:
        return ()
    _, left = await asyncio.wait(tasks, timeout=seconds)
    return tuple(sorted(f"task {task.get_name()!r} in {_place(task, homes)}" for task in left))


def threads_of(modules: Iterable[ModuleType]) -> tuple[str, ...]:
    """Return the threads, this one excepted, whose stack leads through the modules' code."""
    homes = _homes(modules)
    stacks = sys._current_frames()  # noqa: SLF001 - documented in the library reference as the way to do this
    return tuple(
        f"thread {thread.name!r} in {module}"
        for thread in threading.enumerate()
        if thread is not threading.current_thread() and (module := _lives(stacks.get(thread.ident or 0), homes))
    )


def _homes(modules: Iterable[ModuleType]) -> dict[int, str]:
    return {id(vars(module)): module.__name__ for module in modules}


def _at_home(task: asyncio.Task[Any], homes: dict[int, str], codes: frozenset[CodeType]) -> bool:
    return any(id(frame.f_globals) in homes or frame.f_code in codes for frame in _frames(task))


def _place(task: asyncio.Task[Any], homes: dict[int, str]) -> str:
    return next((homes[id(frame.f_globals)] for frame in _frames(task) if id(frame.f_globals) in homes), "its code")


def _frames(task: asyncio.Task[Any]) -> Iterator[FrameType]:
    """Yield the frames of a task's coroutine and of whatever that awaits, outermost first."""
    inner: Any = task.get_coro()
    while inner is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(inner, f"{kind}_frame")), None)
        if kind is None:
            return
        frame = getattr(inner, f"{kind}_frame")
        if frame is not None:
            yield frame
        inner = getattr(inner, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")


def _lives(frame: FrameType | None, homes: dict[int, str]) -> str:
    while frame is not None:
        if id(frame.f_globals) in homes:
            return homes[id(frame.f_globals)]
        frame = frame.f_back
    return ""

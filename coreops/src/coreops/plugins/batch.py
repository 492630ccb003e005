"""Awaiting calls into several plugins at the same time, with as few tasks as that takes.

A task costs ten times what most implementations of an event do, and those that never wait need none. So one
task goes through the calls; when one waits, it stays with that call and another task takes over the rest, as if each
had had its own. What a plugin does to its task or its context variables ends with its call in the same way: the next
call is then made in a fresh task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, ContextVar, copy_context
from typing import Any

__all__ = ["Batch"]


class Batch:
    """Calls that are made together.

    Args:
        calls: What is to be called, in order.
        make: Makes one call and returns how it ended.
        current: The variable that each call sets for itself.
        started: Told of each task that takes part.
        missing: Returns what stands for a call that has no end, told whether it was begun: if so it has cancelled its
            own task, else no further call was to be made.
        over: Tells when no further call is to be made.
    """

    def __init__(
        self,
        calls: Sequence[Any],
        make: Callable[[Any], Awaitable[Any]],
        current: ContextVar[str],
        *,
        started: Callable[[asyncio.Task[None]], None],
        missing: Callable[[Any, bool], Any] = lambda _call, _begun: None,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._calls = calls
        self._make = make
        self._missing = missing
        self._current = current
        self._started = started
        self._over = over
        self._loop = asyncio.get_running_loop()
        self._context: Context = copy_context()
        self._outcomes: list[Any] = [None] * len(calls)
        self._next = 0
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Let the calls be made, and wait for none of them."""
        task = self._loop.create_task(self._work(len(self._tasks)), context=self._context.copy())
        task.add_done_callback(self._ended)
        self._tasks.append(task)
        self._started(task)

    async def run(self) -> list[Any]:
        """Make all calls; return how they ended, in their order. When cancelled, they are all cancelled."""
        self.begin()
        done = 0
        try:
            while done < len(self._tasks):  # it grows
                if not self._tasks[done].done():
                    await asyncio.wait(self._tasks[done:])
                done += 1
                if done == len(self._tasks) and not self._over():
                    self._relieve(done - 1)  # it has given up its place, and nobody was told of its end yet
        except asyncio.CancelledError:
            self._next = len(self._calls)
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
            raise
        return [
            self._missing(call, place < self._next) if outcome is None else outcome
            for place, (call, outcome) in enumerate(zip(self._calls, self._outcomes, strict=True))
        ]

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task is self._tasks[-1] and not self._over():
            self._relieve(len(self._tasks) - 1)  # it has given up its place, and is not relieved yet

    def _relieve(self, number: int) -> None:
        """Called when a task has given way to the loop: at its end, or because its call waits."""
        if number == len(self._tasks) - 1 and self._next < len(self._calls):
            self.begin()

    async def _work(self, number: int) -> None:
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"
        if len(self._calls) > 1:
            self._loop.call_soon(self._relieve, number)
        self._current.set("")
        untouched = copy_context()
        while self._next < len(self._calls):
            mine = self._next
            self._next += 1
            self._outcomes[mine] = await self._make(self._calls[mine])
            self._current.set("")
            if number < len(self._tasks) - 1 or task.cancelling() or copy_context() != untouched:
                return  # relieved already, or about to be

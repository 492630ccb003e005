"""Taking the time that a coroutine holds the event loop: from each resumption to the next wait."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

from coreops.plugins.gate import Gate

__all__ = ["Steps"]

T = TypeVar("T")


class Steps(Generic[T]):
    """An awaitable that steps through a coroutine and adds the time of each step to its plugin's gate.

    What it forwards is the protocol of PEP 380 (delegation to a subgenerator), in the shape of PEP 492's iterators, so
    tasks, cancellation and what looks into a task for its innermost frame work as if it were not there.

    Args:
        gate: Takes the time.
        coroutine: What to run.
        monotonic: Seconds that never go back.
        first: What its first step, which was taken already, waits for; ``None`` also where a task only gives way.
    """

    __slots__ = ("_first", "_gate", "_monotonic", "_send", "cr_await")

    cr_frame = None
    """No frame of its own, for whoever walks down ``cr_await``."""

    def __init__(
        self, gate: Gate, coroutine: Coroutine[Any, Any, T], monotonic: Callable[[], float], *first: Any
    ) -> None:
        self._first = first
        self.cr_await = coroutine
        self._send = coroutine.send
        self._gate = gate
        self._monotonic = monotonic

    def __await__(self) -> Generator[Any, Any, T]:
        return self

    def __iter__(self) -> Steps[T]:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        """Resume with a value."""
        if self._first:
            (first,), self._first = self._first, ()
            return first
        began = self._monotonic()
        try:
            return self._send(value)
        finally:
            self._gate.loop_time += self._monotonic() - began

    def throw(self, *error: Any) -> Any:
        """Resume with an error, such as a cancellation."""
        began = self._monotonic()
        try:
            return self.cr_await.throw(*error)
        finally:
            self._gate.loop_time += self._monotonic() - began

    def close(self) -> None:
        """End without resuming."""
        self.cr_await.close()

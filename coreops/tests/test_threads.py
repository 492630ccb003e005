"""The end of the threads for blocking work: those that come back are waited for, those that hang are not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from coreops.threads import Threads


@pytest.fixture
def log() -> Any:
    told: list[tuple[str, dict[str, Any]]] = []
    return SimpleNamespace(told=told, warning=lambda text, **more: told.append((text, more)))


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Something to wait for, which comes when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def work(log: Any, call: Any, *, grace: float = 0.05) -> Threads:
    """Let a call be made in a thread, which may have begun when all ends, and end."""
    begun = threading.Event()

    def made() -> None:
        begun.set()
        call()

    async def serve() -> None:
        asyncio.get_running_loop().run_in_executor(None, made)
        await asyncio.to_thread(begun.wait, 10)

    with asyncio.Runner() as runner, Threads(runner.get_loop(), log, grace) as threads:
        runner.run(serve())
    return threads


def test_a_call_that_comes_back_in_time_is_waited_for(log: Any) -> None:
    done = threading.Event()
    threads = work(log, lambda: threading.Event().wait(0.05) or done.set(), grace=20)
    assert done.is_set()
    assert not threads.stuck
    assert log.told == []


def test_a_call_that_hangs_is_left_behind_and_told(log: Any, hanging: threading.Event) -> None:
    threads = work(log, hanging.wait)
    assert threads.stuck
    assert log.told == [("blocking calls did not come back and are left behind", {"threads": 1})]

"""A coroutine that is stepped through behaves as if it were awaited."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from coreops.plugins.steps import Steps
from coreops.plugins.strays import end_tasks


class Gate:
    """Takes the time, as a plugin's gate does."""

    def __init__(self) -> None:
        self.loop_time = 0.0
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 1.0
        return self.seconds


def steps(coroutine: Any, gate: Any = None) -> Steps[Any]:
    gate = gate or Gate()
    return Steps(gate, coroutine, gate.monotonic)


async def test_it_gives_results_and_errors_through() -> None:
    async def value(number: int) -> int:
        await asyncio.sleep(0)
        if number < 0:
            raise ValueError(number)
        return number

    assert await steps(value(7)) == 7
    with pytest.raises(ValueError, match="-1"):
        await steps(value(-1))


async def test_it_takes_the_time_of_every_step() -> None:
    gate = Gate()
    await steps(asyncio.sleep(0), gate)
    assert gate.loop_time == 2.0, "one second before the wait, one after it"


async def test_cancellation_reaches_the_coroutine_and_may_be_handled_there() -> None:
    async def patient() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "tidied up"
        return ""

    async def run() -> str:
        return str(await steps(patient()))

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "tidied up"


async def test_a_timeout_of_asyncio_binds_to_the_task_that_runs_it() -> None:
    async def waits() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await steps(waits())


async def test_one_that_is_closed_before_its_end_runs_its_finally() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("finally")

    async def run() -> None:
        await steps(waits())

    outer = run()
    outer.send(None)
    outer.close()
    assert ended == ["finally"]


async def test_whoever_looks_for_the_innermost_frame_of_a_task_sees_through_it() -> None:
    namespace: dict[str, Any] = {"__name__": "its_code", "asyncio": asyncio}
    exec("async def hang():\n    await asyncio.Event().wait()", namespace)
    home = type("Home", (), {})()
    home.__dict__ = namespace

    async def run() -> None:
        await steps(namespace["hang"]())

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    assert await end_tasks([home], 1.0) == ()
    assert task.cancelled()

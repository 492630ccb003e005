from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from coreops.runtime import Runtime, Stage
from coreops_shared.clock import ManualClock
from coreops_shared.logging import get_logger


class Story:
    """What happened, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def stage(self, name: str, *, fails: str = "", stop_timeout: float = 1.0) -> Stage:
        def step(sign: str) -> Callable[[], Awaitable[None]]:
            async def run() -> None:
                self.lines.append(sign + name)
                if fails == sign:
                    raise RuntimeError(name)
                if fails == "hang" and sign == "-":
                    await asyncio.Event().wait()

            return run

        return Stage(name, step("+"), step("-"), stop_timeout)

    def runtime(self, *stages: Stage) -> Runtime:
        def on_phase(phase: str, detail: str) -> None:
            self.lines.append(f"{phase} {detail}".strip())

        return Runtime(stages, clock=ManualClock(), log=get_logger("test"), on_phase=on_phase)


@pytest.fixture
def story() -> Story:
    return Story()


async def test_stages_start_in_order_and_stop_in_reverse(story: Story) -> None:
    runtime = story.runtime(story.stage("a"), story.stage("b"))
    await runtime.start()
    await runtime.stop("bye")
    await runtime.stop("again")
    assert story.lines == ["starting", "+a", "+b", "ready 0.0 s", "draining bye", "-b", "-a", "stopped bye"]


async def test_a_stage_that_fails_to_start_takes_the_earlier_ones_down_and_raises(story: Story) -> None:
    runtime = story.runtime(story.stage("a"), story.stage("b", fails="+"), story.stage("c"))
    with pytest.raises(RuntimeError, match="b"):
        await runtime.start()
    assert story.lines == ["starting", "+a", "+b", "draining b failed", "-b", "-a", "stopped b failed"]


@pytest.mark.parametrize("fails", ["-", "hang"])
async def test_a_stage_that_cannot_stop_does_not_keep_the_others_up(story: Story, fails: str) -> None:
    runtime = story.runtime(story.stage("a"), story.stage("b", fails=fails, stop_timeout=0.01))
    await runtime.start()
    async with asyncio.timeout(2):
        await runtime.stop("bye")
    assert story.lines[-3:] == ["-b", "-a", "stopped bye"]

"""Ordered start and stop: stages come up one after the other and go down in reverse, each within a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from coreops_hookspecs.context import Logger
from coreops_shared.clock import Clock

__all__ = ["Runtime", "Stage"]

STOP_TIMEOUT: Final = 2.0
"""Seconds that one stage gets to stop, unless it says otherwise."""


async def _nothing() -> None:
    """Stand in for a stage that has nothing to stop."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of coming up.

    Args:
        name: Word for it in logs and on the status page.
        start: Brings it up; an exception stops the boot.
        stop: Takes it down; an exception is logged and the next stage goes on.
        stop_timeout: Seconds that ``stop`` may take before it is cancelled.
    """

    name: str
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]] = _nothing
    stop_timeout: float = STOP_TIMEOUT


class Runtime:
    """The stages of one process.

    Args:
        stages: In order of starting.
        clock: Measures how long each takes.
        log: Told of each stage.
        on_phase: Told ``starting``, ``ready``, ``draining``, ``stopped`` with a detail.
    """

    def __init__(
        self, stages: Sequence[Stage], *, clock: Clock, log: Logger, on_phase: Callable[[str, str], None]
    ) -> None:
        self._stages = tuple(stages)
        self._clock = clock
        self._log = log
        self._on_phase = on_phase
        self._up: list[Stage] = []

    async def start(self) -> None:
        """Bring all stages up. When one raises or is cancelled, what is up is taken down and the error goes on."""
        began = self._clock.monotonic()
        self._on_phase("starting", "")
        for stage in self._stages:
            entered = self._clock.monotonic()
            # in the list before it is up, so that a stage that fails half-way is stopped too
            self._up.append(stage)
            try:
                await stage.start()
            except asyncio.CancelledError:
                self._log.info("start stopped", stage=stage.name)
                await self.stop("the start was stopped")
                raise
            except BaseException:
                self._log.error("stage failed", stage=stage.name)
                await self.stop(f"{stage.name} failed")
                raise
            self._log.debug("stage up", stage=stage.name, ms=_ms(self._clock.monotonic() - entered))
        took = self._clock.monotonic() - began
        self._on_phase("ready", f"{took:.1f} s")
        self._log.info("runtime ready", ms=_ms(took))

    async def stop(self, reason: str) -> None:
        """Take down what is up, last first. Never raises what a stage raised; a second call does nothing."""
        if not self._up:
            return
        self._on_phase("draining", reason)
        while self._up:
            stage = self._up.pop()
            try:
                async with asyncio.timeout(stage.stop_timeout):
                    await stage.stop()
            except TimeoutError:
                self._log.warning("stage did not stop in time", stage=stage.name, seconds=stage.stop_timeout)
            except Exception as error:  # noqa: BLE001 - one stage that cannot stop must not keep the others up
                self._log.exception("stage failed to stop", exc_info=error, stage=stage.name)
        self._on_phase("stopped", reason)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

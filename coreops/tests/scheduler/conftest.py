"""What the scheduler tells to the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest

from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.jobs import JobRun, Pause, RunOutcome
from coreops_hookspecs.telemetry import Event
from coreops_shared.state.runs import Begun, JobMemory


class Kept:
    """A store of runs that keeps them in lists, and the events that were published."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.runs: list[JobRun] = []
        self.begun: dict[int, Sequence[Begun]] = {}
        self.slots: dict[str, datetime] = {}
        self.pauses: dict[str, Pause] = {}
        self.broken = False

    @property
    def outcomes(self) -> list[RunOutcome]:
        return [run.outcome for run in self.runs]

    async def begin(self, number: int, runs: Sequence[Begun]) -> None:
        self._work()
        self.begun[number] = runs

    async def end(
        self, runs: Sequence[JobRun], *, slots: Mapping[str, datetime] | None = None, over: Sequence[int] = ()
    ) -> None:
        self._work()
        self.runs += runs
        self.slots |= slots or {}
        for number in over:
            del self.begun[number]

    async def latest(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]:
        return [run for run in reversed(self.runs) if job in {None, run.job}][:limit]

    async def memory(self) -> JobMemory:
        self._work()
        cut = [run for batch in self.begun.values() for run in batch]
        return JobMemory(self.slots, self.pauses, cut, {run.job: run for run in self.runs})

    async def settle(self, runs: Sequence[JobRun]) -> None:
        self.runs += runs
        self.begun.clear()

    async def pause(self, job: str, pause: Pause | None) -> None:
        self._work()
        self.pauses.pop(job, None)
        if pause is not None:
            self.pauses[job] = pause

    def _work(self) -> None:
        if self.broken:
            raise CoreOpsError("no space left on device")


@pytest.fixture
def kept() -> Kept:
    return Kept()

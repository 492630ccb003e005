"""The runs of jobs: what has begun, how it ended, up to which time each job was served, and what is paused.

A run is written down twice: before it begins, all that begin together in one row, and when it ends. What has begun
and not ended when a process starts was cut off with the one before.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.jobs import JobRun, Pause, RunOutcome
from coreops_shared.state.database import Row, Statement

__all__ = ["Begun", "JobMemory", "RunHistory", "history"]

_KEPT_IN_ALL: Final = 200_000
_COLUMNS: Final = "job, plugin, scheduled_for, started_at, duration, outcome, actor, trace, error, slots"
_ADD: Final = f"INSERT INTO runs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constant
_LATEST: Final = f"SELECT {_COLUMNS} FROM runs WHERE ? IS NULL OR job = ? ORDER BY id DESC LIMIT ?"  # noqa: S608 - constant
_LAST: Final = f"SELECT {_COLUMNS} FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY job)"  # noqa: S608 - constant
_SLOTS: Final = (
    "INSERT OR REPLACE INTO job_slots (job, slot) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
)
_TOO_MANY: Final = (
    "DELETE FROM runs WHERE job = ? AND id <= (SELECT id FROM runs WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ?)"
)
_encode = msgspec.json.Encoder().encode

Run = Callable[[str, Iterable[Any]], Awaitable[list[Row]]]
RunAll = Callable[[Sequence[Statement]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that begins. ``again`` tells that one for the same time was cut off before; instants in UTC."""

    job: str
    plugin: str
    scheduled_for: datetime
    started_at: datetime
    actor: str
    trace: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class JobMemory:
    """What the process before left.

    Attributes:
        slots: Up to which time each job was served.
        pauses: What is paused.
        cut: Runs that began and did not end.
        last: How the latest run of each job ended.
    """

    slots: Mapping[str, datetime] = field(default_factory=dict)
    pauses: Mapping[str, Pause] = field(default_factory=dict)
    cut: Sequence[Begun] = ()
    last: Mapping[str, JobRun] = field(default_factory=dict)


class RunHistory:
    """Reads and writes runs.

    Args:
        run: Runs one statement. Raises CoreOpsError.
        run_all: Runs statements as one. Raises CoreOpsError.
        kept: How many runs of each job are kept, within 200,000 in all.
    """

    def __init__(self, run: Run, run_all: RunAll, *, kept: int = 1000) -> None:
        self._run = run
        self._run_all = run_all
        self._kept = kept
        self._added: Counter[str] = Counter()

    async def begin(self, number: int, runs: Sequence[Begun]) -> None:
        """Write down what is about to begin, under a number that no other has. Raises CoreOpsError."""
        await self._run("INSERT INTO begun (number, runs) VALUES (?, ?)", (number, _encode(runs)))

    async def end(
        self, runs: Sequence[JobRun], *, slots: Mapping[str, datetime] | None = None, over: Sequence[int] = ()
    ) -> None:
        """Write down runs that ended, all or none.

        Args:
            runs: In the order of their end.
            slots: Up to which time jobs are served now.
            over: Numbers given to :meth:`begin` of which every run has ended.

        Raises:
            CoreOpsError: it could not be written.
        """
        served = {job: slot.astimezone(UTC) for job, slot in (slots or {}).items()}
        statements: list[Statement] = [
            (_ADD, [_row(run) for run in runs]),
            (f"{_SLOTS} FROM json_each(?)", (_encode(list(served.items())).decode(),)),
            ("DELETE FROM begun WHERE number IN (SELECT value FROM json_each(?))", (_encode(over).decode(),)),
        ]
        await self._run_all([*statements, *self._outdated(runs)])

    async def latest(self, job: str | None = None, limit: int = 20) -> Sequence[JobRun]:
        """Return the latest runs, newest first, of one job or of all. Raises CoreOpsError."""
        return [_job_run(row) for row in await self._run(_LATEST, (job, job, limit))]

    async def memory(self) -> JobMemory:
        """Return what the process before left. Raises CoreOpsError."""
        slots = await self._run("SELECT job, slot FROM job_slots", ())
        pauses = await self._run("SELECT job, actor, at FROM job_pauses", ())
        batches = await self._run("SELECT runs FROM begun ORDER BY number", ())
        begun = [each for (batch,) in batches for each in msgspec.json.decode(batch, type=list[Begun])]
        return JobMemory(
            {job: datetime.fromisoformat(slot) for job, slot in slots},
            {job: Pause(actor, datetime.fromisoformat(at)) for job, actor, at in pauses},
            [each for each in begun if not await self._has_ended(each)],
            {run.job: run for run in map(_job_run, await self._run(_LAST, ()))},
        )

    async def settle(self, runs: Sequence[JobRun]) -> None:
        """Write down how runs of :attr:`JobMemory.cut` ended, and that nothing is on its way. Raises CoreOpsError."""
        await self._run_all([(_ADD, [_row(run) for run in runs]), ("DELETE FROM begun", ())])

    async def pause(self, job: str, pause: Pause | None) -> None:
        """Keep whether a job is paused; it is on disk when this returns. Raises CoreOpsError."""
        if pause is None:
            await self._run("DELETE FROM job_pauses WHERE job = ?", (job,))
            return
        values = (job, pause.actor, pause.at.astimezone(UTC).isoformat())
        await self._run("INSERT OR REPLACE INTO job_pauses (job, actor, at) VALUES (?, ?, ?)", values)

    async def _has_ended(self, begun: Begun) -> bool:
        found = await self._run("SELECT scheduled_for FROM runs WHERE job = ? AND trace = ?", (begun.job, begun.trace))
        return any(datetime.fromisoformat(slot) == begun.scheduled_for for (slot,) in found)

    def _outdated(self, runs: Sequence[JobRun]) -> Iterator[Statement]:
        """Give what removes the oldest runs, now and then: looking each time would cost more than the runs."""
        self._added.update(run.job for run in runs)
        for job in {run.job for run in runs if self._added[run.job] > self._kept // 10}:
            del self._added[job]
            yield _TOO_MANY, (job, job, self._kept)
        if self._added.total() > _KEPT_IN_ALL // 10:
            self._added.clear()
            yield "DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ?", (_KEPT_IN_ALL,)


def history(path: Path, job: str | None, limit: int) -> Sequence[JobRun]:
    """Read the latest runs of a state store's file, newest first. Raises CoreOpsError if that cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return [_job_run(row) for row in connection.execute(_LATEST, (job, job, limit))]
    except sqlite3.Error as error:
        msg = f"{path} has no runs to read ({error}); run it where the bot runs, with the same COREOPS_STATE_DIR"
        raise CoreOpsError(msg) from error


def _row(run: JobRun) -> Sequence[Any]:
    instants = (run.scheduled_for.isoformat(), run.started_at.isoformat())
    how = (run.duration, run.outcome.value, run.actor, run.trace, run.error, run.slots)
    return (run.job, run.plugin, *instants, *how)


def _job_run(row: Row) -> JobRun:
    job, plugin, scheduled_for, started_at, duration, outcome, actor, trace, error, slots = row
    instants = (datetime.fromisoformat(scheduled_for), datetime.fromisoformat(started_at))
    return JobRun(job, plugin, *instants, duration, RunOutcome(outcome), actor, trace, error, slots)

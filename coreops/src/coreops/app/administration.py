"""Orders that come over HTTP: carried out like those of Discord, and kept on record in the same trail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from coreops.commands.audit import AuditRecord
from coreops.health.orders import JobAction, JobChange, WriteAction, WriteChange, written
from coreops.operations.service import OperationsService
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs.access import Tier
from coreops_hookspecs.errors import (
    CoreOpsError,
    OutboxError,
    PluginRefusedError,
    UnavailableError,
    UnknownJobError,
)
from coreops_hookspecs.plugins import PluginAction, PluginChange
from coreops_shared import trace
from coreops_shared.changes import collecting
from coreops_shared.clock import Clock

__all__ = ["Administration"]

T = TypeVar("T")

_OUTCOMES: Final[dict[type[CoreOpsError], str]] = {
    PluginRefusedError: "usage",
    UnknownJobError: "usage",
    OutboxError: "usage",
    UnavailableError: "unavailable",
}


class Administration:
    """Carries orders out while the runtime serves; satisfies :class:`coreops.health.orders.Orders`.

    Args:
        operations: What an operator may do.
        scheduler: Has the jobs.
        serving: Whether the runtime serves; asked at each order.
        record: Takes the record of every order.
        clock: Dates it.
    """

    def __init__(
        self,
        operations: OperationsService,
        scheduler: SchedulerService,
        serving: Callable[[], bool],
        record: Callable[[AuditRecord], None],
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._scheduler = scheduler
        self._serving = serving
        self._record = record
        self._clock = clock

    async def plugin(self, action: PluginAction, name: str, *, actor: str, plan: bool, reason: str) -> PluginChange:
        """Change a plugin. Raises PluginRefusedError, UnavailableError."""
        options = {"name": name, "plan": "True" if plan else "", "reason": reason}
        return await self._recorded(
            f"ops plugins {action}",
            options,
            actor,
            lambda: self._operations.change_plugin(action, name, actor=actor, plan=plan, reason=reason),
        )

    async def job(self, action: JobAction, name: str, *, actor: str) -> JobChange:
        """Run, pause or resume a job, or look at its next times. Raises UnknownJobError, CoreOpsError."""
        return await self._recorded(f"ops jobs {action}", {"name": name}, actor, lambda: self._job(action, name, actor))

    async def write(self, action: WriteAction, number: int, *, actor: str, overwrite: bool) -> WriteChange:
        """Replay or drop a dead write. Raises OutboxError, CoreOpsError."""

        async def do() -> WriteChange:
            if action is WriteAction.DROP:
                return written(await self._operations.drop_write(number))
            return written(await self._operations.replay_write(number, overwrite=overwrite))

        options = {"number": str(number), "overwrite": "True" if overwrite else ""}
        return await self._recorded(f"ops outbox {action}", options, actor, do)

    async def _job(self, action: JobAction, name: str, actor: str) -> JobChange:
        jobs = self._scheduler
        match action:
            case JobAction.RUN:
                run = await jobs.run_now(name, actor=actor)
                return JobChange(action, jobs.status(name), run)
            case JobAction.PAUSE:
                return JobChange(action, await jobs.pause(name, actor=actor))
            case JobAction.RESUME:
                return JobChange(action, await jobs.resume(name, actor=actor))
            case JobAction.NEXT:
                return JobChange(action, jobs.status(name), upcoming=tuple(jobs.upcoming(name)))

    async def _recorded(self, command: str, options: dict[str, str], actor: str, do: Callable[[], Awaitable[T]]) -> T:
        began, outcome, said = self._clock.monotonic(), "error", ""
        with collecting() as changes, trace.acting(actor):
            try:
                self._check_serving()
                done = await do()
                outcome = "ok"
                return done  # noqa: TRY300 - the record is written after it
            except CoreOpsError as error:
                outcome, said = _OUTCOMES.get(type(error), "error"), str(error)
                raise
            finally:
                self._record(
                    AuditRecord(
                        at=self._clock.now(),
                        trace=trace.current(),
                        actor=actor,
                        command=command,
                        plugin="ops",
                        surface="http",
                        tier=Tier.ADMIN,
                        options=tuple((key, value) for key, value in options.items() if value),
                        needs=Tier.ADMIN,
                        guild_id=None,
                        channel_id=0,
                        outcome=outcome,
                        duration=self._clock.monotonic() - began,
                        error=said,
                        changes=tuple(changes),
                    )
                )

    def _check_serving(self) -> None:
        if not self._serving():
            msg = "the runtime does not serve now, so nothing can be changed; try again in a moment"
            raise UnavailableError(msg)

"""Jobs that change something: what they noted goes into the audit trail, as that of commands does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from coreops.commands.audit import AuditRecord
from coreops_hookspecs.access import Tier
from coreops_shared import trace
from coreops_shared.changes import collecting
from coreops_shared.clock import Clock

__all__ = ["AuditedJobs"]


class AuditedJobs:
    """Runs jobs and keeps on record what they changed; a run that changed nothing leaves no record.

    Args:
        record: Takes the record of a run.
        clock: Dates it.
    """

    def __init__(self, record: Callable[[AuditRecord], None], clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def run(self, plugin: str, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run a job of a plugin; what it raises is raised, after what it changed until then is on record."""
        began, error = self._clock.monotonic(), "it was cut off"
        with collecting() as changes:
            try:
                await job()
                error = ""
            except Exception as failure:
                error = str(failure)
                raise
            finally:
                if changes:
                    self._record(
                        AuditRecord(
                            at=self._clock.now(),
                            trace=trace.current(),
                            actor=trace.actor(),
                            command=name,
                            plugin=plugin,
                            surface="job",
                            tier=Tier.ADMIN,
                            options=(),
                            needs=Tier.ADMIN,
                            guild_id=None,
                            channel_id=0,
                            outcome="error" if error else "ok",
                            duration=self._clock.monotonic() - began,
                            error=error,
                            changes=tuple(changes),
                        )
                    )

"""Orders that come over HTTP: carried out like those of Discord, and kept on record in the same trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from coreops.commands.audit import AuditRecord
from coreops.operations.service import OperationsService
from coreops_hookspecs.access import Tier
from coreops_hookspecs.errors import CoreOpsError, PluginRefusedError, UnavailableError
from coreops_hookspecs.plugins import PluginAction, PluginChange
from coreops_shared import trace
from coreops_shared.changes import collecting
from coreops_shared.clock import Clock

__all__ = ["Administration"]

_OUTCOMES: Final[dict[type[CoreOpsError], str]] = {PluginRefusedError: "usage", UnavailableError: "unavailable"}


class Administration:
    """Carries orders out while the runtime serves.

    Args:
        operations: What an operator may do.
        serving: Whether the runtime serves; asked at each order.
        record: Takes the record of every order.
        clock: Dates it.
    """

    def __init__(
        self,
        operations: OperationsService,
        serving: Callable[[], bool],
        record: Callable[[AuditRecord], None],
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._serving = serving
        self._record = record
        self._clock = clock

    async def carry_out(self, action: PluginAction, name: str, *, actor: str, plan: bool, reason: str) -> PluginChange:
        """Do it and keep it on record. Raises PluginRefusedError, UnavailableError."""
        began, outcome, said = self._clock.monotonic(), "error", ""
        with collecting() as changes:
            try:
                self._check_serving()
                change = await self._operations.change_plugin(action, name, actor=actor, plan=plan, reason=reason)
                outcome = "ok"
                return change  # noqa: TRY300 - the record is written after it
            except CoreOpsError as error:
                outcome, said = _OUTCOMES.get(type(error), "error"), str(error)
                raise
            finally:
                self._record(
                    AuditRecord(
                        at=self._clock.now(),
                        trace=trace.current(),
                        actor=actor,
                        command=f"ops plugins {action}",
                        plugin="ops",
                        surface="http",
                        tier=Tier.ADMIN,
                        options=_options(name, plan=plan, reason=reason),
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
            msg = "the runtime does not serve now, so no plugin can be changed; try again in a moment"
            raise UnavailableError(msg)


def _options(name: str, *, plan: bool, reason: str) -> tuple[tuple[str, str], ...]:
    given = {"name": name, "plan": "True" if plan else "", "reason": reason}
    return tuple((key, value) for key, value in given.items() if value)

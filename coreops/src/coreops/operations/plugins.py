"""Orders about plugins while the bot runs: carried out by the plugin room, told to operators, with who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from coreops_hookspecs.errors import PluginRefusedError
from coreops_hookspecs.health import PluginReport
from coreops_hookspecs.plugins import PluginAction, PluginChange, PluginReload
from coreops_hookspecs.telemetry import PluginChanged
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["Changes", "PluginOrders"]


class Changes(Protocol):
    """The part of the plugin room that changes plugins. Each method raises PluginRefusedError."""

    async def load(self, name: str, actor: str) -> PluginReport: ...
    async def unload(self, name: str, actor: str) -> PluginReport: ...
    async def reload(self, name: str, actor: str, *, plan_only: bool = False) -> PluginReload: ...
    def quarantine(self, name: str, actor: str, *, reason: str = "") -> PluginReport: ...
    def reinstate(self, name: str, actor: str) -> PluginReport: ...


class PluginOrders:
    """Carries orders out, one at a time as far as that matters.

    Args:
        changes: Changes plugins.
        report: Returns how a plugin is now.
        announce: Told of every order, how it ended and why.
        clock: Dates it.
    """

    def __init__(
        self,
        changes: Changes,
        report: Callable[[str], PluginReport],
        announce: Callable[[PluginChanged], None],
        clock: Clock,
    ) -> None:
        self._changes = changes
        self._report = report
        self._announce = announce
        self._clock = clock

    async def carry_out(
        self, action: PluginAction, name: str, *, actor: str, plan: bool = False, reason: str = ""
    ) -> PluginChange:
        """Do it. Raises PluginRefusedError when it cannot be done as asked; nothing was changed then."""
        began = self._clock.monotonic()
        with trace.span(trace.current() or None), trace.acting(actor):
            try:
                report, reload = await self._do(action, name, actor, plan=plan, reason=reason)
            except PluginRefusedError as refusal:
                self._tell(action, name, "refused", str(refusal), began)
                raise
            change = PluginChange(action, plan, report, actor, trace.current(), self._since(began), reload)
            self._tell(action, name, change.outcome, _detail(change), began)
            return change

    async def _do(
        self, action: PluginAction, name: str, actor: str, *, plan: bool, reason: str
    ) -> tuple[PluginReport, PluginReload | None]:
        changes = self._changes
        if plan and action is not PluginAction.RELOAD:
            msg = f"{action} has no plan, only reload has; leave --plan out"
            raise PluginRefusedError(msg)
        match action:
            case PluginAction.LOAD:
                return await changes.load(name, actor), None
            case PluginAction.UNLOAD:
                return await changes.unload(name, actor), None
            case PluginAction.RELOAD:
                reload = await changes.reload(name, actor, plan_only=plan)
                return self._report(name), reload
            case PluginAction.QUARANTINE:
                return changes.quarantine(name, actor, reason=reason), None
            case PluginAction.REINSTATE:
                return changes.reinstate(name, actor), None

    def _tell(self, action: PluginAction, name: str, outcome: str, detail: str, began: float) -> None:
        self._announce(
            PluginChanged(
                at=self._clock.now(),
                trace=trace.current(),
                actor=trace.actor(),
                plugin=name,
                action=action.value,
                outcome=outcome,
                detail=detail,
                duration=self._since(began),
            )
        )

    def _since(self, began: float) -> float:
        return self._clock.monotonic() - began


def _detail(change: PluginChange) -> str:
    """Return what an operator should hear of a change beyond how it ended."""
    reload = change.reload
    if reload is None:
        return "" if change.ok else change.plugin.reason
    if trouble := reload.reboot or reload.error:
        return trouble
    parts = {"added": reload.added, "removed": reload.removed, "changed": reload.changed, "left": reload.left}
    told = [f"{what} {', '.join(names)}" for what, names in parts.items() if names]
    versions = f"{reload.old_version} → {reload.new_version}" if reload.old_version != reload.new_version else ""
    return "; ".join(filter(None, [versions, *told]))

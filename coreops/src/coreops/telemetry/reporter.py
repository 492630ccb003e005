"""Turns what the rooms tell each other into events on the bus. Every callback of the composition root is here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from coreops.plugins.guard import Fault
from coreops.plugins.states import Standing
from coreops.telemetry.bus import Bus
from coreops.telemetry.lines import RUNTIME
from coreops.telemetry.phrases import error_text, shorten
from coreops_hookspecs.context import Logger
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.look import Severity
from coreops_hookspecs.operations import ReloadReport
from coreops_hookspecs.outbox import Write, WriteState
from coreops_hookspecs.telemetry import (
    Event,
    HookFault,
    Lifecycle,
    Noted,
    PluginStateChanged,
    Quarantined,
    Reloaded,
    SheetsCalled,
    WriteApplied,
    WriteDied,
)
from coreops_shared import changes, trace
from coreops_shared.clock import Clock
from coreops_shared.redact import redact
from coreops_shared.sheets.calls import SheetsCall

__all__ = ["Reporter"]

_LONGEST: Final = 300
"""Characters of an error that an event carries."""


class Reporter:
    """Publishes events with the current trace and actor.

    Args:
        bus: Takes them.
        clock: Dates them.
        log: Takes the traceback of a fault, which events do not carry.
    """

    def __init__(self, bus: Bus, clock: Clock, log: Logger) -> None:
        self._bus = bus
        self._clock = clock
        self._log = log

    def phase(self, phase: str, detail: str) -> None:
        """The runtime entered a phase."""
        self._bus.publish(
            Lifecycle(at=self._clock.now(), trace=trace.current(), actor=trace.actor(), phase=phase, detail=detail)
        )

    def reloaded(self, report: ReloadReport) -> None:
        """Configuration, toggles and buckets were read again."""
        _note(report)
        diff = report.diff
        self._bus.publish(
            Reloaded(
                at=self._clock.now(),
                trace=report.trace,
                actor=report.actor,
                result="kept" if report.problems else "ok",
                duration=report.duration,
                keys=len(diff.added) + len(diff.removed) + len(diff.changed),
                toggles=len(report.toggles),
                buckets=len({change.bucket for change in report.buckets}),
                problems=len(report.problems) + len(report.toggle_problems),
            )
        )

    def plugin_moved(self, old: PluginState | None, standing: Standing) -> None:
        """A plugin went from one state to another; its discovery is no news."""
        if old is None:
            return
        changes.note(f"plugin {standing.name}", old.value, standing.state.value)
        kind: Callable[..., PluginStateChanged] = PluginStateChanged
        if standing.state is PluginState.QUARANTINED:
            kind = partial(Quarantined, retry_at=standing.retry_at)
        self._bus.publish(
            kind(
                at=standing.since,
                trace=trace.current(),
                actor=trace.actor(),
                plugin=standing.name,
                old=old.value,
                new=standing.state.value,
                reason=standing.reason,
            )
        )

    def plugin_failed(self, fault: Fault) -> None:
        """A guarded call ended badly through the plugin's own doing."""
        self._log.exception(
            "plugin fault", exc_info=fault.error, plugin=fault.plugin, kind=fault.kind.value, what=fault.what
        )
        self._bus.publish(
            HookFault(
                at=self._clock.now(),
                trace=trace.current(),
                actor=trace.actor(),
                plugin=fault.plugin,
                kind=fault.kind.value,
                what=fault.what,
                outcome=fault.outcome.value,
                error=error_text(fault.error),
                duration=fault.duration,
            )
        )

    def sheets_called(self, call: SheetsCall) -> None:
        """A call to the store of spreadsheets ended."""
        self._bus.publish(
            SheetsCalled(
                at=self._clock.now(),
                trace=trace.current(),
                actor=trace.actor(),
                operation=call.operation,
                spreadsheet=call.spreadsheet,
                tabs=call.tabs,
                duration=call.duration,
                attempts=call.attempts,
                error=shorten(redact(call.error), _LONGEST),
            )
        )

    def write_ended(self, write: Write) -> None:
        """A write of the outbox was applied or found dead."""
        at = write.ended_at or self._clock.now()
        cause: dict[str, Any] = {"at": at, "trace": write.trace, "actor": write.actor}
        kind = write.kind.value
        what: dict[str, Any] = {"plugin": write.plugin, "tab": write.tab, "number": write.number, "kind": kind}
        event: Event
        if write.state is WriteState.APPLIED:
            waited = max(0.0, (at - write.accepted_at).total_seconds())
            event = WriteApplied(**cause, **what, attempts=write.attempts, waited=waited)
        else:
            event = WriteDied(**cause, **what, error=shorten(redact(write.error), _LONGEST))
        self._bus.publish(event)

    def worksheet_edited(self, tab: str) -> None:
        """Somebody edited a worksheet past the bot; nothing of it holds yet."""
        self._bus.publish(
            Noted(
                at=self._clock.now(),
                trace=trace.current(),
                actor=trace.actor(),
                plugin=RUNTIME,
                name="worksheet edited",
                values=(("severity", Severity.INFO.value), ("tab", tab), ("todo", "ops reload takes it over")),
            )
        )

    def problem(self, name: str, text: str) -> None:
        """Something an operator should mend: a toggle cell, a setting."""
        self._bus.publish(
            Noted(
                at=self._clock.now(),
                trace=trace.current(),
                actor=trace.actor(),
                plugin=RUNTIME,
                name=name,
                values=(("severity", Severity.WARNING.value), ("problem", text)),
            )
        )


def _note(report: ReloadReport) -> None:
    for setting in report.settings:
        old, new = ("withheld", "changed") if setting.secret else (setting.old, setting.new)
        changes.note(f"setting {setting.key}", old, new)
    for toggle in report.toggles:
        changes.note(f"toggle {toggle.name}", *(("off", "on") if toggle.enabled else ("on", "off")))
    for bucket in report.buckets:
        changes.note(f"bucket {bucket.bucket} {bucket.what}", bucket.old, bucket.new)

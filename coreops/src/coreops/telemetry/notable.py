"""Which events an operator should hear of, and in which words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Final

from coreops.telemetry.lines import RUNTIME
from coreops_hookspecs.health import PluginState
from coreops_hookspecs.jobs import RunOutcome
from coreops_hookspecs.look import Severity
from coreops_hookspecs.telemetry import (
    Event,
    JobCompleted,
    Lifecycle,
    Noted,
    PluginChanged,
    PluginStateChanged,
    RefreshCompleted,
    Reloaded,
    WatchdogSignal,
    WriteDied,
)

__all__ = ["STARTUP", "Notice", "notice_of", "recovered"]

STARTUP: Final = "startup"
"""Actor of the refreshes that fill the caches; they are told in one summary and not one by one."""


_RANKS: Final = {Severity.OK: 0, Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell the operator.

    Args:
        key: Notices with the same key are the same news; repeated, they are counted.
        severity: How much it matters.
        title: What, in a few words.
        text: Why, with figures; may be empty.
        at: When (UTC).
        trace: Reference for the logs.
    """

    key: str
    severity: Severity
    title: str
    text: str
    at: datetime
    trace: str = ""

    @property
    def rank(self) -> int:
        """How grave it is; news that is merely good or plain ranks 0."""
        return _RANKS[self.severity]


_PLUGIN_STATES: Final[dict[str, tuple[Severity, str]]] = {
    PluginState.ACTIVE: (Severity.OK, "is active"),
    PluginState.UNLOADED: (Severity.INFO, "was unloaded"),
    PluginState.BLOCKED: (Severity.INFO, "is blocked"),
    PluginState.DEGRADED: (Severity.WARNING, "is degraded"),
    PluginState.INCOMPATIBLE: (Severity.WARNING, "is incompatible"),
    PluginState.QUARANTINED: (Severity.ERROR, "is in quarantine"),
    PluginState.FAILED: (Severity.ERROR, "failed"),
}
_ORDERS: Final = {
    "done": (Severity.OK, "was {}ed"),
    "leaked": (Severity.WARNING, "was {}ed and has left something behind"),
    "reboot needed": (Severity.WARNING, "cannot be {}ed without a reboot"),
    "rolled back": (Severity.ERROR, "was not {}ed: its old code serves on"),
    "failed": (Severity.ERROR, "could not be {}ed"),
}
_SEVERITIES: Final[dict[object, Severity]] = {severity.value: severity for severity in Severity}
_ACTIONS: Final = {"exit": Severity.ERROR, "recovered": Severity.OK}
_PHASES: Final = {
    "ready": "Ready: commands are answered",
    "draining": "Stopping: no new work is taken",
    "stopped": "Stopped",
}


@singledispatch
def notice_of(_event: Event) -> Notice | None:
    """Return what to tell the operator about an event, or ``None``."""
    return None


@notice_of.register
def _(event: Lifecycle) -> Notice | None:
    if event.phase == "starting":  # nobody can be told before it is ready, which says more
        return None
    title = _PHASES.get(event.phase, event.phase.capitalize())
    severity = Severity.OK if event.phase == "ready" else Severity.INFO
    return Notice(f"phase {event.phase}", severity, title, event.detail, event.at, event.trace)


@notice_of.register
def _(event: Reloaded) -> Notice:
    counts = {"key": event.keys, "toggle": event.toggles, "bucket": event.buckets}
    changed = ", ".join(_count(number, what) for what, number in counts.items() if number) or "nothing"
    text = f"{changed} changed"
    if event.problems:
        text += f", {_count(event.problems, 'problem')}"
    kept = event.result != "ok"
    title = "Configuration was read again" + (" and kept as it was: it has problems" if kept else "")
    severity = Severity.WARNING if event.problems else Severity.INFO
    return Notice(f"reload {event.result} {text}", severity, title, text, event.at, event.trace)


@notice_of.register
def _(event: PluginStateChanged) -> Notice | None:
    known = _PLUGIN_STATES.get(event.new)
    if known is None:  # on its way
        return None
    severity, what = known
    title = f"Plugin {event.plugin} {what}"
    return Notice(f"plugin {event.plugin} {event.new}", severity, title, event.reason, event.at, event.trace)


@notice_of.register
def _(event: PluginChanged) -> Notice | None:
    known = _ORDERS.get(event.outcome)
    if known is None:  # a plan, or a refusal that whoever asked was told: nothing has happened
        return None
    if event.outcome == "done" and event.action != "reload":
        return None  # the new state is a notice of its own
    severity, what = known
    title = f"Plugin {event.plugin} {what.format(event.action.removesuffix('e'))}"
    text = ", ".join(filter(None, [f"by {event.actor}", event.detail]))
    return Notice(f"order {event.plugin} {event.action}", severity, title, text, event.at, event.trace)


@notice_of.register
def _(event: RefreshCompleted) -> Notice | None:
    result = event.result
    if result.ok or result.actor == STARTUP:
        return None
    title = f"Bucket {result.bucket} could not be refreshed"
    return Notice(f"bucket {result.bucket}", Severity.WARNING, title, result.error, event.at, event.trace)


@notice_of.register
def _(event: JobCompleted) -> Notice | None:
    run = event.run
    if run.outcome not in {RunOutcome.ERROR, RunOutcome.TIMEOUT}:
        return None
    return Notice(f"job {run.job}", Severity.WARNING, f"Job {run.job} failed", run.error, event.at, event.trace)


@notice_of.register
def _(event: WatchdogSignal) -> Notice:
    severity = _ACTIONS.get(event.action, Severity.WARNING)
    title = f"Watchdog: {event.signal}" + (f", {event.action}" if event.action not in {"", "log"} else "")
    return Notice(f"watchdog {event.signal} {event.action}", severity, title, event.detail, event.at, event.trace)


@notice_of.register
def _(event: WriteDied) -> Notice:
    title = f"Write {event.number} of {event.plugin} to tab {event.tab} could not be made"
    return Notice(f"write {event.plugin} {event.tab}", Severity.WARNING, title, event.error, event.at, event.trace)


@notice_of.register
def _(event: Noted) -> Notice | None:
    """Take what the runtime notes itself; the value ``severity``, if there is one, is its severity."""
    if event.plugin != RUNTIME:
        return None
    values = dict(event.values)
    severity = _SEVERITIES.get(values.pop("severity", ""), Severity.INFO)
    text = ", ".join(f"{key} {value}" for key, value in values.items())
    return Notice(f"{event.name} {text}", severity, event.name.capitalize(), text, event.at, event.trace)


def recovered(event: RefreshCompleted) -> Notice:
    """Return the notice that ends the news of a bucket that could not be refreshed."""
    result = event.result
    title = f"Bucket {result.bucket} is fresh again"
    return Notice(f"bucket {result.bucket} ok", Severity.OK, title, f"{result.rows} rows", event.at, event.trace)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

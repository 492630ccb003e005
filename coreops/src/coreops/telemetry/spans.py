"""What an event is as a span of OpenTelemetry: events tell of what has ended, so a span is made afterwards. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

from coreops.telemetry.rollup import FAILED
from coreops_hookspecs.telemetry import (
    CommandCompleted,
    Event,
    HookFault,
    JobCompleted,
    PluginChanged,
    RefreshCompleted,
    Reloaded,
    SheetsCalled,
)

__all__ = ["Span", "span_of", "trace_number"]

Attributes = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took time.

    Args:
        name: Which kind of work; few different ones.
        duration: Seconds.
        attributes: What it was about; never what people wrote.
        error: Why it failed; empty if it went well.
    """

    name: str
    duration: float
    attributes: Attributes
    error: str = ""


def trace_number(trace: str) -> int:
    """Return a trace id as OpenTelemetry's 128 bits; one that a caller brought in another form gives its hash."""
    if len(trace) == 32:
        try:
            return int(trace, 16) or 1
        except ValueError:
            pass
    return int.from_bytes(hashlib.sha256(trace.encode()).digest()[:16], "big")


@singledispatch
def span_of(_event: Event) -> Span | None:
    """Return an event as a span, or ``None`` for one that tells of no work."""
    return None


@span_of.register
def _(event: CommandCompleted) -> Span:
    about = {"plugin": event.plugin, "surface": event.surface, "outcome": event.outcome}
    failed = event.outcome in FAILED
    return Span(f"command {event.command}", event.duration, about, (event.error or event.outcome) if failed else "")


@span_of.register
def _(event: JobCompleted) -> Span:
    run = event.run
    failed = run.outcome.value in FAILED
    about = {"plugin": run.plugin, "outcome": run.outcome.value, "scheduled_for": run.scheduled_for.isoformat()}
    return Span(f"job {run.job}", run.duration, about, (run.error or run.outcome.value) if failed else "")


@span_of.register
def _(event: RefreshCompleted) -> Span:
    result = event.result
    about = {"rows": result.rows, "problems": result.problem_count, "retries": result.retries}
    return Span(f"refresh {result.bucket}", result.duration, about, "" if result.ok else result.error or "failed")


@span_of.register
def _(event: SheetsCalled) -> Span:
    about: Attributes = {"spreadsheet": event.spreadsheet, "tabs": ",".join(event.tabs), "attempts": event.attempts}
    return Span(f"sheets {event.operation}", event.duration, about, event.error)


@span_of.register
def _(event: HookFault) -> Span:
    about = {"plugin": event.plugin, "what": event.what, "outcome": event.outcome}
    return Span(f"fault {event.kind}", event.duration, about, event.error or event.outcome)


@span_of.register
def _(event: Reloaded) -> Span:
    about: Attributes = {"result": event.result, "keys": event.keys, "toggles": event.toggles, "buckets": event.buckets}
    return Span("reload", event.duration, about, f"{event.problems} problems" if event.problems else "")


@span_of.register
def _(event: PluginChanged) -> Span:
    about = {"plugin": event.plugin, "outcome": event.outcome}
    failed = event.outcome in {"failed", "rolled back"}
    return Span(f"plugin {event.action}", event.duration, about, (event.detail or event.outcome) if failed else "")

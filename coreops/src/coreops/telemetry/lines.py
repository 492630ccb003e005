"""Log lines made of events, in one grammar::

    line   = "[" tag "]" *( " " key "=" value )
    tag    = "watcher|lifecycle" / "refresh" / "cron" / "watchdog" / "gateway"
    key    = lower-case letters, digits, "_"
    value  = bare / quoted
    bare   = one or more letters, digits and any of  _ . : / + @ # % , -
    quoted = a JSON string (RFC 8259 section 7), so a line break or quote inside a value cannot start a line of its own

The first pair of a ``watcher|lifecycle`` line is ``event``. Pairs without a value are left out. Durations are in
seconds with three decimals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import singledispatch
from typing import Final

from coreops_hookspecs.telemetry import (
    Event,
    GatewayChanged,
    JobCompleted,
    Lifecycle,
    Noted,
    PluginStateChanged,
    RefreshCompleted,
    WatchdogSignal,
)

__all__ = ["LIFECYCLE", "RUNTIME", "Value", "line", "pairs_of", "words"]

LIFECYCLE: Final = "watcher|lifecycle"
"""Tag of what an operator should hear of."""

RUNTIME: Final = "coreops"
"""The ``plugin`` of events that the runtime itself puts on record."""

Value = str | int | float | bool | None
_BARE: Final = re.compile(r"[\w.:/+@#%,-]+", re.ASCII)


def line(tag: str, pairs: Mapping[str, Value]) -> str:
    """Return one line of the grammar above."""
    return f"[{tag}] {words(pairs)}".rstrip()


def words(pairs: Mapping[str, Value]) -> str:
    """Return the pairs of a line without its tag."""
    return " ".join(f"{key}={_value(value)}" for key, value in pairs.items() if value not in {None, ""})


def _value(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


@singledispatch
def pairs_of(_event: Event) -> tuple[str, dict[str, Value]] | None:
    """Return an event's own tag and its pairs, or ``None`` for one that has no line."""
    return None


@pairs_of.register
def _(event: Lifecycle) -> tuple[str, dict[str, Value]]:
    return LIFECYCLE, {"event": "runtime", "phase": event.phase, "detail": event.detail}


@pairs_of.register
def _(event: PluginStateChanged) -> tuple[str, dict[str, Value]]:
    pairs = {"event": "plugin", "plugin": event.plugin, "old": event.old, "new": event.new, "reason": event.reason}
    return LIFECYCLE, {**pairs}


@pairs_of.register
def _(event: Noted) -> tuple[str, dict[str, Value]] | None:
    return (LIFECYCLE, {"event": event.name, **dict(event.values)}) if event.plugin == RUNTIME else None


@pairs_of.register
def _(event: GatewayChanged) -> tuple[str, dict[str, Value]]:
    return "gateway", {"event": "gateway", "state": event.state, "detail": event.detail}


@pairs_of.register
def _(event: WatchdogSignal) -> tuple[str, dict[str, Value]]:
    return "watchdog", {"event": "watchdog", "signal": event.signal, "action": event.action, "detail": event.detail}


@pairs_of.register
def _(event: RefreshCompleted) -> tuple[str, dict[str, Value]]:
    result = event.result
    return "refresh", {
        "event": "refresh",
        "bucket": result.bucket,
        "result": "ok" if result.ok else "error",
        "actor": result.actor,
        "duration": result.duration,
        "retries": result.retries,
        "rows": result.rows,
        "problems": result.problem_count,
        "error": result.error,
    }


@pairs_of.register
def _(event: JobCompleted) -> tuple[str, dict[str, Value]]:
    run = event.run
    return "cron", {
        "event": "job",
        "job": run.job,
        "plugin": run.plugin,
        "outcome": run.outcome.value,
        "actor": run.actor,
        "duration": run.duration,
        "error": run.error,
    }

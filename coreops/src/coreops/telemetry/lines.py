"""Log lines made of events, in one grammar::

    line   = "[" tag "]" *( " " key "=" value )
    tag    = "watcher|lifecycle" / "refresh" / "cron" / "command" / "audit" / "sheets" / "outbox" / "watchdog"
           / "gateway"
    key    = lower-case letters, digits, "_"
    value  = bare / quoted
    bare   = one or more letters, digits and any of  _ . : / + @ # % , -
    quoted = a JSON string (RFC 8259 section 7), so a line break or quote inside a value cannot start a line of its own

The first pair is ``event`` and says what it is under either tag: what the operator is told of in the ops channel has a
line ``watcher|lifecycle`` besides the one under its own tag. Of calls to spreadsheets only failures have a line. Pairs
without a value are left out. Durations are in seconds with three decimals. :func:`parse` reads a line back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import singledispatch
from typing import Final

from coreops_hookspecs.telemetry import (
    Audited,
    CommandCompleted,
    Event,
    GatewayChanged,
    HookFault,
    JobCompleted,
    Lifecycle,
    Noted,
    PluginChanged,
    PluginStateChanged,
    RefreshCompleted,
    Reloaded,
    SheetsCalled,
    WatchdogSignal,
    WriteApplied,
    WriteDied,
)

__all__ = ["LIFECYCLE", "RUNTIME", "TAGS", "Value", "line", "pairs_of", "parse", "words"]

LIFECYCLE: Final = "watcher|lifecycle"
"""Tag of what an operator should hear of."""

RUNTIME: Final = "coreops"
"""The ``plugin`` of events that the runtime itself puts on record."""

TAGS: Final = frozenset({LIFECYCLE, "refresh", "cron", "command", "audit", "sheets", "outbox", "watchdog", "gateway"})
"""Every tag of the grammar."""

Value = str | int | float | bool | None
_BARE: Final = re.compile(r"[\w.:/+@#%,-]+", re.ASCII)
_LINE: Final = re.compile(r"\[([a-z|]+)\]((?: [a-z0-9_]+=(?:[\w.:/+@#%,-]+|\"(?:[^\"\\\x00-\x1f]|\\.)*\"))*)", re.ASCII)
_PAIR: Final = re.compile(r" ([a-z0-9_]+)=(\"(?:[^\"\\]|\\.)*\"|[^ ]+)")


def line(tag: str, pairs: Mapping[str, Value]) -> str:
    """Return one line of the grammar above."""
    return f"[{tag}] {words(pairs)}".rstrip()


def parse(text: str) -> tuple[str, dict[str, str]]:
    """Return tag and pairs of a line, every value as text.

    Raises:
        ValueError: it is no line of the grammar.
    """
    found = _LINE.fullmatch(text)
    if found is None or found[1] not in TAGS:
        msg = f"{text[:80]!r} is no line of events"
        raise ValueError(msg)
    pairs = _PAIR.findall(found[2])
    return found[1], {key: json.loads(value) if value.startswith('"') else value for key, value in pairs}


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
def _(event: PluginChanged) -> tuple[str, dict[str, Value]]:
    return LIFECYCLE, {
        "event": "plugin_order",
        "plugin": event.plugin,
        "action": event.action,
        "outcome": event.outcome,
        "actor": event.actor,
        "duration": event.duration,
        "detail": event.detail,
    }


@pairs_of.register
def _(event: Noted) -> tuple[str, dict[str, Value]] | None:
    return (LIFECYCLE, {"event": event.name, **dict(event.values)}) if event.plugin == RUNTIME else None


@pairs_of.register
def _(event: Reloaded) -> tuple[str, dict[str, Value]]:
    return LIFECYCLE, {
        "event": "reload",
        "result": event.result,
        "actor": event.actor,
        "duration": event.duration,
        "keys": event.keys,
        "toggles": event.toggles,
        "buckets": event.buckets,
        "problems": event.problems,
    }


@pairs_of.register
def _(event: HookFault) -> tuple[str, dict[str, Value]]:
    return LIFECYCLE, {
        "event": "fault",
        "plugin": event.plugin,
        "kind": event.kind,
        "what": event.what,
        "outcome": event.outcome,
        "duration": event.duration,
        "error": event.error,
    }


@pairs_of.register
def _(event: CommandCompleted) -> tuple[str, dict[str, Value]]:
    return "command", {
        "event": "command",
        "command": event.command,
        "plugin": event.plugin,
        "surface": event.surface,
        "outcome": event.outcome,
        "actor": event.actor,
        "tier": event.tier,
        "duration": event.duration,
        "guild": event.guild_id,
        "channel": event.channel_id,
        "error": event.error,
    }


@pairs_of.register
def _(event: Audited) -> tuple[str, dict[str, Value]]:
    pairs: dict[str, Value] = {"event": "audit", "number": event.number, "command": event.command}
    return "audit", {**pairs, "outcome": event.outcome, "actor": event.actor, "hash": event.hash}


@pairs_of.register
def _(event: SheetsCalled) -> tuple[str, dict[str, Value]] | None:
    if not event.error:
        return None  # each refresh has its line
    pairs: dict[str, Value] = {"event": "sheets", "operation": event.operation, "spreadsheet": event.spreadsheet}
    told: dict[str, Value] = {
        "tabs": ",".join(event.tabs),
        "duration": event.duration,
        "attempts": event.attempts,
        "error": event.error,
    }
    return "sheets", {**pairs, **told}


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
        "result": "unchanged" if result.unchanged else "ok" if result.ok else "error",
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


@pairs_of.register
def _(event: WriteApplied) -> tuple[str, dict[str, Value]]:
    return "outbox", {
        "event": "write",
        "number": event.number,
        "result": "ok",
        "kind": event.kind,
        "plugin": event.plugin,
        "tab": event.tab,
        "attempts": event.attempts,
        "waited": event.waited,
    }


@pairs_of.register
def _(event: WriteDied) -> tuple[str, dict[str, Value]]:
    return "outbox", {
        "event": "write",
        "number": event.number,
        "result": "dead",
        "kind": event.kind,
        "plugin": event.plugin,
        "tab": event.tab,
        "error": event.error,
    }

"""What the watchdog looks at, and what it makes of it. Pure.

A quiet guild is healthy: that no event came for a long time is no sign of anything. What counts is the heartbeat,
which Discord acknowledges whether or not anything happens (Discord docs, Gateway, "Sending Heartbeats"). A figure that
is not known, NaN included, is not proof of life.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from coreops.telemetry.phrases import duration

__all__ = ["DEAF", "DISCONNECTED", "LATE_START", "UNREACHABLE", "Limits", "Signal", "Signs", "evaluate"]

DEAF = "gateway deaf"
DISCONNECTED = "gateway disconnected"
LATE_START = "start-up late"
UNREACHABLE = "discord unreachable"
"""Nothing that a process can do about itself helps: it is told, and the gateway goes on trying."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: between two looks, without a heartbeat ACK, without a connection, for starting up."""

    check: float = 60.0
    stall: float = 210.0
    disconnect_grace: float = 210.0
    startup: float = 60.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What is seen at one look. Ages in seconds, ``None`` or NaN where unknown.

    Args:
        phase: Phase of the runtime.
        phase_age: Time since the runtime entered it.
        connected: Whether the gateway has a session.
        state_age: Time since it got or lost it.
        ack_age: Time since the last heartbeat was acknowledged.
        event_age: Time since the last event; told, never judged.
        outage: What it waits for at Discord, if it does; a new process would have to wait for that too.
    """

    phase: str
    phase_age: float
    connected: bool
    state_age: float
    ack_age: float | None = None
    event_age: float | None = None
    outage: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of trouble, with its figures in ``detail``."""

    name: str
    detail: str


def evaluate(signs: Signs, limits: Limits) -> Signal | None:
    """Return the trouble that the signs show, or ``None``. While the runtime stops there is none."""
    if signs.phase == "starting":
        return _start(signs, limits)
    if signs.phase != "ready":
        return None
    return _session(signs, limits) if signs.connected else _no_session(signs, limits)


def _start(signs: Signs, limits: Limits) -> Signal | None:
    if signs.phase_age <= limits.startup:
        return None
    return Signal(LATE_START, f"starting for {duration(signs.phase_age)}, allowed {duration(limits.startup)}")


def _no_session(signs: Signs, limits: Limits) -> Signal | None:
    if signs.state_age <= limits.disconnect_grace:
        return None
    if signs.outage:
        return Signal(UNREACHABLE, f"no session for {duration(signs.state_age)}: {signs.outage}")
    return Signal(DISCONNECTED, f"no session for {duration(signs.state_age)}; {_quiet(signs)}")


def _session(signs: Signs, limits: Limits) -> Signal | None:
    ack_age = _known(signs.ack_age)
    if (signs.state_age if ack_age is None else ack_age) <= limits.stall:
        return None
    heard = "never" if ack_age is None else f"{duration(ack_age)} ago"
    return Signal(DEAF, f"heartbeat last acknowledged {heard}, allowed {duration(limits.stall)}; {_quiet(signs)}")


def _known(age: float | None) -> float | None:
    return None if age is None or math.isnan(age) else age


def _quiet(signs: Signs) -> str:
    age = _known(signs.event_age)
    return "no event yet" if age is None else f"last event {duration(age)} ago"

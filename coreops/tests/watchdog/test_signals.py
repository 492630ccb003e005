"""What the watchdog makes of what it sees."""

from __future__ import annotations

import math
from typing import Any

import pytest

from coreops.watchdog.signals import DEAF, DISCONNECTED, LATE_START, Limits, Signs, evaluate

LIMITS = Limits(check=60, stall=210, disconnect_grace=120, startup=30)


def signs(**more: Any) -> Signs:
    known: dict[str, Any] = {"phase": "ready", "phase_age": 9999, "connected": True, "state_age": 9999, "ack_age": 5.0}
    return Signs(**(known | more))


@pytest.mark.parametrize("event_age", [None, 0.0, 86_400.0, math.nan])
def test_a_quiet_guild_is_healthy(event_age: float | None) -> None:
    assert evaluate(signs(event_age=event_age), LIMITS) is None


def test_heartbeats_that_are_not_acknowledged_are_trouble() -> None:
    found = evaluate(signs(ack_age=211.0, event_age=212.0), LIMITS)
    assert found is not None
    assert found.name == DEAF
    assert found.detail == "heartbeat last acknowledged 3 min 31 s ago, allowed 3 min 30 s; last event 3 min 32 s ago"


@pytest.mark.parametrize("ack_age", [None, math.nan])
def test_an_age_that_is_not_known_is_no_proof_of_life(ack_age: float | None) -> None:
    found = evaluate(signs(ack_age=ack_age, state_age=211), LIMITS)
    assert found is not None
    assert found.name == DEAF
    assert evaluate(signs(ack_age=ack_age, state_age=209), LIMITS) is None


def test_a_lost_session_is_trouble_after_its_grace() -> None:
    assert evaluate(signs(connected=False, state_age=120), LIMITS) is None
    found = evaluate(signs(connected=False, state_age=121), LIMITS)
    assert found is not None
    assert found.name == DISCONNECTED


def test_a_start_that_takes_too_long_is_trouble_whatever_the_gateway_shows() -> None:
    assert evaluate(signs(phase="starting", phase_age=30, connected=False), LIMITS) is None
    found = evaluate(signs(phase="starting", phase_age=31), LIMITS)
    assert found is not None
    assert found.name == LATE_START


@pytest.mark.parametrize("phase", ["draining", "stopped"])
def test_while_the_runtime_stops_nothing_is_trouble(phase: str) -> None:
    assert evaluate(signs(phase=phase, connected=False), LIMITS) is None

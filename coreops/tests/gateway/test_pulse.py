"""Signs of life by a monotonic clock, seen where hikari decodes payloads."""

from __future__ import annotations

import hikari
import pytest

from coreops.gateway.prefilter import CHAT
from coreops.gateway.pulse import Pulse
from coreops_shared.clock import ManualClock


def test_ages_count_from_the_last_event_and_the_last_acknowledgement() -> None:
    clock = ManualClock()
    pulse = Pulse(clock.monotonic)
    assert (pulse.event_age(), pulse.ack_age()) == (None, None)
    assert pulse.loads('{"op": 0, "t": "READY", "d": {}}') == {"op": 0, "t": "READY", "d": {}}
    clock.advance(5)
    pulse.loads(b'{"op": 11}')
    clock.advance(2)
    assert (pulse.event_age(), pulse.ack_age()) == (7, 2)
    pulse.reset()
    assert (pulse.event_age(), pulse.ack_age()) == (None, None)


def test_other_payloads_and_bodies_are_no_sign_of_life() -> None:
    pulse = Pulse(ManualClock().monotonic)
    for text in ('{"op": 10, "d": {}}', "[1, 2]", '"op"', '{"id": "1"}'):
        pulse.loads(text)
    assert (pulse.event_age(), pulse.ack_age()) == (None, None)


def test_ordinary_chat_that_nobody_reads_is_a_sign_of_life() -> None:
    clock = ManualClock()
    pulse = Pulse(clock.monotonic, lambda _: CHAT)
    assert pulse.loads(b"{}") is CHAT
    clock.advance(3)
    assert (pulse.event_age(), pulse.ack_age()) == (3, None)


def test_what_is_no_json_is_counted_and_answered_with_an_error_that_hikari_survives() -> None:
    pulse = Pulse(ManualClock().monotonic)
    with pytest.raises(hikari.GatewayConnectionError, match="7 bytes could not be decoded"):
        pulse.loads(b'{"op": ')
    with pytest.raises(ValueError, match="could not be decoded"):
        pulse.loads(b"")
    assert pulse.undecodable == 2


def test_a_break_waits_for_a_heartbeat_and_strikes_once() -> None:
    pulse = Pulse(ManualClock().monotonic)
    pulse.break_off("enough")
    assert pulse.dumps({"op": 2, "d": {}}) == b'{"op":2,"d":{}}'
    with pytest.raises(hikari.GatewayConnectionError, match="enough"):
        pulse.dumps({"op": 1, "d": 7})
    assert pulse.dumps({"op": 1, "d": 7}) == b'{"op":1,"d":7}'


def test_a_new_connection_needs_no_break() -> None:
    pulse = Pulse(ManualClock().monotonic)
    pulse.break_off("enough")
    pulse.loads(b'{"op": 10, "d": {"heartbeat_interval": 1}}')
    assert pulse.dumps({"op": 1, "d": 7})

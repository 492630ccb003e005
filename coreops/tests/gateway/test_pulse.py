"""Signs of life by a monotonic clock, seen where hikari decodes payloads."""

from __future__ import annotations

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

"""Sequence numbers, replay and expiry."""

from __future__ import annotations

import json

from coreops_sandbox.gateway.session import Session, Sessions
from coreops_sandbox.gateway.view import View
from coreops_sandbox.world.events import Intents

EYES = View("7", Intents(0), (0, 1))


def numbers(payloads: list[bytes] | None) -> list[int] | None:
    return None if payloads is None else [json.loads(payload)["s"] for payload in payloads]


def test_what_came_after_a_sequence_number_is_replayed_in_order() -> None:
    session = Session("a", EYES, replay=10)
    for _ in range(4):
        session.emit("X", {})
    assert numbers(session.since(2)) == [3, 4]
    assert numbers(session.since(4)) == []


def test_the_replay_is_bounded_and_says_when_it_has_forgotten() -> None:
    session = Session("a", EYES, replay=3)
    for _ in range(5):
        session.emit("X", {})
    assert numbers(session.since(2)) == [3, 4, 5]
    assert session.since(1) is None


def test_a_payload_keeps_what_it_said_when_the_world_changes_later() -> None:
    session, data = Session("a", EYES, replay=3), {"content": "before"}
    session.emit("X", data)
    data["content"] = "after"
    [payload] = session.since(0) or []
    assert json.loads(payload)["d"] == {"content": "before"}


def test_a_session_waits_for_its_client_only_so_long() -> None:
    now = 0.0
    sessions = Sessions(lambda: now, keep=60)
    session = Session("a", EYES, replay=3)
    sessions.add(session)
    session.left_at = 0.0
    now = 60.0
    assert sessions.find("a") is session
    now = 60.1
    assert sessions.find("a") is None
    assert list(sessions) == []

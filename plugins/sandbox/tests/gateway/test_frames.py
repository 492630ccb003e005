"""Payload shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coreops_sandbox.gateway import frames
from coreops_sandbox.gateway.codes import Op, ProtocolError


@pytest.mark.parametrize(
    "data",
    ["", "no json", "[1]", '{"d":1}', '{"op":"1"}', '{"op":true}', b"\xff\xfe", '{"op":1,"d":"' + "x" * 4096 + '"}'],
)
def test_what_is_no_payload_ends_with_4002(data: str | bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        frames.decode(data)
    assert caught.value.code == 4002


def test_unknown_fields_of_a_payload_are_ignored() -> None:
    frame = frames.decode('{"op":2,"s":null,"t":null,"d":{"token":"t","properties":{},"intents":1,"capabilities":0}}')
    assert frames.body(frame, frames.Identify).intents == 1


@pytest.mark.parametrize(
    "d", [None, {}, {"token": 1, "properties": {}}, {"token": "t", "properties": {}, "large_threshold": 1000}]
)
def test_a_body_of_another_shape_ends_with_4002_and_a_reason_that_fits_a_close_frame(d: Any) -> None:
    with pytest.raises(ProtocolError) as caught:
        frames.body(frames.Frame(2, d), frames.Identify)
    assert caught.value.code == 4002
    assert len(caught.value.reason.encode()) <= 123


def test_payloads_other_than_dispatches_have_null_for_sequence_and_name() -> None:
    assert json.loads(frames.encode(Op.HELLO, {"a": 1})) == {"op": 10, "d": {"a": 1}, "s": None, "t": None}


def test_the_activity_that_hikari_sends_as_game_is_shown_as_an_activity() -> None:
    assert frames.Presence(game={"name": "chess"}).shown()["activities"] == [{"name": "chess"}]
    assert frames.Presence(activities=[], game={"name": "chess"}).shown()["activities"] == []

"""Intents that may be asked for."""

from __future__ import annotations

import pytest

from coreops_sandbox.gateway.codes import ProtocolError
from coreops_sandbox.gateway.intents import granted
from coreops_sandbox.world.events import Intents

LIMITED = 1 << 13 | 1 << 15 | 1 << 19


@pytest.mark.parametrize("asked", [None, -1, 1 << 17, 1 << 40])
def test_missing_or_unknown_intents_end_with_4013(asked: int | None) -> None:
    with pytest.raises(ProtocolError) as caught:
        granted(asked, LIMITED)
    assert caught.value.code == 4013


@pytest.mark.parametrize("intent", [Intents.GUILD_MEMBERS, Intents.GUILD_PRESENCES, Intents.MESSAGE_CONTENT])
def test_a_privileged_intent_needs_its_application_flag(intent: Intents) -> None:
    with pytest.raises(ProtocolError) as caught:
        granted(intent | Intents.GUILDS, 0)
    assert caught.value.code == 4014
    assert granted(intent | Intents.GUILDS, LIMITED) == intent | Intents.GUILDS


def test_no_intents_at_all_are_allowed() -> None:
    assert granted(0, 0) == 0

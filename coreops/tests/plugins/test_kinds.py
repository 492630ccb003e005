"""Which capability each contribution needs."""

from __future__ import annotations

from typing import Any

import hikari
import pytest

from coreops.plugins.kinds import KINDS
from coreops_hookspecs import (
    BucketSpec,
    Capability,
    Control,
    HealthCheck,
    JobSpec,
    Listener,
    Route,
    Setting,
    Texts,
    Toggle,
)

CONTENT, MEMBERS = Capability.MESSAGE_CONTENT, Capability.MEMBERS


async def nothing(*_: Any) -> Any:
    return None


def listener(event: type[Any]) -> Listener:
    return Listener(event, nothing)


NEEDED: list[tuple[str, Any, set[Capability]]] = [
    ("hook", nothing, set()),
    ("setting", Setting("KEY"), set()),
    ("toggle", Toggle("toggle"), set()),
    ("texts", Texts("de", {}), set()),
    ("control", Control("button", nothing), set()),
    ("bucket", object.__new__(BucketSpec), {Capability.SHEETS_READ}),
    ("check", HealthCheck("check", nothing), set()),
    ("job", JobSpec("p.job", nothing, cron="* * * * *"), {Capability.SCHEDULER}),
    ("route", Route("GET", "path", nothing), {Capability.HTTP}),
    ("command", object(), set()),
    ("control", object(), set()),
    ("listener", listener(hikari.StartedEvent), set()),
    ("listener", listener(hikari.ReactionAddEvent), set()),
    ("listener", listener(hikari.MessageCreateEvent), {CONTENT}),
    ("listener", listener(hikari.GuildMessageCreateEvent), {CONTENT}),
    ("listener", listener(hikari.MemberCreateEvent), {MEMBERS}),
    ("listener", listener(hikari.ShardEvent), {CONTENT, MEMBERS}),
    ("listener", listener(hikari.Event), {CONTENT, MEMBERS}),
    ("listener", listener(hikari.ShardPayloadEvent), {CONTENT, MEMBERS}),
]


@pytest.mark.parametrize(("kind", "item", "needed"), NEEDED)
def test_a_contribution_needs_these_capabilities_and_no_others(kind: str, item: Any, needed: set[Capability]) -> None:
    (found,) = [each for each in KINDS if each.name == kind]
    assert found.capabilities(item) == needed


def test_the_table_above_knows_every_kind() -> None:
    assert {kind for kind, _, _ in NEEDED} == {each.name for each in KINDS}

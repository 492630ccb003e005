"""The room as a whole: who owns the application, and what is told at the start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hikari
import lightbulb
import pytest

from coreops.commands.room import owners_of
from coreops_hookspecs import Command, access


@access.user
class Lost(lightbulb.SlashCommand, name="lost", description="Lost"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("lost")


def member(number: int, state: hikari.TeamMembershipState) -> Any:
    return SimpleNamespace(user=SimpleNamespace(id=number), membership_state=state)


def test_the_owner_or_the_accepted_members_of_its_team_own_an_application() -> None:
    alone: Any = SimpleNamespace(owner=SimpleNamespace(id=1), team=None)
    assert owners_of(alone) == {1}
    states = hikari.TeamMembershipState
    members = {2: member(2, states.ACCEPTED), 3: member(3, states.INVITED)}
    team: Any = SimpleNamespace(owner=SimpleNamespace(id=1), team=SimpleNamespace(members=members))
    assert owners_of(team) == {2}


async def test_a_mount_that_leads_nowhere_is_logged_at_the_start(bench: Any) -> None:
    await bench.start(Command(Lost, mount="opps"))
    warnings = [message for level, message, _ in bench.log.lines if level == "warning"]
    assert any("waits for the group 'opps'" in message for message in warnings)


async def test_a_room_is_attached_before_it_starts(bench: Any) -> None:
    with pytest.raises(RuntimeError, match="attach"):
        await bench.room.start()

"""Waiting for replies, and commands as if they had been synced."""

from __future__ import annotations

import pytest

from coreops_sandbox.world.application import Command
from coreops_sandbox.world.exchange import Exchange
from coreops_sandbox.world.world import World


@pytest.fixture
def exchange(world: World) -> Exchange:
    return Exchange(world)


@pytest.fixture
def register(world: World):
    """Register a slash command as if it had been synced: `register("ops", options=[…], guild_id=…)`."""

    def put(name: str, *, guild_id: str | None = None, **fields: object) -> Command:
        data = {"id": world.snowflakes.next(), "type": 1, "name": name, "description": "d", **fields}
        command = Command(id=data["id"], guild_id=guild_id, data=data)
        world.application.commands[command.id] = command
        return command

    return put

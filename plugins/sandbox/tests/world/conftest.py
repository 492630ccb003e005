"""A world on a clock that the test moves, and what it publishes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.application import Command
from coreops_sandbox.world.events import Dispatch, Notice
from coreops_sandbox.world.exchange import Exchange
from coreops_sandbox.world.seed import SEED, SeedIds, default_world
from coreops_sandbox.world.world import World


@dataclass
class Clock:
    """POSIX seconds that only a test moves."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Recorder:
    """Everything the world publishes."""

    dispatches: list[Dispatch] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def names(self) -> list[str]:
        return [one.name for one in self.dispatches]

    def last(self, name: str) -> Dispatch:
        return [one for one in self.dispatches if one.name == name][-1]


@pytest.fixture
def ids() -> SeedIds:
    return SEED


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return default_world(clock)


@pytest.fixture
def people(world: World) -> Actions:
    return Actions(world)


@pytest.fixture
def exchange(world: World) -> Exchange:
    return Exchange(world)


@pytest.fixture
def seen(world: World) -> Recorder:
    recorder = Recorder()
    world.hub.subscribe(recorder.dispatches.append)
    world.notices.subscribe(recorder.notices.append)
    return recorder


@pytest.fixture
def register(world: World):
    """Register a slash command as if it had been synced: `register("ops", options=[…], guild_id=…)`."""

    def put(name: str, *, guild_id: str | None = None, **fields: object) -> Command:
        data = {"id": world.snowflakes.next(), "type": 1, "name": name, "description": "d", **fields}
        command = Command(id=data["id"], guild_id=guild_id, data=data)
        world.application.commands[command.id] = command
        return command

    return put

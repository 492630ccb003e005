"""What the rooms' tests stand on: a clock moved by hand, a log that is kept, a guard with one active plugin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from coreops.plugins.guard import Fault, Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import ManualClock


@dataclass
class KeptLog:
    """A logger that keeps (level, message, fields)."""

    lines: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def debug(self, message: str, **fields: Any) -> None:
        self.lines.append(("debug", message, fields))

    def info(self, message: str, **fields: Any) -> None:
        self.lines.append(("info", message, fields))

    def warning(self, message: str, **fields: Any) -> None:
        self.lines.append(("warning", message, fields))

    def error(self, message: str, **fields: Any) -> None:
        self.lines.append(("error", message, fields))

    def exception(self, message: str, **fields: Any) -> None:
        self.lines.append(("exception", message, fields))

    def messages(self, level: str | None = None) -> Sequence[str]:
        return [message for at, message, _ in self.lines if level in {None, at}]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def log() -> KeptLog:
    return KeptLog()


@pytest.fixture
def faults() -> list[Fault]:
    return []


@pytest.fixture
def states(clock: ManualClock) -> PluginStates:
    """The plugin ``demo`` is active."""
    states = PluginStates(clock, lambda old, new: None)
    states.discover("demo")
    states.change("demo", PluginState.ACTIVE)
    return states


@pytest.fixture
def guard(clock: ManualClock, states: PluginStates, faults: list[Fault]) -> Guard:
    return Guard(clock, states, faults.append)

"""How often a command may be run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coreops.commands.access import Caller
from coreops.commands.cooldowns import Cooldowns
from coreops_hookspecs import Cooldown
from coreops_shared.clock import ManualClock

TWO = Cooldown(2, timedelta(seconds=10))


def caller(user: int = 1, guild: int | None = 5) -> Caller:
    return Caller(user, guild, 8)


def test_the_window_slides() -> None:
    clock = ManualClock()
    cooldowns = Cooldowns(clock.monotonic)
    assert cooldowns.take("a", TWO, caller()) == 0
    clock.advance(6)
    assert cooldowns.take("a", TWO, caller()) == 0
    clock.advance(1)
    assert cooldowns.take("a", TWO, caller()) == pytest.approx(3)
    clock.advance(3)
    assert cooldowns.take("a", TWO, caller()) == 0
    assert cooldowns.take("a", TWO, caller()) == pytest.approx(6)


@pytest.mark.parametrize(
    ("scope", "other", "shared"),
    [
        ("user", caller(user=2), False),
        ("user", caller(guild=6), True),
        ("guild", caller(user=2), True),
        ("guild", caller(guild=6), False),
        ("guild", caller(guild=None), False),
        ("global", caller(user=2, guild=6), True),
    ],
)
def test_a_scope_says_whose_runs_count_together(scope: str, other: Caller, shared: bool) -> None:
    cooldowns = Cooldowns(ManualClock().monotonic)
    once = Cooldown(1, timedelta(seconds=10), scope)
    assert cooldowns.take("a", once, caller()) == 0
    assert (cooldowns.take("a", once, other) > 0) is shared
    assert cooldowns.take("b", once, caller()) == 0


def test_windows_that_ran_out_are_forgotten() -> None:
    clock = ManualClock()
    cooldowns = Cooldowns(clock.monotonic)
    for user in range(10_000):
        cooldowns.take("a", TWO, caller(user=user))
    clock.advance(11)
    cooldowns.take("a", TWO, caller(user=-1))
    assert len(cooldowns._ends) == 1

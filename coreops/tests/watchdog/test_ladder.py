"""What the watchdog does about trouble."""

from __future__ import annotations

import pytest

from coreops.watchdog.ladder import Action, Budget, Ladder
from coreops.watchdog.signals import DEAF, LATE_START, Limits, Signal

TROUBLE = Signal(DEAF, "x")


@pytest.fixture
def ladder() -> Ladder:
    return Ladder(Limits(disconnect_grace=120), Budget(reconnects=2, window=3600))


def test_trouble_that_lasts_is_told_then_reconnected_then_ended(ladder: Ladder) -> None:
    seen = [ladder.judge(TROUBLE, now) for now in (0, 60, 120, 179, 180)]
    assert seen == [Action.LOG, Action.RECONNECT, Action.NONE, Action.NONE, Action.EXIT]


def test_trouble_that_passes_is_told_and_starts_from_below_the_next_time(ladder: Ladder) -> None:
    seen = [ladder.judge(signal, now) for now, signal in ((0, TROUBLE), (60, None), (120, None), (180, TROUBLE))]
    assert seen == [Action.LOG, Action.RECOVERED, Action.NONE, Action.LOG]


def test_without_trouble_nothing_is_done(ladder: Ladder) -> None:
    assert {ladder.judge(None, now) for now in range(10)} == {Action.NONE}


def test_when_the_budget_of_reconnects_is_spent_the_next_step_is_the_exit(ladder: Ladder) -> None:
    for start in (0, 300):
        assert [ladder.judge(TROUBLE, start), ladder.judge(TROUBLE, start + 60)] == [Action.LOG, Action.RECONNECT]
        assert ladder.judge(None, start + 120) is Action.RECOVERED
    assert [ladder.judge(TROUBLE, 600), ladder.judge(TROUBLE, 660)] == [Action.LOG, Action.EXIT]


def test_the_budget_comes_back_with_time(ladder: Ladder) -> None:
    for start in (0, 300, 4000):
        assert [ladder.judge(TROUBLE, start), ladder.judge(TROUBLE, start + 60)] == [Action.LOG, Action.RECONNECT]
        ladder.judge(None, start + 120)


def test_a_late_start_has_nothing_to_reconnect(ladder: Ladder) -> None:
    assert ladder.judge(Signal(LATE_START, "x"), 0) is Action.EXIT

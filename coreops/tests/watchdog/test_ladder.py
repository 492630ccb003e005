"""What the watchdog does about trouble."""

from __future__ import annotations

import pytest

from coreops.watchdog.ladder import Action, Budget, Ladder
from coreops.watchdog.signals import DEAF, LATE_START, UNREACHABLE, Limits, Signal

TROUBLE = Signal(DEAF, "x")
UP_TO_RESTART = [Action.LOG, Action.RECONNECT, Action.RESTART]


@pytest.fixture
def ladder() -> Ladder:
    return Ladder(Limits(disconnect_grace=120), Budget(restarts=2, window=3600))


def climb(ladder: Ladder, start: float) -> list[Action]:
    return [ladder.judge(TROUBLE, start + 60 * look) for look in range(3)]


def test_trouble_that_lasts_is_told_then_reconnected_then_restarted_then_ended(ladder: Ladder) -> None:
    seen = [ladder.judge(TROUBLE, now) for now in (0, 60, 119, 120, 180, 239, 240)]
    assert seen == [Action.LOG, Action.RECONNECT, Action.NONE, Action.RESTART, Action.NONE, Action.NONE, Action.EXIT]


def test_trouble_that_passes_is_told_and_starts_from_below_the_next_time(ladder: Ladder) -> None:
    seen = [ladder.judge(signal, now) for now, signal in ((0, TROUBLE), (60, None), (120, None), (180, TROUBLE))]
    assert seen == [Action.LOG, Action.RECOVERED, Action.NONE, Action.LOG]


def test_without_trouble_nothing_is_done(ladder: Ladder) -> None:
    assert {ladder.judge(None, now) for now in range(10)} == {Action.NONE}


def test_when_the_budget_of_restarts_is_spent_the_next_step_is_the_exit(ladder: Ladder) -> None:
    for start in (0, 300):
        assert climb(ladder, start) == UP_TO_RESTART
        assert ladder.judge(None, start + 200) is Action.RECOVERED
    assert [ladder.judge(TROUBLE, 600), ladder.judge(TROUBLE, 660)] == [Action.LOG, Action.EXIT]


def test_the_budget_comes_back_with_time(ladder: Ladder) -> None:
    for start in (0, 300, 4000):
        assert climb(ladder, start) == UP_TO_RESTART
        ladder.judge(None, start + 200)


def test_a_late_start_has_nothing_to_reconnect(ladder: Ladder) -> None:
    assert ladder.judge(Signal(LATE_START, "x"), 0) is Action.EXIT


def test_an_unreachable_discord_is_told_once_and_never_a_reason_to_exit(ladder: Ladder) -> None:
    away = Signal(UNREACHABLE, "x")
    assert [ladder.judge(away, now) for now in range(0, 86_400, 60)][:2] == [Action.LOG, Action.NONE]
    assert ladder.judge(None, 90_000) is Action.RECOVERED


def test_trouble_that_stays_after_discord_is_back_goes_on_climbing(ladder: Ladder) -> None:
    ladder.judge(Signal(UNREACHABLE, "x"), 0)
    assert ladder.judge(TROUBLE, 60) is Action.RECONNECT

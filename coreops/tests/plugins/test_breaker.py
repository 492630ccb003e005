from __future__ import annotations

import pytest

from coreops.plugins.breaker import Breaker, BreakerPolicy

POLICY = BreakerPolicy(faults=3, window=10.0, cooldown=5.0, longest=15.0)


@pytest.fixture
def open_breaker() -> Breaker:
    breaker = Breaker(POLICY)
    for instant in (0.0, 1.0, 2.0):
        breaker.fault(instant)
    return breaker


def test_it_opens_at_the_last_of_the_allowed_faults_within_the_window() -> None:
    breaker = Breaker(POLICY)
    assert not breaker.fault(0.0)
    assert not breaker.fault(1.0)
    assert breaker.fault(2.0)
    assert breaker.retry_at == 7.0
    assert not breaker.allow(6.9)


def test_faults_spread_wider_than_the_window_do_not_open_it() -> None:
    breaker = Breaker(POLICY)
    assert not any(breaker.fault(instant) for instant in (0.0, 6.0, 12.0, 18.0, 24.0))


def test_after_the_cooldown_exactly_one_call_passes(open_breaker: Breaker) -> None:
    assert open_breaker.allow(7.0)
    assert not open_breaker.allow(7.0)


def test_a_good_trial_call_closes_it(open_breaker: Breaker) -> None:
    open_breaker.allow(7.0)
    assert open_breaker.success()
    assert open_breaker.retry_at is None
    assert open_breaker.allow(7.1)


def test_a_bad_trial_call_doubles_the_quarantine_up_to_the_bound(open_breaker: Breaker) -> None:
    now, waits = 7.0, []
    for _ in range(3):
        assert open_breaker.allow(now)
        assert open_breaker.fault(now)
        assert open_breaker.retry_at is not None
        waits.append(open_breaker.retry_at - now)
        now = open_breaker.retry_at
    assert waits == [10.0, 15.0, 15.0]


def test_a_trial_call_that_told_nothing_is_given_back(open_breaker: Breaker) -> None:
    open_breaker.allow(7.0)
    open_breaker.withdraw()
    assert open_breaker.allow(7.0)


def test_a_success_while_closed_changes_nothing() -> None:
    assert not Breaker(POLICY).success()

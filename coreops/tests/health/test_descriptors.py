"""File descriptors, as many as this process may have."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from coreops.health.descriptors import check_descriptors
from coreops_hookspecs.health import HealthStatus


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_few_of_many_are_fine(limits: tuple[int, int]) -> None:
    assert check_descriptors().status is HealthStatus.OK


def test_four_of_five_in_use_are_told_with_what_to_do(limits: tuple[int, int]) -> None:
    used = int(check_descriptors().detail.split()[0])
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 2, limits[1]))
    found = check_descriptors()
    assert found.status is HealthStatus.DEGRADED
    assert f"of {used + 2} are in use; raise LimitNOFILE" in found.detail


def test_that_none_is_left_is_told_although_nobody_can_count(limits: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    found = check_descriptors()
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert found.status is HealthStatus.DEGRADED
    assert "none of 3 is left" in found.detail

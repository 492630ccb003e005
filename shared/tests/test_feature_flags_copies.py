"""Toggles from a copy, while their worksheet cannot be reached since the start."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coreops_hookspecs import Table, Toggle
from coreops_hookspecs.errors import SheetsUnavailableError
from coreops_shared.clock import ManualClock
from coreops_shared.feature_flags import Flags, problems_in

THEN = datetime(2025, 12, 31, tzinfo=UTC)


def worksheet(enabled: str) -> Table:
    return Table("book", "FeatureToggles", (("feature_name", "enabled"), ("demo", enabled)))


async def outage() -> Table:
    raise SheetsUnavailableError("down")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def flags(told: list[str]) -> Flags:
    flags = Flags(report=told.append, clock=ManualClock())
    flags.add("welcome", Toggle("demo", "The demo"))
    return flags


async def test_a_copy_serves_and_says_that_it_is_one_until_the_worksheet_can_be_reached(
    flags: Flags, told: list[str]
) -> None:
    await flags.reload(outage)
    assert flags.behind
    assert [state.name for state in flags.restore(worksheet("TRUE"), THEN)] == ["demo"]
    (state,) = flags.describe()
    assert (state.enabled, state.read_at, state.plugin, state.help) == (True, THEN, "welcome", "The demo")
    assert state.reason.startswith("TRUE in FeatureToggles!B2; cannot be read since 2026-01-01 00:00 UTC: down")
    assert flags.problems == ("toggles cannot be read: down",)

    async def back() -> Table:
        return worksheet("FALSE")

    assert [state.enabled for state in await flags.reload(back)] == [False]
    assert not flags.behind
    assert flags.problems == ()
    assert told == ["toggles cannot be read, the last state stands: down"]


async def test_a_copy_is_not_taken_once_the_worksheet_was_read(flags: Flags) -> None:
    async def read() -> Table:
        return worksheet("FALSE")

    await flags.reload(read)
    assert flags.restore(worksheet("TRUE"), THEN) == ()
    assert not flags.enabled("demo")


def test_problems_of_a_worksheet_are_named_without_taking_it() -> None:
    assert problems_in(worksheet("TRUE")) == []
    assert "neither TRUE nor FALSE" in problems_in(worksheet("maybe"))[0]

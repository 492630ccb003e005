"""Toggles fail closed, survive outages and complain once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from coreops_hookspecs import Table, Toggle, Toggles
from coreops_hookspecs.errors import DeclarationError, SheetsError, SheetsNotFoundError, SheetsUnavailableError
from coreops_shared.clock import ManualClock
from coreops_shared.feature_flags import Flags
from coreops_shared.sheets.locales import locale_of

Read = Callable[[], Awaitable[Table]]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def flags(said: list[str]) -> Flags:
    flags = Flags(report=said.append, clock=ManualClock(datetime(2026, 1, 1, 12, tzinfo=UTC)))
    flags.add("welcome", Toggle("welcome"))
    flags.add("recruitment", Toggle("recruitment"))
    return flags


def sheet(*rows: tuple[str, ...], headers: tuple[str, ...] = ("feature_name", "enabled")) -> Read:
    async def read() -> Table:
        return Table("recruitment", "FeatureToggles", (headers, *rows))

    return read


def failing(error: SheetsError) -> Read:
    async def read() -> Table:
        raise error

    return read


BOTH_ON = sheet(("welcome", "TRUE"), ("recruitment", "true"))


async def test_only_true_is_on(flags: Flags, said: list[str]) -> None:
    toggles: Toggles = flags
    switched = await flags.reload(sheet((" Welcome ", " TRUE "), ("recruitment", "FALSE")))
    assert toggles.enabled("welcome")
    assert not toggles.enabled("recruitment")
    assert [state.name for state in switched] == ["welcome"]
    assert [state.reason for state in toggles.describe()] == [
        "FALSE in FeatureToggles!B3",
        "TRUE in FeatureToggles!B2",
    ]
    assert said == []


async def test_columns_stand_in_any_order_and_case(flags: Flags) -> None:
    await flags.reload(sheet(("TRUE", "x", "welcome"), headers=("Enabled", "note", " FEATURE_NAME ")))
    assert flags.enabled("welcome")
    assert flags.describe()[1].source == "FeatureToggles!A2"


def test_what_was_never_read_is_off(flags: Flags) -> None:
    assert not flags.enabled("welcome")
    assert flags.describe()[0].reason == "never read"


async def test_an_undeclared_toggle_is_off_even_if_it_has_a_row(flags: Flags) -> None:
    await flags.reload(sheet(("other", "TRUE")))
    assert not flags.enabled("other")


@pytest.mark.parametrize("text", ["yes", "1", "on", "TREU", "TRUE FALSE", "", "WAHR", "=TRUE()"])
async def test_every_other_text_is_off_and_announced_once_with_its_cell(
    flags: Flags, said: list[str], text: str
) -> None:
    read = sheet(("recruitment", "TRUE"), ("welcome", text))
    await flags.reload(read)
    await flags.reload(read)
    assert not flags.enabled("welcome")
    (problem,) = said
    assert "toggle welcome is off" in problem
    assert "FeatureToggles!B3" in problem
    assert text in problem


async def test_two_rows_for_one_toggle_are_off(flags: Flags, said: list[str]) -> None:
    await flags.reload(sheet(("welcome", "TRUE"), ("WELCOME", "TRUE"), ("recruitment", "TRUE")))
    assert not flags.enabled("welcome")
    assert said == [
        "toggle welcome is off: stands twice: FeatureToggles!B2 and FeatureToggles!B3 (FeatureToggles of recruitment)"
    ]


async def test_a_toggle_without_a_row_is_off_and_announced(flags: Flags, said: list[str]) -> None:
    await flags.reload(sheet(("recruitment", "TRUE"), ("", "TRUE"), ()))
    assert said == ["FeatureToggles of recruitment has no row welcome; it is off"]
    assert flags.describe()[1].reason == "no row in FeatureToggles"


@pytest.mark.parametrize("headers", [("feature", "enabled"), ("feature_name", "enabled", "ENABLED"), ()])
async def test_a_worksheet_with_wrong_columns_switches_everything_off_in_one_announcement(
    flags: Flags, said: list[str], headers: tuple[str, ...]
) -> None:
    await flags.reload(BOTH_ON)
    switched = await flags.reload(sheet(("welcome", "TRUE"), headers=headers))
    assert {state.name for state in switched} == {"welcome", "recruitment"}
    (problem,) = said
    assert problem.startswith("all toggles are off: FeatureToggles of recruitment has not one column")
    assert flags.describe()[0].reason == problem


async def test_a_missing_worksheet_switches_everything_off(flags: Flags, said: list[str]) -> None:
    await flags.reload(BOTH_ON)
    gone = failing(SheetsNotFoundError('no tab "FeatureToggles"'))
    assert len(await flags.reload(gone)) == 2
    assert await flags.reload(gone) == ()
    assert said == ['all toggles are off: no tab "FeatureToggles"']


async def test_an_outage_keeps_the_last_state_and_says_since_when(flags: Flags, said: list[str]) -> None:
    await flags.reload(BOTH_ON)
    down = failing(SheetsUnavailableError("down"))
    assert await flags.reload(down) == ()
    assert await flags.reload(down) == ()
    assert flags.enabled("welcome")
    assert flags.describe()[1].reason == ("TRUE in FeatureToggles!B2; cannot be read since 2026-01-01 12:00 UTC: down")
    assert said == ["toggles cannot be read, the last state stands: down"]
    await flags.reload(BOTH_ON)
    assert flags.describe()[1].reason == "TRUE in FeatureToggles!B2"
    await flags.reload(down)
    assert len(said) == 2


async def test_a_problem_that_went_and_came_back_is_announced_again(flags: Flags, said: list[str]) -> None:
    wrong = sheet(("welcome", "yes"), ("recruitment", "TRUE"))
    for read in (wrong, BOTH_ON, wrong):
        await flags.reload(read)
    assert len(said) == 2


def test_a_name_has_one_owner_until_it_is_withdrawn(flags: Flags) -> None:
    with pytest.raises(DeclarationError, match='toggle "welcome" of plugin "other" is declared by welcome already'):
        flags.add("other", Toggle("welcome"))
    with pytest.raises(DeclarationError, match="lower-case"):
        flags.add("other", Toggle("Upper"))
    flags.add("other", Toggle("mine"))()
    flags.add("third", Toggle("mine"))


async def test_a_withdrawn_toggle_is_off(flags: Flags) -> None:
    withdraw = flags.add("other", Toggle("mine"))
    await flags.reload(sheet(("mine", "TRUE")))
    assert flags.enabled("mine")
    withdraw()
    assert not flags.enabled("mine")


async def test_a_checkbox_says_true_in_the_words_of_its_spreadsheet(said: list[str]) -> None:
    flags = Flags(report=said.append, clock=ManualClock(), locale=locale_of("de"))
    for name in ("welcome", "recruitment", "placement"):
        flags.add(name, Toggle(name))
    await flags.reload(sheet(("welcome", "WAHR"), ("recruitment", "FALSCH"), ("placement", "TRUE")))
    assert [flags.enabled(name) for name in ("welcome", "recruitment", "placement")] == [True, False, True]
    assert said == []


async def test_the_words_of_another_locale_are_off(flags: Flags, said: list[str]) -> None:
    await flags.reload(sheet(("welcome", "WAHR"), ("recruitment", "TRUE")))
    assert not flags.enabled("welcome")
    assert 'toggle welcome is off: "WAHR" in FeatureToggles!B2 is neither TRUE nor FALSE' in said[0]

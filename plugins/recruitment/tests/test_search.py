"""Choosing clans, without Discord."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_hookspecs.controls import STATE_LIMIT
from coreops_recruitment.clans import Clan
from coreops_recruitment.search import BRACKETS, PAGE_SIZE, Filter, bracket_of, choices, digest, search

HYDRA, ROC = "Cinder Hydra", "Thunder Roc"
ROWS = tuple(
    Clan(f"C{level}", f"Clan {level}", level, level % 4, 30, boss=HYDRA if level % 2 else ROC, mode="Daily clash")
    for level in range(1, 31)
)


@pytest.mark.parametrize(
    ("level", "label"), [(0, "1-9"), (9, "1-9"), (10, "10-14"), (24, "20-24"), (25, "25+"), (900, "25+")]
)
def test_every_level_is_in_one_range(level: int, label: str) -> None:
    assert bracket_of(level).label == label
    assert sum(bracket.holds(level) for bracket in BRACKETS) == 1


@given(
    st.sampled_from(["", *"abcde"]),
    st.text(),
    st.text(),
    st.integers(0, 99),
    st.integers(0, 99_999),
)
def test_a_filter_comes_back_from_a_button_whatever_the_sheet_holds(
    bracket: str, boss: str, mode: str, spots: int, page: int
) -> None:
    wanted = Filter(bracket, digest(boss), digest(mode), spots, page)
    assert Filter.decode(wanted.encode()) == wanted
    assert len(wanted.encode()) <= STATE_LIMIT


@pytest.mark.parametrize(
    ("wanted", "admits"),
    [
        (Filter(spots=0), lambda clan: True),
        (Filter(), lambda clan: clan.open_spots >= 1),
        (Filter(bracket="b", spots=0), lambda clan: 10 <= clan.level <= 14),
        (Filter(boss=digest("cinder hydra"), spots=0), lambda clan: clan.boss == HYDRA),
        (Filter(mode=digest("Relaxed"), spots=0), lambda clan: False),
        (Filter(bracket="e", boss=digest(ROC), spots=2), lambda clan: clan.level in {26, 30}),
    ],
)
def test_a_filter_finds_all_that_it_admits_and_nothing_else(wanted: Filter, admits: object) -> None:
    pages = search(ROWS, wanted).pages
    found = {clan.clan_tag for page in range(pages) for clan in search(ROWS, wanted.with_(page=page)).clans}
    assert found == {clan.clan_tag for clan in ROWS if admits(clan)}  # type: ignore[operator]


def test_most_room_comes_first() -> None:
    spots = [clan.open_spots for clan in search(ROWS, Filter()).clans]
    assert spots == sorted(spots, reverse=True)


def test_a_page_beyond_the_last_is_the_last() -> None:
    page = search(ROWS, Filter(spots=0, page=99))
    assert (page.number, page.pages, len(page.clans)) == (5, 6, PAGE_SIZE)
    assert search((), Filter(page=3)).number == 0


def test_another_criterion_begins_at_the_first_page() -> None:
    assert Filter(page=4).with_(bracket="b").page == 0


def test_choices_are_named_once_whatever_their_case() -> None:
    rows = [Clan(str(n), "x", 1, 1, 1, boss=boss) for n, boss in enumerate(["Roc", "roc", "", "Hydra"])]
    assert [choice.casefold() for choice in choices(rows, lambda clan: clan.boss)] == ["hydra", "roc"]
    many = [Clan(str(n), "x", 1, 1, 1, boss=f"boss {n}") for n in range(40)]
    assert len(choices(many, lambda clan: clan.boss)) == 24

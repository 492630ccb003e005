"""Tabs become records; what cannot is named by its cell and left out."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_hookspecs import BucketSpec, Column, Table
from coreops_hookspecs.errors import DeclarationError, SheetsSchemaError
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.rows import aparse, parse


@dataclass(frozen=True)
class Clan:
    clan_tag: str
    level: int
    mode: Literal["Relaxed", "Competitive"]
    leader_id: str | None
    languages: tuple[str, ...] = ()
    spots: int = 0


class ClanStruct(msgspec.Struct, frozen=True):
    clan_tag: str
    level: int
    spots: int = 0


@dataclass(frozen=True, kw_only=True)
class Member:
    id: str
    rank: int = 1

    def __post_init__(self) -> None:
        if self.rank > 5:
            raise ValueError("rank is at most 5")


HEADERS = ("clan_tag", "level", "mode", "leader_id", "languages", "spots")


def table(*rows: Sequence[str]) -> Table:
    return Table("recruitment", "clans", tuple(tuple(row) for row in rows))


def spec(record: type[Any] = Clan, key: str = "clan_tag", *columns: Column) -> BucketSpec[Any]:
    return BucketSpec("clans", "RECRUITMENT_SHEET_ID", "clans", record, key, columns)


def test_rows_become_typed_records_in_order_and_by_key() -> None:
    parsed = parse(
        spec(),
        table(
            HEADERS,
            ("Emb", "1,024", "relaxed", "0082501234567890123", "English, German", "3"),
            ("Nit", "22", "Competitive", "", "", ""),
        ),
    )
    first = Clan("Emb", 1024, "Relaxed", "0082501234567890123", ("English", "German"), 3)
    assert parsed.rows == (first, Clan("Nit", 22, "Competitive", None))
    assert parsed.by_key["emb"] is parsed.rows[0]
    assert (parsed.problems, parsed.problem_count) == ((), 0)


def test_headers_stand_in_any_order_case_and_spacing_beside_foreign_ones() -> None:
    parsed = parse(spec(ClanStruct), table((" LEVEL ", "notes", "notes", "", "Clan  Tag"), ("7", "x", "y", "z", "A")))
    assert parsed.rows == (ClanStruct("A", 7),)


def test_a_column_may_have_its_own_header_aliases_choices_and_parser() -> None:
    def backwards(text: str) -> str:
        if text == "bad":
            raise ValueError("anything but bad")
        return text[::-1]

    columns = (
        Column("clan_tag", header="Tag", aliases=("Kürzel",), parser=backwards),
        Column("level", header="Stufe", choices=("1", "2")),
    )
    parsed = parse(spec(ClanStruct, "clan_tag", *columns), table(("KÜRZEL", "stufe"), ("abc", "2"), ("bad", "3")))
    assert parsed.rows == (ClanStruct("cba", 2),)
    assert [str(problem) for problem in parsed.problems] == [
        "A3: 'bad' is not anything but bad",
        "B3: '3' is not one of 1, 2",
    ]


def test_the_preferred_header_goes_before_an_alias() -> None:
    columns = (Column("clan_tag", aliases=("tag",)),)
    parsed = parse(spec(ClanStruct, "clan_tag", *columns), table(("tag", "clan_tag", "level"), ("old", "new", "1")))
    assert parsed.rows[0].clan_tag == "new"


def test_all_missing_and_repeated_headers_are_one_error_with_suggestions() -> None:
    with pytest.raises(SheetsSchemaError) as caught:
        parse(spec(), table(("clan_tga", "Level", "level", "moed", "spots")))
    assert caught.value.problems == (
        'no column "clan_tag"; did you mean "clan_tga"',
        'column "level" stands 2 times: B1, C1',
        'no column "mode"; did you mean "moed"',
        'no column "leader_id"',
    )
    message = str(caught.value)
    assert message.startswith('tab "clans" of spreadsheet "recruitment" does not fit bucket "clans": ')
    assert all(problem in message for problem in caught.value.problems)
    assert 'The tab "clans" lacks columns' in caught.value.user_message


def test_a_repeated_header_that_no_field_asks_for_does_not_matter() -> None:
    assert parse(spec(ClanStruct), table(("level", "x", "x", "clan_tag"), ("1", "", "", "A"))).problem_count == 0


@pytest.mark.parametrize("rows", [(), ((),), (("", ""),)])
def test_an_empty_tab_says_so(rows: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(SheetsSchemaError, match="its header row is empty"):
        parse(spec(), table(*rows))


def test_a_tab_with_headers_only_has_no_rows() -> None:
    assert parse(spec(), table(HEADERS)).rows == ()


def test_bad_cells_are_named_and_their_rows_left_out() -> None:
    parsed = parse(
        spec(),
        table(
            HEADERS,
            ("A", "x" * 200, "Relaxed"),
            ("B", "2", "furious", "", "", "many"),
            ("C", "", "Relaxed"),
            ("D", "4", "Relaxed"),
        ),
    )
    assert [row.clan_tag for row in parsed.rows] == ["D"]
    assert parsed.problem_count == 3
    assert [(problem.cell, problem.expected) for problem in parsed.problems] == [
        ("B2", "a whole number"),
        ("C3", "one of Relaxed, Competitive"),
        ("F3", "a whole number"),
        ("B4", "a whole number (required)"),
    ]
    assert len(parsed.problems[0].value) == 60


def test_blank_rows_are_no_rows() -> None:
    parsed = parse(spec(ClanStruct), table(("clan_tag", "level"), (), ("", " "), ("A", "1")))
    assert (len(parsed.rows), parsed.problem_count) == (1, 0)


def test_empty_and_repeated_keys_are_problems_whatever_their_case() -> None:
    parsed = parse(
        spec(ClanStruct), table(("clan_tag", "level", "spots"), ("A", "1"), (" a ", "2"), ("", "3"), ("B", "4"))
    )
    assert [row.level for row in parsed.rows] == [1, 4]
    assert [str(problem) for problem in parsed.problems] == [
        "A3: 'a' is not unique; A2 has the same key",
        "A4: '' is not text (required)",
    ]


def test_a_key_without_a_column_leaves_every_row_out() -> None:
    parsed = parse(spec(_Keyed, "tag"), table(("name",), ("one",)))
    assert (parsed.rows, parsed.problem_count) == ((), 1)
    assert parsed.problems[0].expected == "a key (required)"


@dataclass(frozen=True)
class _Keyed:
    name: str
    tag: str = ""


@dataclass(frozen=True)
class _Unresolvable:
    x: NoSuchType  # type: ignore[name-defined]  # noqa: F821


@dataclass(frozen=True)
class _Unreadable:
    x: dict[str, int]


def test_what_the_record_itself_refuses_is_a_problem_of_its_row() -> None:
    parsed = parse(spec(Member, "id"), table(("id", "rank"), ("1", "9"), ("2", "5"), ("3", "")))
    assert parsed.rows == (Member(id="2", rank=5), Member(id="3"))
    assert str(parsed.problems[0]) == "A2: '1' is not a row that fits: rank is at most 5"


def test_only_the_first_ten_problems_are_kept_and_all_rows_counted() -> None:
    rows = [(f"T{number}", "x") for number in range(50)]
    parsed = parse(spec(ClanStruct), table(("clan_tag", "level"), *rows))
    assert (len(parsed.problems), parsed.problem_count) == (10, 50)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (spec(ClanStruct, "clan_tga"), 'ClanStruct has no field "clan_tga"; did you mean "clan_tag"'),
        (spec(ClanStruct, "clan_tag", Column("levle")), 'has no field "levle"; did you mean "level"'),
        (spec(int), "neither a dataclass nor a msgspec Struct"),
        (spec(_Unreadable, "x"), 'field "x" of _Unreadable: cells cannot be read as'),
        (spec(_Unresolvable, "x"), "cannot be resolved"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_without_a_sheet(bad: BucketSpec[Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=r'bucket "clans": ') as caught:
        compile_spec(bad)
    assert said in str(caught.value)


async def test_reading_in_pieces_gives_the_same_and_lets_the_loop_run() -> None:
    rows = [(f"T{number}", str(number) if number % 7 else "x") for number in range(1000)]
    whole = table(("clan_tag", "level"), *rows)
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counter = asyncio.create_task(count_turns())
    seconds = itertools.count()
    read = await aparse(compile_spec(spec(ClanStruct)), whole, budget=1, timer=lambda: next(seconds))
    counter.cancel()
    assert read == parse(spec(ClanStruct), whole)
    assert turns >= 9


cells = st.text(alphabet=st.characters(exclude_categories=()), max_size=8)


@given(st.lists(st.lists(cells, max_size=5), max_size=20))
def test_no_cell_makes_reading_raise_and_no_row_is_lost(rows: list[list[str]]) -> None:
    parsed = parse(spec(ClanStruct), table(("clan_tag", "level", "spots"), *rows))
    written = sum(any(text.strip() for text in row) for row in rows)
    assert len(parsed.rows) + parsed.problem_count == written
    assert set(parsed.by_key.values()) == set(parsed.rows)

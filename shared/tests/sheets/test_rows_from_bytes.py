"""Rows read from bytes by the block are what they are when read as text, one by one; whatever stands in the cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coreops_hookspecs import BucketSpec, Column, JsonTable, Table
from coreops_hookspecs.errors import SheetsUnavailableError
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.locales import locale_of
from coreops_shared.sheets.rows import aparse, parse


class Rank(Enum):
    LOW = "low"
    HIGH = "high"


class Clan(msgspec.Struct, frozen=True):
    tag: str
    level: int
    share: float
    open: bool
    mode: Literal["Relaxed", "Competitive"]
    leader: int | None
    name: str = "unnamed"
    founded: date | None = None
    rank: Rank = Rank.LOW
    languages: tuple[str, ...] = ()
    spots: int = 0
    boss: str = ""


@dataclass(frozen=True, kw_only=True)
class Member:
    id: int
    nick: str | None
    score: float | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.score is not None and self.score > 100:
            raise ValueError("score is at most 100")


def backwards(text: str) -> str:
    if text.startswith("x"):
        raise ValueError("anything but x")
    return text[::-1]


CLANS: BucketSpec[Any] = BucketSpec(
    "clans", "ID", "clans", Clan, "tag", (Column("boss", parser=backwards), Column("name", choices=("Owls", "Foxes")))
)
MEMBERS: BucketSpec[Any] = BucketSpec("members", "ID", "members", Member, "id", (Column("notes", parser=list),))
SPECS = {"tag": CLANS, "id": MEMBERS}

plain = st.sampled_from(
    ["A", "B", "1", "2", "30", "0", "TRUE", "false", "Relaxed", "competitive", "low", "Owls", "2026-01-31", "1.5"]
)
odd = st.sampled_from(
    [
        *(
            "",
            " ",
            "\u00a0",
            " 7 ",
            "1,234",
            "1e3",
            "1E+03",
            "1.0",
            "-0",
            "+5",
            "007",
            "1_0",
            "٣",
            "nan",
            "inf",
            "-inf",
        ),
        *("1e400", "9007199254740993", "9007199254740993.0", "82501234567890123.0", "0.99999999999999999999", ".5"),
        *(
            '"',
            "\\",
            '\\"',
            '],["',
            '"],["',
            '\\"],[\\"',
            "]]",
            "[[",
            "{}",
            '"values":[[',
            "\n",
            "\u2028",
            "é",
            "#REF!",
            " #REF!",
            "#N/A\u00a0",
            "mind #REF!",
        ),
        *("null", "a, b", "yes", "xenon", "101", " A", "a", "\ufeff", "9" * 30, "\x00", "😀"),
    ]
)
hostile = st.text(alphabet='"\\][,{} a1\n\u00e9', max_size=12)
row = st.lists(plain | odd | hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=13)
good = st.tuples(
    st.text("ABCab ", min_size=1, max_size=2),
    st.integers(-999, 10**18).map(str),
    st.floats(-5, 5).map(repr),
    st.sampled_from(["TRUE", "no"]),
    st.sampled_from(["Relaxed", "RELAXED"]),
    st.sampled_from(["", "0082501234567890123"]),
).map(list)
writing = st.sampled_from(
    [
        {"separators": (",", ":")},
        {"separators": (",", ":"), "ensure_ascii": False},
        {"indent": 2},
        {"separators": (" ,\n", ": ")},
    ]
)


def both(spec: BucketSpec[Any], rows: Sequence[Sequence[Any]], written: dict[str, Any]) -> tuple[Table, JsonTable]:
    text = Table("s", spec.tab, tuple(tuple(one) for one in rows))
    return text, JsonTable("s", spec.tab, json.dumps(rows, **written).encode())


@given(
    st.sampled_from(["tag", "id"]),
    st.lists(good | row, max_size=25),
    writing,
    st.integers(1, 300),
    st.randoms(use_true_random=False),
    st.sampled_from(["", "de"]),
)
@example("tag", [["A", "1", "nan", "TRUE", "Relaxed"], ["a", "2", "1", "TRUE", "Relaxed"]] * 9, {}, 1, None, "")
@example("id", [['1"],["2', ""], ["5", "\\"], ["5", "]"], [], ["7", "x", "101"]], {}, 1, None, "")
def test_bytes_give_what_text_gives(
    key: str, rows: list[list[str]], written: dict[str, Any], piece: int, chance: Any, locale: str
) -> None:
    spec = SPECS[key]
    names = list(Clan.__struct_fields__ if spec is CLANS else Member.__annotations__)
    if chance is not None:  # some other order, with a foreign column and perhaps without an optional one
        optional = [name for name in names if name in {"boss", "spots", "notes", "score"}]
        names = [name for name in names if name not in optional or chance.random() < 0.8]
        if chance.random() < 0.5:
            chance.shuffle(names)
            names.insert(chance.randrange(len(names) + 1), "foreign")
    text, raw = both(spec, [names, *rows], written)
    slow = parse(spec, text, locale=locale_of(locale))
    fast = parse(spec, raw, locale=locale_of(locale), piece=piece)
    assert fast == slow
    assert list(map(repr, fast.rows)) == list(map(repr, slow.rows)) or "-0" in repr(rows)


@given(st.lists(st.text("xyXY \u00a0", max_size=2), max_size=60), st.integers(1, 400))
def test_repeated_keys_are_found_across_pieces(keys: list[str], piece: int) -> None:
    rows = [["id", "nick"], *([str(len(key)) if key.isascii() else key, key] for key in keys)]
    text, raw = both(MEMBERS, rows, {})
    assert parse(MEMBERS, raw, piece=piece) == parse(MEMBERS, text)


def test_discord_ids_stay_exact_as_text_and_as_numbers() -> None:
    ids = [str(10**17 + number * 3) for number in range(500)]
    _, raw = both(MEMBERS, [["id", "nick"], *([one, one] for one in ids)], {})
    parsed = parse(MEMBERS, raw, piece=1000)
    assert [(str(member.id), member.nick) for member in parsed.rows] == [(one, one) for one in ids]


def test_text_that_stands_in_many_cells_is_held_once() -> None:
    rows = [[f"T{number}", "1", "1", "yes", "Relaxed", "", "Owls", "", "", "", "", "Hydra"] for number in range(500)]
    _, raw = both(CLANS, [list(Clan.__struct_fields__), *rows], {})
    parsed = parse(CLANS, raw, piece=1000)
    assert len({id(clan.mode) for clan in parsed.rows}) == 1
    assert parsed.rows[7] == Clan("T7", 1, 1.0, True, "Relaxed", None, "Owls", boss="ardyH")


def test_a_default_that_is_made_is_made_for_each_row() -> None:
    _, raw = both(MEMBERS, [["id", "nick", "notes"], *([str(number), "x"] for number in range(500))], {})
    parsed = parse(MEMBERS, raw, piece=1000)
    assert len({id(member.notes) for member in parsed.rows}) == 500


def test_cells_that_are_no_text_are_read_as_they_would_be_shown() -> None:
    rows = [["tag", "level", "share", "open", "mode", "leader"], ["A", 5, 1, True, "Relaxed", None]]
    raw = JsonTable("s", "clans", json.dumps(rows).encode())
    for piece in (1, 10_000):
        assert parse(CLANS, raw, piece=piece).rows == (Clan("A", 5, 1.0, True, "Relaxed", None),)


@pytest.mark.parametrize(
    "values",
    [
        b"",
        b"{}",
        b'[["tag"],["A"]',
        b'[["tag"],["A]]',
        b'[["tag"] ["A"]]',
        b'[["tag"],["A"],x]',
        b'[["tag"],["A"],["\xff"]]',
        b'[["tag"],["A\\x"]]',
        b"[5]",
        b'[["tag"],["A"],["B"',
    ],
)
@pytest.mark.parametrize("piece", [1, 8, 10_000])
async def test_what_is_no_array_of_rows_is_refused_aloud(values: bytes, piece: int) -> None:
    @dataclass(frozen=True)
    class Tag:
        tag: str

    spec = BucketSpec("tags", "ID", "tags", Tag, "tag")
    with pytest.raises(SheetsUnavailableError, match='tab "tags" of spreadsheet "s": its rows arrived as something'):
        parse(spec, JsonTable("s", "tags", values), piece=piece)


async def test_a_large_tab_is_read_in_pieces_between_which_others_run() -> None:
    _, raw = both(MEMBERS, [["id", "nick"], *([str(number), "x" * 50] for number in range(5000))], {})
    seconds = iter(range(10**6))
    parsed = await aparse(compile_spec(MEMBERS), raw, budget=1, timer=lambda: next(seconds))
    assert len(parsed.rows) == 5000
    assert next(seconds) > 10


ERRORS = ("#DIV/0!", "#ERROR!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


class Line(msgspec.Struct, frozen=True):
    tag: str
    note: str
    backwards: str = ""


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("piece", [1, 10**9], ids=["from bytes", "as text"])
def test_the_error_of_a_formula_is_a_bad_cell_in_a_column_of_text_too(error: str, piece: int) -> None:
    spec = BucketSpec("lines", "BOOK", "lines", Line, "tag", columns=(Column("backwards", parser=backwards),))
    rows = [["tag", "note", "backwards"], ["a", error, "1"], ["b", f"mind {error}", "2"], ["c", "d", error]]
    parsed = parse(spec, JsonTable("book", "lines", json.dumps(rows, separators=(",", ":")).encode()), piece=piece)
    assert [row.tag for row in parsed.rows] == ["b"]
    assert parsed.problem_count == 2
    assert [str(problem) for problem in parsed.problems] == [
        f"B2: '{error}' is not text, but the error of a formula",
        f"C4: '{error}' is not a value, but the error of a formula",
    ]


@pytest.mark.parametrize("shown", [" #REF!", "#REF! ", "\t#REF!\n", "\u00a0#REF!", " #REF!\u2003"])
@pytest.mark.parametrize("piece", [1, 10**9], ids=["from bytes", "as text"])
def test_blanks_around_the_error_of_a_formula_make_it_no_text(shown: str, piece: int) -> None:
    spec = BucketSpec("lines", "BOOK", "lines", Line, "tag", columns=(Column("backwards", parser=backwards),))
    rows = [
        ["tag", "note", "backwards"],
        ["a", shown, "1"],
        ["b", "#REF!, mind", "2"],
        ["c", "d", shown],
        ["d", "e", ""],
    ]
    parsed = parse(spec, JsonTable("book", "lines", json.dumps(rows, separators=(",", ":")).encode()), piece=piece)
    assert [row.tag for row in parsed.rows] == ["b", "d"]
    assert [str(problem) for problem in parsed.problems] == [
        "B2: '#REF!' is not text, but the error of a formula",
        "C4: '#REF!' is not a value, but the error of a formula",
    ]


few = st.sampled_from(["Relaxed", "Competitive"])
often = st.sampled_from(["Hydra", "Fog Drake", "none"])


@given(
    st.lists(st.tuples(few, often, st.sampled_from(["TRUE", "no"])), min_size=60, max_size=120),
    st.dictionaries(st.integers(0, 119), st.sampled_from(["", " Hydra", "#REF!", " #N/A", "new", "Relaxed", "yes"])),
    st.integers(1, 2000),
)
def test_words_that_repeat_are_read_as_any_others_and_so_are_those_that_come_later(
    cells: list[tuple[str, str, str]], later: dict[int, str], piece: int
) -> None:
    rows = [[f"T{number}", "1", "1", is_open, mode, "", boss] for number, (mode, boss, is_open) in enumerate(cells)]
    for number, text in later.items():
        if number < len(rows):
            rows[number][3 + number % 4] = text
    spec = BucketSpec("clans", "ID", "clans", Clan, "tag")
    text, raw = both(spec, [["tag", "level", "share", "open", "mode", "leader", "boss"], *rows], {})
    assert parse(spec, raw, piece=piece) == parse(spec, text)


def test_a_tab_of_ever_new_words_is_read_as_any_other() -> None:
    rows = [[f"T{number}", f"word {number // 40}"] for number in range(4000)]
    spec = BucketSpec("lines", "BOOK", "lines", Line, "tag")
    text, raw = both(spec, [["tag", "note"], *rows], {})
    assert parse(spec, raw, piece=2000) == parse(spec, text)

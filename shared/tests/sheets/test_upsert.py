"""What has to be written to put rows into a tab by key."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_hookspecs import Table, Upserted
from coreops_hookspecs.errors import SheetsSchemaError
from coreops_shared.sheets.a1 import parse_cell
from coreops_shared.sheets.upsert import Changes, changes

TABLE = Table("s", "t", (("Clan Tag", "level", "note"), ("A", "1"), (), ("b", "2", "x")))


def test_only_cells_that_differ_are_written() -> None:
    found = changes(TABLE, "clan_tag", [{"CLAN TAG": "B", "level": "3", "note": "x"}, {"clan_tag": "a", "note": "new"}])
    assert found == Changes((("B4", [["3"]]), ("C2", [["new"]])), (), Upserted(2, 0, 0))


def test_a_new_row_is_appended_with_blanks_where_nothing_is_named() -> None:
    assert changes(TABLE, "clan_tag", [{"clan_tag": "C", "note": "n"}]).rows == (("C", "", "n"),)


def test_an_empty_text_empties_a_cell() -> None:
    assert changes(TABLE, "clan_tag", [{"clan_tag": "b", "note": ""}]).blocks == (("C4", [[""]]),)


@pytest.mark.parametrize(
    ("key", "row", "said"),
    [
        ("clan_tga", {"clan_tga": "A"}, 'no column "clan_tga"; did you mean "Clan Tag"'),
        ("clan_tag", {"clan_tag": "A", "levle": "1", "noet": ""}, 'no column "levle"; did you mean "level"; no column'),
        ("clan_tag", {"level": "1"}, 'one of them has no "clan_tag"'),
        ("clan_tag", {"clan_tag": " "}, 'one of them has no "clan_tag"'),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_everything_that_is_wrong(
    key: str, row: Mapping[str, str], said: str
) -> None:
    with pytest.raises(SheetsSchemaError) as caught:
        changes(TABLE, key, [row])
    assert said in str(caught.value)
    assert str(caught.value).startswith('tab "t" of spreadsheet "s" cannot take the rows: ')
    assert caught.value.user_message.startswith('The tab "t" cannot take the rows: ')


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(SheetsSchemaError, match='two of them have the "clan_tag" a'):
        changes(TABLE, "clan_tag", [{"clan_tag": "A"}, {"clan_tag": " a "}])
    twice = Table("s", "t", (("id", "id 2", "x", "x"), ("1",), ("2",), (" 1",)))
    with pytest.raises(SheetsSchemaError, match="A2 and A4 have the same key; make them different"):
        changes(twice, "id", [{"id": "3"}])
    with pytest.raises(SheetsSchemaError, match='column "x" stands 2 times'):
        changes(twice, "id", [{"id": "3", "x": ""}])


keys = st.sampled_from(["A", "b", "C", "D"])


@given(st.lists(st.tuples(keys, st.text(max_size=2)), unique_by=lambda row: row[0]), st.data())
def test_what_is_written_makes_the_tab_say_it(before: list[tuple[str, str]], data: st.DataObject) -> None:
    wanted = data.draw(st.dictionaries(keys, st.text(max_size=2)))
    table = Table("s", "t", (("key", "text"), *before))
    found = changes(table, "key", [{"key": key, "text": text} for key, text in wanted.items()])
    after = [list(row) for row in table.rows]
    for cell, ((text,),) in found.blocks:
        row, column = parse_cell(cell)
        after[row - 1][column - 1] = text
    after += [list(row) for row in found.rows]
    assert dict(after[1:]) == {**dict(before), **wanted}
    assert found.result.updated + found.result.appended + found.result.unchanged == len(wanted)

"""A folder of CSV files serves as a store of spreadsheets."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_hookspecs import SheetsBackend, TabInfo, Table, WatchableBackend
from coreops_hookspecs.errors import SheetsError, SheetsNotFoundError, SheetsPermissionError, SheetsUnavailableError
from coreops_shared.sheets.atomic import replace_file
from coreops_shared.sheets.workbook import Workbook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    spreadsheet = tmp_path / "recruitment"
    spreadsheet.mkdir()
    (spreadsheet / "clans.csv").write_text("clan_tag,level\nEMB,24\nNIT,22\n")
    (spreadsheet / "Config.csv").write_text("KEY,VALUE\n")
    (tmp_path / "onboarding").mkdir()
    return tmp_path


@pytest.fixture
def workbook(folder: Path) -> Workbook:
    return Workbook(folder)


def rows(workbook: Workbook, tab: str = "clans") -> Sequence[Sequence[str]]:
    return workbook.read_many("recruitment", [tab])[0].rows


def test_it_is_a_backend(workbook: Workbook) -> None:
    assert isinstance(workbook, SheetsBackend)
    assert workbook.name == "workbook"


def test_tabs_are_read_in_the_order_asked(workbook: Workbook) -> None:
    assert workbook.read_many("recruitment", ["Config", "clans"]) == [
        Table("recruitment", "Config", (("KEY", "VALUE"),)),
        Table("recruitment", "clans", (("clan_tag", "level"), ("EMB", "24"), ("NIT", "22"))),
    ]


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", (("a", "b"), ("1", "2"))),
        (b'a\n"x, ""y""\nz"\n', (("a",), ('x, "y"\nz',))),
        ("ä,日本\n".encode(), (("ä", "日本"),)),
        (b"a,b,,\n,,\n1,,\n\n,,\n", (("a", "b"), (), ("1",))),
        (b"0082501234567890123, 1\n", (("0082501234567890123", " 1"),)),
        (b"", ()),
    ],
)
def test_what_spreadsheet_programs_write_is_read(
    folder: Path, workbook: Workbook, content: bytes, read: tuple[tuple[str, ...], ...]
) -> None:
    (folder / "recruitment" / "clans.csv").write_bytes(content)
    assert rows(workbook) == read


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n\xff\xfe,1\n", "line 2: is not UTF-8"), (b'a\n"open,1\n2\n', "line 3: is not CSV")],
)
def test_an_unreadable_file_is_named_with_its_line(folder: Path, workbook: Workbook, content: bytes, said: str) -> None:
    (folder / "recruitment" / "clans.csv").write_bytes(content)
    with pytest.raises(SheetsError, match=f"recruitment/clans.csv, {said}") as caught:
        rows(workbook)
    assert not caught.value.retryable


def test_a_missing_tab_or_spreadsheet_lists_what_exists_with_a_suggestion(workbook: Workbook) -> None:
    with pytest.raises(SheetsNotFoundError, match='no tab "clan" in') as tab:
        rows(workbook, "clan")
    assert str(tab.value).endswith('; did you mean "clans"; there are: Config, clans')
    with pytest.raises(SheetsNotFoundError, match='no spreadsheet "recrutment" in') as spreadsheet:
        workbook.tabs("recrutment")
    assert str(spreadsheet.value).endswith('; did you mean "recruitment"; there are: onboarding, recruitment')


def test_an_absent_workbook_has_no_spreadsheets(tmp_path: Path) -> None:
    with pytest.raises(SheetsNotFoundError, match="there are: none"):
        Workbook(tmp_path / "gone").tabs("recruitment")


@pytest.mark.parametrize("name", ["..", "../recruitment", "/etc", "a/b", "a\\b", "", ".hidden", "a\0b"])
def test_no_name_leads_out_of_the_folder(folder: Path, workbook: Workbook, name: str) -> None:
    (folder / "outside.csv").write_text("secret\n")
    with pytest.raises(SheetsNotFoundError):
        workbook.tabs(name)
    with pytest.raises(SheetsNotFoundError):
        rows(workbook, name)
    with pytest.raises(SheetsNotFoundError):
        workbook.append("recruitment", f"../{name}outside", [["x"]])
    assert (folder / "outside.csv").read_text() == "secret\n"


def test_tabs_tell_the_size_of_their_content(workbook: Workbook) -> None:
    assert workbook.tabs("recruitment") == [TabInfo("Config", 1, 2), TabInfo("clans", 3, 2)]
    assert workbook.tabs("onboarding") == []


def test_appended_rows_follow_the_last_one_exactly_as_given(folder: Path, workbook: Workbook) -> None:
    path = folder / "recruitment" / "clans.csv"
    path.write_bytes(b"\xef\xbb\xbfclan_tag,level\r\nEMB,24\r\n,\r\n")
    workbook.append("recruitment", "clans", [["0042", "", 'a,"b"\nc'], ["NEW"]])
    assert rows(workbook) == (("clan_tag", "level"), ("EMB", "24"), ("0042", "", 'a,"b"\nc'), ("NEW",))


def test_an_update_overwrites_from_its_cell_and_grows_the_tab(workbook: Workbook) -> None:
    workbook.update("recruitment", "clans", "B2", [["25"], ["23", "note"]])
    workbook.update("recruitment", "clans", "D5", [["far"]])
    assert rows(workbook) == (
        ("clan_tag", "level"),
        ("EMB", "25"),
        ("NIT", "23", "note"),
        (),
        ("", "", "", "far"),
    )


@pytest.mark.parametrize("cell", ["B", "A1:B2", "ZZZ9999999"])
def test_an_update_at_an_impossible_cell_is_refused(workbook: Workbook, cell: str) -> None:
    before = rows(workbook)
    with pytest.raises(SheetsError, match="recruitment/clans"):
        workbook.update("recruitment", "clans", cell, [["x"]])
    assert rows(workbook) == before


def test_writing_keeps_the_files_mode_and_leaves_nothing_behind(folder: Path, workbook: Workbook) -> None:
    path = folder / "recruitment" / "clans.csv"
    path.chmod(0o640)
    workbook.append("recruitment", "clans", [["X"]])
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in path.parent.iterdir()) == ["Config.csv", "clans.csv"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(FileNotFoundError):
        replace_file(path, b"new")  # copying the mode of a file that is not there fails after the data is written
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_a_permission_error(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:  # the tests may run as root, whom no mode stops
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(SheetsPermissionError, match=r"recruitment/clans\.csv: may not be written"):
        workbook.append("recruitment", "clans", [["X"]])
    assert len(rows(workbook)) == 3


def test_a_file_that_cannot_be_read_is_an_outage(folder: Path, workbook: Workbook) -> None:
    path = folder / "recruitment" / "loop.csv"
    path.mkdir()
    with pytest.raises(SheetsNotFoundError):
        rows(workbook, "loop")
    with pytest.raises(SheetsUnavailableError, match="could not be read"):
        workbook.tabs("recruitment")


def test_concurrent_appends_lose_no_row(workbook: Workbook) -> None:
    def append(name: str) -> None:
        for number in range(10):
            workbook.append("recruitment", "clans", [[f"{name}{number}"]])

    threads = [threading.Thread(target=append, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(rows(workbook)) == 3 + 40


def test_the_modification_instant_follows_edits(folder: Path, workbook: Workbook) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    os.utime(folder / "recruitment" / "clans.csv", (later.timestamp(), later.timestamp()))
    assert workbook.modified_at("recruitment") == later
    workbook.close()


texts = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=10)


@given(st.lists(st.lists(texts, min_size=1, max_size=4), min_size=1, max_size=5))
def test_any_text_that_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, written: list[list[str]]
) -> None:
    spreadsheet = tmp_path_factory.mktemp("wb") / "s"
    spreadsheet.mkdir()
    (spreadsheet / "t.csv").write_text("")
    workbook = Workbook(spreadsheet.parent)
    workbook.update("s", "t", "A1", written)
    cells = [[text.replace("\r\n", "\n").replace("\r", "\n") for text in row] for row in written]
    expected = [row[: max((i + 1 for i, text in enumerate(row) if text), default=0)] for row in cells]
    while expected and not expected[-1]:
        expected.pop()
    (table,) = workbook.read_many("s", ["t"])
    assert [list(row) for row in table.rows] == expected


class WhileSomebodySaves(list[str]):
    """A row; whenever it is put into the tab, somebody saves the file, so many times."""

    def __init__(self, row: Sequence[str], path: Path, times: int) -> None:
        super().__init__(row)
        self._path = path
        self._times = times

    def __iter__(self) -> Iterator[str]:
        if self._times:
            self._times -= 1
            with self._path.open("a") as file:
                file.write(f"SAVED{self._times},1\n")
        return super().__iter__()


def test_a_write_keeps_what_somebody_saved_while_it_was_made(folder: Path, workbook: Workbook) -> None:
    row = WhileSomebodySaves(["NEW", "3"], folder / "recruitment" / "clans.csv", times=1)
    workbook.append("recruitment", "clans", [row])
    assert [first for first, *_ in rows(workbook)] == ["clan_tag", "EMB", "NIT", "SAVED0", "NEW"]


def test_a_write_gives_up_on_a_file_that_is_saved_all_the_time(folder: Path, workbook: Workbook) -> None:
    row = WhileSomebodySaves(["NEW", "3"], folder / "recruitment" / "clans.csv", times=99)
    with pytest.raises(SheetsUnavailableError, match=r"clans\.csv: was changed by somebody else 5 times"):
        workbook.append("recruitment", "clans", [row])
    assert "NEW" not in [first for first, *_ in rows(workbook)]


def edited(folder: Path) -> None:
    (folder / "recruitment" / "clans.csv").write_text("clan_tag,level\nEMB,25\nNIT,22\nNEW,1\n")


def replaced(folder: Path) -> None:
    path = folder / "recruitment" / "clans.csv"
    replace_file(path, path.read_bytes())


def removed(folder: Path) -> None:
    (folder / "recruitment" / "clans.csv").unlink()


def moved_away(folder: Path) -> None:
    (folder / "recruitment").rename(folder / "elsewhere")


@pytest.mark.parametrize("edit", [edited, replaced, removed, moved_away])
def test_an_edited_tab_looks_different_from_outside_and_the_others_do_not(
    workbook: Workbook, folder: Path, edit: Callable[[Path], None]
) -> None:
    assert isinstance(workbook, WatchableBackend)
    before = workbook.fingerprints("recruitment", ["clans", "Config", "none"])
    assert workbook.fingerprints("recruitment", ["clans", "Config", "none"]) == before
    edit(folder)
    after = workbook.fingerprints("recruitment", ["clans", "Config", "none"])
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, edit is moved_away, False]


def test_only_files_inside_the_folder_are_looked_at(workbook: Workbook, folder: Path) -> None:
    (folder.parent / "secret.csv").write_text("x\n")
    assert workbook.fingerprints("recruitment", ["../../secret", "../onboarding"]) == ["", ""]
    assert workbook.fingerprints("..", ["secret"]) == [""]

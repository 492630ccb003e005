"""The count of starts that did not get ready."""

from __future__ import annotations

from pathlib import Path

from coreops.watchdog import boots


def test_starts_count_until_one_gets_ready(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert [boots.begin(folder) for _ in range(4)] == [0, 1, 2, 3]
    boots.clear(folder)
    assert boots.begin(folder) == 0


def test_a_start_that_tells_nothing_can_be_taken_back(tmp_path: Path) -> None:
    boots.begin(tmp_path)
    boots.begin(tmp_path)
    boots.withdraw(tmp_path)
    assert boots.begin(tmp_path) == 1


def test_a_count_that_cannot_be_read_or_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "boots.json").write_text("garbage")
    assert boots.begin(tmp_path) == 0
    file = tmp_path / "file"
    file.write_text("")
    assert [boots.begin(file), boots.begin(file)] == [0, 0]
    boots.clear(file)

"""The table of faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.reference import faults


def test_every_row_says_all_it_must_and_no_fault_stands_there_twice() -> None:
    rows, page = list(faults.rows()), faults.page()
    assert len(rows) > 20
    for row in rows:
        assert all([row.fault, row.users, row.operator, row.recovery]), row.test
        assert row.fault in page
    assert len({row.fault for row in rows}) == len(rows)


def test_a_mark_that_lacks_a_text_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tests" / "faults" / "gateway"
    folder.mkdir(parents=True)
    (folder / "test_x.py").write_text("@pytest.mark.fault('broken', users='nothing')\ndef test_x(): ...\n")
    monkeypatch.setattr(faults, "ROOT", tmp_path)
    with pytest.raises(TypeError, match="operator"):
        list(faults.rows())


@pytest.mark.parametrize("folder", ["gateway", "process"])
def test_every_file_of_faults_has_rows(folder: str) -> None:
    files = {path.name for path in (faults.ROOT / "tests" / "faults" / folder).glob("test_*.py")}
    assert {Path(row.path).name for row in faults.rows() if f"/{folder}/" in row.path} >= files

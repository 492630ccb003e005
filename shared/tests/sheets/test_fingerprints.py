"""The façade hands on what a store says of edits, and takes no answer for "cannot tell"."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.workbook import Workbook


class Folder(Workbook):
    """A workbook of one tab whose fingerprints are what it was told, or fail."""

    answer: Any = None

    def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str]:
        if isinstance(self.answer, Exception):
            raise self.answer
        found: Sequence[str] = self.answer or super().fingerprints(spreadsheet, tabs)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "Clans.csv").write_text("tag\nEMB\n")
    return Folder(tmp_path)


async def test_a_look_is_no_call_of_the_store(folder: Folder) -> None:
    told: list[SheetsCall] = []
    facade = SheetsFacade(folder, on_call=told.append)
    assert await facade.fingerprints("book", ["Clans"]) == folder.fingerprints("book", ["Clans"])
    assert told == []


@pytest.mark.parametrize("answer", [OSError("stale handle"), ["one", "too many"]])
async def test_a_store_that_fails_to_look_only_cannot_tell(folder: Folder, answer: Any) -> None:
    folder.answer = answer
    assert await SheetsFacade(folder).fingerprints("book", ["Clans"]) is None


async def test_a_store_that_cannot_be_watched_is_not_asked(folder: Folder) -> None:
    class Plain:
        name = "plain"

    assert await SheetsFacade(Plain()).fingerprints("book", ["Clans"]) is None  # type: ignore[arg-type] # no reads here

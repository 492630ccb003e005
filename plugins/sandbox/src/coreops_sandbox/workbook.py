"""The sample workbook, and workbooks that a test writes: a folder of spreadsheets, each a folder of CSV tabs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"

Tab = str | Iterable[Sequence[object]]
"""A tab: CSV text (RFC 4180), or rows of cells of which the first is the header."""

Workbook = Mapping[str, Mapping[str, Tab]]
"""Tabs by name, by spreadsheet."""


def copy_sample(folder: Path) -> bool:
    """Copy the sample workbook to `folder` unless something is there already; tell whether it was copied.

    What people have edited is never written over.
    """
    if folder.exists() and any(folder.iterdir()):
        return False
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    return True


def lay_over(folder: Path, workbook: Workbook) -> None:
    """Write the tabs of `workbook` into `folder`; tabs that it does not name stay as they are."""
    for spreadsheet, tabs in workbook.items():
        (folder / spreadsheet).mkdir(parents=True, exist_ok=True)
        for name, tab in tabs.items():
            text = tab if isinstance(tab, str) else _csv(tab)
            (folder / spreadsheet / f"{name}.csv").write_text(text, encoding="utf-8")


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()

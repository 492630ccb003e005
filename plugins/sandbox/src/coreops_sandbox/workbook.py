"""The sample workbook, and workbooks that a test writes: a folder of spreadsheets, each a folder of CSV tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

SAMPLE = Path(__file__).parent / "sample"

Tab = str | Iterable[Sequence[object]]
"""A tab: CSV text (RFC 4180), or rows of cells of which the first is the header."""

Workbook = Mapping[str, Mapping[str, Tab]]
"""Tabs by name, by spreadsheet."""

_MOMENT: Final = re.compile(r"\{(day|now)([+-]\d+)([dh])\}")
_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def dated(text: str, now: datetime) -> str:
    """Return a tab of the sample with its moments filled in, so that what it tells of is never long ago.

    ``{now-3d}`` is an instant three days ago, ``{day+6h}`` the day that it is in six hours; both in UTC.
    """

    def moment(found: re.Match[str]) -> str:
        at = now.astimezone(UTC) + int(found[2]) * _UNITS[found[3]]
        return at.date().isoformat() if found[1] == "day" else at.isoformat(timespec="seconds")

    return _MOMENT.sub(moment, text)


def copy_sample(folder: Path, now: datetime | None = None) -> bool:
    """Copy the sample workbook to `folder` unless something is there already; tell whether it was copied.

    What people have edited is never written over. Its moments are told from `now`, the present one if not given.
    """
    if folder.exists() and any(folder.iterdir()):
        return False
    at = now or datetime.now(UTC)
    for path in SAMPLE.glob("*/*.csv"):
        copy = folder / path.relative_to(SAMPLE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(dated(path.read_text(encoding="utf-8"), at), encoding="utf-8")
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

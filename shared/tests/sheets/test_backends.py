"""The settings choose the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from coreops_hookspecs import SheetsQuota, Table
from coreops_hookspecs.errors import ConfigError
from coreops_shared.clock import ManualClock
from coreops_shared.redact import Secret
from coreops_shared.sheets.backends import backend_of, governor_of


@dataclass(frozen=True)
class Chosen:
    gspread_credentials: Secret | None = None
    google_api_url: str | None = None
    workbook: Path | None = None
    sheets_reads_per_minute: int = 5
    sheets_writes_per_minute: int = 7


def test_a_workbook_is_served_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "t.csv").write_text("a\n")
    backend = backend_of(Chosen(workbook=tmp_path), writable=False)
    assert backend.name == "workbook"
    assert backend.read_many("s", ["t"]) == [Table("s", "t", (("a",),))]


def test_credentials_choose_google() -> None:
    assert backend_of(Chosen(gspread_credentials=Secret("{}")), writable=True).name == "google"


def test_only_google_has_a_budget(tmp_path: Path) -> None:
    clock = ManualClock()
    google = Chosen(gspread_credentials=Secret("{}"))
    governor = governor_of(google, backend_of(google, writable=True), clock)
    assert governor is not None
    assert governor.usage() == SheetsQuota(0, 5, 0, 7)
    chosen = Chosen(workbook=tmp_path)
    assert governor_of(chosen, backend_of(chosen, writable=True), clock) is None


def test_nothing_chosen_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="GSPREAD_CREDENTIALS or COREOPS_WORKBOOK"):
        backend_of(Chosen(), writable=False)

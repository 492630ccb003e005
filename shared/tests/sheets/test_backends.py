"""The settings choose the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from coreops_hookspecs.errors import ConfigError
from coreops_shared.redact import Secret
from coreops_shared.sheets.backends import backend_of


@dataclass(frozen=True)
class Chosen:
    gspread_credentials: Secret | None = None
    google_api_url: str | None = None
    workbook: Path | None = None


def test_a_workbook_is_served_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "t.csv").write_text("a\n")
    backend = backend_of(Chosen(workbook=tmp_path), writable=False)
    assert backend.name == "workbook"
    assert backend.read_many("s", ["t"])[0].rows == (("a",),)


def test_credentials_choose_google() -> None:
    assert backend_of(Chosen(gspread_credentials=Secret("{}")), writable=True).name == "google"


def test_nothing_chosen_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="GSPREAD_CREDENTIALS or COREOPS_WORKBOOK"):
        backend_of(Chosen(), writable=False)

"""Which store of spreadsheets the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from coreops_hookspecs import SheetsBackend
from coreops_hookspecs.errors import ConfigError
from coreops_shared.redact import Secret
from coreops_shared.sheets.google import GoogleSheets
from coreops_shared.sheets.google.elsewhere import elsewhere
from coreops_shared.sheets.workbook import Workbook

__all__ = ["StoreSettings", "backend_of"]


class StoreSettings(Protocol):
    """The settings of the process that choose a store."""

    @property
    def gspread_credentials(self) -> Secret | None: ...
    @property
    def google_api_url(self) -> str | None: ...
    @property
    def workbook(self) -> Path | None: ...


def backend_of(settings: StoreSettings, *, writable: bool) -> SheetsBackend:
    """Return Google for ``GSPREAD_CREDENTIALS`` and a folder of CSV files for ``COREOPS_WORKBOOK``.

    Args:
        settings: Settings of the process.
        writable: Whether any plugin writes; without one Google is asked for read access only.

    Raises:
        ConfigError: neither is set.
    """
    if settings.workbook is not None:
        return Workbook(settings.workbook)
    if settings.gspread_credentials is not None:
        prepare = elsewhere(settings.google_api_url) if settings.google_api_url else None
        return GoogleSheets(settings.gspread_credentials, writable=writable, prepare=prepare)
    msg = "GSPREAD_CREDENTIALS or COREOPS_WORKBOOK (env): missing; expected one: a service account, or a folder"
    raise ConfigError(msg)

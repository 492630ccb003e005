"""Which store of spreadsheets the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from coreops_hookspecs import SheetsBackend
from coreops_hookspecs.errors import ConfigError
from coreops_shared.clock import Clock
from coreops_shared.redact import Secret
from coreops_shared.sheets.google import GoogleSheets
from coreops_shared.sheets.google.elsewhere import elsewhere
from coreops_shared.sheets.quota import Governor
from coreops_shared.sheets.workbook import Workbook

__all__ = ["StoreSettings", "backend_of", "governor_of"]


class StoreSettings(Protocol):
    """The settings of the process that choose a store."""

    @property
    def gspread_credentials(self) -> Secret | None: ...
    @property
    def google_api_url(self) -> str | None: ...
    @property
    def workbook(self) -> Path | None: ...
    @property
    def sheets_reads_per_minute(self) -> int: ...
    @property
    def sheets_writes_per_minute(self) -> int: ...


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


def governor_of(settings: StoreSettings, backend: SheetsBackend, clock: Clock) -> Governor | None:
    """Return what keeps to the budget of Google's account; no other store has one."""
    if not isinstance(backend, GoogleSheets):
        return None
    return Governor(reads=settings.sheets_reads_per_minute, writes=settings.sheets_writes_per_minute, clock=clock)

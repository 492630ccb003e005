"""Google Sheets through gspread and a service account; importing this package imports neither."""

from __future__ import annotations

from coreops_shared.sheets.google.backend import GoogleSheets

__all__ = ["GoogleSheets"]

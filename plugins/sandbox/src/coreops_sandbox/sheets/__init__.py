"""A local Google Sheets: unmodified gspread and google-auth work with it."""

from __future__ import annotations

from coreops_sandbox.sheets.faults import GOOGLE_ROOT
from coreops_sandbox.sheets.quota import QuotaLimits
from coreops_sandbox.sheets.service import Google, add_google

__all__ = ["GOOGLE_ROOT", "Google", "QuotaLimits", "add_google"]

"""The two worksheets that configure a bot: keys and values, and feature toggles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from coreops_hookspecs import Table
from coreops_hookspecs.errors import SheetsNotFoundError

__all__ = ["CONFIG_TAB", "TOGGLES_TAB", "Worksheets"]

CONFIG_TAB: Final = "Config"
TOGGLES_TAB: Final = "FeatureToggles"


class Worksheets:
    """Reads them from one spreadsheet.

    Args:
        read: Reads a tab, given the id of the spreadsheet and the tab's title.
        spreadsheet: Its id (``CONFIG_SHEET_ID``); empty if none is configured.
    """

    def __init__(self, read: Callable[[str, str], Awaitable[Table]], spreadsheet: str) -> None:
        self._read = read
        self._spreadsheet = spreadsheet

    async def config(self) -> Table | None:
        """Return the ``Config`` tab, or ``None`` if there is none. Raises SheetsError."""
        try:
            return await self._tab(CONFIG_TAB)
        except SheetsNotFoundError:
            return None

    async def toggles(self) -> Table:
        """Return the ``FeatureToggles`` tab. Raises SheetsError."""
        return await self._tab(TOGGLES_TAB)

    async def _tab(self, title: str) -> Table:
        if not self._spreadsheet:
            msg = f"tab {title} has no spreadsheet; set CONFIG_SHEET_ID or RECRUITMENT_SHEET_ID"
            raise SheetsNotFoundError(msg)
        return await self._read(self._spreadsheet, title)

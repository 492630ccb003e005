"""The two worksheets that configure a bot are read from one spreadsheet."""

from __future__ import annotations

import pytest

from coreops_hookspecs import Table
from coreops_hookspecs.errors import SheetsNotFoundError, SheetsUnavailableError
from coreops_shared.config.worksheets import Worksheets


async def read(spreadsheet: str, tab: str) -> Table:
    return Table(spreadsheet, tab, ())


async def missing(spreadsheet: str, tab: str) -> Table:
    raise SheetsNotFoundError(f"no tab {tab}")


async def down(spreadsheet: str, tab: str) -> Table:
    raise SheetsUnavailableError("down")


async def test_both_come_from_the_configured_spreadsheet() -> None:
    worksheets = Worksheets(read, "recruitment")
    assert await worksheets.config() == Table("recruitment", "Config", ())
    assert await worksheets.toggles() == Table("recruitment", "FeatureToggles", ())


@pytest.mark.parametrize("spreadsheet", ["recruitment", ""])
async def test_a_bot_may_have_no_config_tab_but_toggles_are_missed(spreadsheet: str) -> None:
    worksheets = Worksheets(missing, spreadsheet)
    assert await worksheets.config() is None
    with pytest.raises(SheetsNotFoundError, match="FeatureToggles"):
        await worksheets.toggles()


async def test_without_a_spreadsheet_the_setting_to_make_is_named() -> None:
    with pytest.raises(SheetsNotFoundError, match="set CONFIG_SHEET_ID or RECRUITMENT_SHEET_ID"):
        await Worksheets(read, "").toggles()


async def test_an_outage_is_not_taken_for_a_missing_tab() -> None:
    with pytest.raises(SheetsUnavailableError):
        await Worksheets(down, "recruitment").config()

"""Both stores of spreadsheets with the same contents, and hands that edit them from outside."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from coreops_hookspecs import SheetsBackend
from coreops_sandbox.server import Sandbox
from coreops_sandbox.sheets import QuotaLimits
from coreops_sandbox.workbook import lay_over
from coreops_shared.config.settings import load
from coreops_shared.sheets.backends import backend_of

Rows = Sequence[Sequence[str]]

CONTENTS: dict[str, dict[str, Any]] = {
    "recruitment": {
        "Config": "KEY,VALUE\nclans_tab,clans\n",
        "clans": "clan_tag,level,leader_id\nEMB,24,825012345678901234\nNIT,22,0082501234567890123\n",
        "empty": "",
    },
    "onboarding": {"it's a tab": "step\nhello\n"},
}


class Store(Protocol):
    """A backend, and what people do beside it."""

    backend: SheetsBackend

    async def put(self, spreadsheet: str, tab: str, rows: Rows) -> None:
        """Replace all rows of a tab, which is made if need be."""

    async def rename(self, spreadsheet: str, tab: str, title: str) -> None:
        """Give a tab another title."""

    async def delete(self, spreadsheet: str, tab: str) -> None:
        """Delete a tab."""


class Desk:
    """What all stores share: calls in threads, and tables as lists."""

    backend: SheetsBackend

    async def call(self, method: str, *arguments: Any) -> Any:
        return await asyncio.to_thread(getattr(self.backend, method), *arguments)

    async def read(self, tab: str, spreadsheet: str = "recruitment") -> list[list[str]]:
        (rows,) = await self.read_many([tab], spreadsheet)
        return rows

    async def read_many(self, tabs: Sequence[str], spreadsheet: str = "recruitment") -> list[list[list[str]]]:
        tables = await self.call("read_many", spreadsheet, tabs)
        assert [(table.spreadsheet, table.tab) for table in tables] == [(spreadsheet, tab) for tab in tabs]
        return [rows_of(table) for table in tables]


def rows_of(table: Any) -> list[list[str]]:
    """The rows of a table, also of one that is still JSON."""
    rows = table.rows if hasattr(table, "rows") else json.loads(bytes(table.values))
    return [list(row) for row in rows]


class WorkbookStore(Desk):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.backend = backend_of(load({"DISCORD_TOKEN": "t", "COREOPS_WORKBOOK": str(folder)}), writable=True)

    async def put(self, spreadsheet: str, tab: str, rows: Rows) -> None:
        self._folder.joinpath(spreadsheet).mkdir(exist_ok=True)
        with self._path(spreadsheet, tab).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    async def rename(self, spreadsheet: str, tab: str, title: str) -> None:
        self._path(spreadsheet, tab).rename(self._path(spreadsheet, title))

    async def delete(self, spreadsheet: str, tab: str) -> None:
        self._path(spreadsheet, tab).unlink()

    def _path(self, spreadsheet: str, tab: str) -> Path:
        return self._folder / spreadsheet / f"{tab}.csv"


class GoogleStore(Desk):
    def __init__(self, sandbox: Sandbox) -> None:
        self._spreadsheets = sandbox.google.spreadsheets
        env = {
            "DISCORD_TOKEN": "t",
            "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
            "COREOPS_GOOGLE_API_URL": sandbox.google_url,
        }
        self.backend = backend_of(load(env), writable=True)

    async def put(self, spreadsheet: str, tab: str, rows: Rows) -> None:
        edited = self._spreadsheets.create(spreadsheet)
        (edited.tab(tab) or edited.add_tab(tab)).fill([[cell or None for cell in row] for row in rows])
        edited.touch()

    async def rename(self, spreadsheet: str, tab: str, title: str) -> None:
        edited = self._spreadsheets.named(spreadsheet)
        renamed = edited.tab(tab)
        assert renamed is not None
        renamed.title = title
        edited.touch()

    async def delete(self, spreadsheet: str, tab: str) -> None:
        edited = self._spreadsheets.named(spreadsheet)
        edited.tabs = [one for one in edited.tabs if one.title != tab]
        edited.touch()


@pytest.fixture
async def workbook(tmp_path: Path) -> AsyncIterator[WorkbookStore]:
    lay_over(tmp_path, CONTENTS)
    store = WorkbookStore(tmp_path)
    yield store
    store.backend.close()


@pytest.fixture
async def google(tmp_path: Path) -> AsyncIterator[GoogleStore]:
    lay_over(tmp_path, CONTENTS)
    many = QuotaLimits(reads=10_000, writes=10_000, project_reads=10_000, project_writes=10_000)
    async with Sandbox(workbook=tmp_path, quota=many) as sandbox:
        store = GoogleStore(sandbox)
        yield store
        await asyncio.to_thread(store.backend.close)


@pytest.fixture(params=["google", "workbook"])
def store(request: pytest.FixtureRequest) -> Desk:
    """Each store in turn."""
    found: Desk = request.getfixturevalue(request.param)
    return found

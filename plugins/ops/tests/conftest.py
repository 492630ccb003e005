"""A bot whose workbook can be edited while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def tab(tmp_path: Path) -> Callable[..., None]:
    """Write a tab of the spreadsheet ``recruitment``."""

    def write(name: str, *lines: str) -> None:
        (tmp_path / "workbook" / "recruitment" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return write


CLANS = (
    "clan_tag,clan_name,level,open_spots,max_members",
    "AAA,First,10,1,30",
    "BBB,Second,20,2,30",
)


@pytest.fixture
def clans() -> tuple[str, ...]:
    return CLANS


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot(workbook={"recruitment": {"clans": "\n".join(CLANS) + "\n"}})

"""A bot with a book of reservations."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED

CLANS = "clan_tag,clan_name,level,open_spots,max_members\nEMB,Ember Vanguard,24,3,30\nTID,Tidewardens,25,1,30\n"
HEADERS = "reservation_id,clan_tag,member_id,until,status,member_name,by,created_at,note\n"


@pytest.fixture
def start(boot: Any) -> Any:
    """Start a bot with these rows in the tab ``reservations``."""

    async def start(rows: Sequence[str] = (), *, env: Any = None, **tabs: str) -> Any:
        text = HEADERS + "".join(f"{row}\n" for row in rows)
        book = {"recruitment": {"clans": CLANS, "reservations": text, **tabs}}
        return await boot(plugins=["recruitment", "placement"], workbook=book, env=env)

    return start


@pytest.fixture
def row() -> Any:
    """Make a row of the tab."""

    def row(number: int, until: str, *, tag: str = "EMB", status: str = "active", by: str = SEED.recruiter) -> str:
        return f"r{number},{tag},{900 + number},{until},{status},Name{number},{by},,"

    return row


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Read the tab when every write is in it."""

    async def written(bot: Any) -> list[dict[str, str]]:
        outbox = bot.running.app.tables.outbox
        for write in outbox.waiting():
            await outbox.settled(write, within=10)
        with (tmp_path / "workbook" / "recruitment" / "reservations.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return written

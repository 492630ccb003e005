"""A bot whose clan list is read again several times a second, and what it must do while that cannot be read.

Its time passes faster than the machine's, so that nobody waits for pauses, circuits and times to live. No test says how
fast it must answer: whether an answer waits for a spreadsheet is seen while a read of it is held back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import BucketStatus

LIMIT = 25.0
SPEED = 8.0
"""Seconds of the bot in one of the machine's."""

CLANS = (
    "clan_tag,clan_name,level,open_spots,max_members",
    "AAA,First,10,1,30",
    "BBB,Second,20,2,30",
)


class FastClock:
    """A clock that is fast by :data:`SPEED`; implements ``coreops_shared.clock.Clock``."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._zero = time.monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._zero) * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


@dataclass
class Desk:
    """The bot, its folder of tabs, and the three things that every fault is held to."""

    bot: Any
    book: Path

    def write(self, *lines: str, tab: str = "clans") -> None:
        (self.book / f"{tab}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def status(self) -> BucketStatus:
        status: BucketStatus = self.bot.running.app.tables.cache.status("clans")
        return status

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(LIMIT):
            while not true():
                await asyncio.sleep(0.02)

    async def failed(self) -> BucketStatus:
        """Wait until a read has failed."""
        await self.until(lambda: self.status.failing_since is not None)
        return self.status

    async def stale(self) -> None:
        """Wait until newer rows should have been read."""
        await self.until(lambda: self.status.stale)

    async def serves_the_last_good_rows(self) -> None:
        """Both surfaces answer with rows from before, and say how old they are."""
        for exchange in (
            await self.bot.chat.say("!clan AAA", channel="general"),
            await self.bot.chat.slash("clan", options={"tag": "AAA"}, channel="general"),
        ):
            assert "First" in exchange.text
            assert "data from <t:" in exchange.text

    async def tells_the_operator(self, why: str) -> None:
        """The operator's commands answer too, and say what is wrong."""
        for said in ("!ops health", "!ops refresh"):
            exchange = await self.bot.chat.say(said, as_="staff")
            assert "clans" in exchange.text
            assert why in exchange.text.replace("`", "").replace("'", '"')

    async def recovers(self, name: str = "First") -> None:
        """Without anybody's hand the rows are fresh again, and nobody is told of an age any more."""
        await self.until(lambda: self.status.last_result == "ok" and self.status.failing_since is None)

        async def plain() -> bool:
            text = (await self.bot.chat.say("!clan AAA", channel="general")).text
            return name in text and "data from" not in text

        async with asyncio.timeout(LIMIT):
            while not await plain():
                pass


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "workbook" / "recruitment"


@pytest.fixture
def open_desk(boot: Any, book: Path) -> Callable[..., Awaitable[Desk]]:
    """Boot a bot whose clan list is read often."""

    async def start(ttl: str = "2 s", before: Callable[[Desk], None] | None = None, **env: str) -> Desk:
        """Boot a bot; ``before`` spoils its folder when there is one already."""
        desk = Desk(None, book)
        if before is not None:
            before(desk)
        tabs = {} if before else {"recruitment": {"clans": "\n".join(CLANS) + "\n"}}
        desk.bot = await boot(workbook=tabs, env={"BUCKET_CLANS_TTL": ttl, **env}, clock=FastClock())
        desk.bot.chat._waiting["timeout"] = LIMIT
        return desk

    return start


@pytest.fixture
async def desk(open_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    return await open_desk()

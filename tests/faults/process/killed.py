"""Processes that are killed, one after the other, while they write, refresh, run jobs and keep the audit trail.

Run by ``test_kills.py``: each process is forked from this one, which has imported everything, so that several live and
die in a second. A process writes a line to ``told`` only after what the line says was promised to it; the last one is
not killed but applies what is left. Arguments: the folder, how many kills, a seed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coreops.cache.service import CacheService
from coreops.plugins.guard import Guard
from coreops.plugins.outbox import PluginOutbox
from coreops.plugins.states import PluginStates
from coreops.scheduler.runner import SchedulerService
from coreops_hookspecs import AuditEntry, BucketSpec, JobSpec, PluginState
from coreops_shared.clock import SystemClock
from coreops_shared.config.settings import load
from coreops_shared.logging import get_logger
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of
from coreops_shared.sheets.outbox import OutboxService
from coreops_shared.state.lock import FileLock
from coreops_shared.state.store import Store

BOOK, TAB = "book", "rows"
SETTLE = 0.1
LIFE = (0.02, 0.45)
"""Seconds after which a process is killed, at the least and at most."""
DRAIN = 60.0


@dataclass(frozen=True)
class Row:
    id: str
    text: str = ""


class Life:
    """One process: the real store, outbox, scheduler, buckets and audit trail on a real backend."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.log = folder, SystemClock(), get_logger("killed")
        self.told = os.open(folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.lock = FileLock(folder / "runtime.lock")
        self.store = Store(folder / "state.sqlite3")
        self.sheets = SheetsFacade(backend_of(load(json.loads(os.environ["KILLED_ENV"])), writable=True))
        self.outbox = OutboxService(
            sheets=self.sheets, store=self.store.outbox, clock=self.clock, log=self.log, settle=SETTLE
        )
        self.plugin = PluginOutbox("killed", self.outbox, self.clock)
        shared: dict[str, Any] = {"clock": self.clock, "log": self.log, "publish": lambda _: None}
        states = PluginStates(self.clock, lambda old, new: None)
        states.discover("killed")
        states.change("killed", PluginState.ACTIVE)
        guard = Guard(self.clock, states, lambda _: None)
        self.scheduler = SchedulerService(guard=guard, store=self.store.runs, **shared)
        self.cache = CacheService(
            sheets=self.sheets, guard=guard, spreadsheet_id=lambda _: BOOK, store=self.store, **shared
        )

    async def begin(self) -> None:
        await self.lock.acquire()
        await self.store.open()
        assert not self.store.health().detail, self.store.health().detail
        await self.outbox.start()

    async def live(self) -> None:
        """Do everything at once until the end comes."""
        await self.begin()
        self.cache.add("killed", BucketSpec("rows", "BOOK", TAB, Row, "id", ttl=timedelta(hours=1)))
        self.scheduler.add("killed", JobSpec("count", _nothing, every=timedelta(hours=1)), lambda: _nothing(None))
        await self.scheduler.start()
        await asyncio.gather(self.appends(), self.counts(), self.audits(), self.runs(), self.refreshes())

    async def appends(self) -> None:
        for number in itertools.count():
            name = f"{os.getpid()}-{time.time_ns()}-{number}"
            await self.plugin.append(BOOK, TAB, {"text": f"t{number}"}, key="id", name=name)
            self.tell("row", name)
            await asyncio.sleep(0.01)

    async def counts(self) -> None:
        """Count up in one row, each time from what was last written or is still to be."""
        read_at = self.clock.now()
        table = await self.sheets.read(BOOK, TAB)
        found = {row[0]: row[1] for row in table.rows[1:]}["counter"]
        seen = int(self.plugin.latest(BOOK, TAB, "counter", key="id", since=read_at).get("text", found))
        for count in itertools.count(seen + 1):
            values, expected = {"id": "counter", "text": str(count)}, {"text": str(count - 1)}
            await self.plugin.update(BOOK, TAB, values, key="id", expected=expected)
            self.tell("count", str(count))
            await asyncio.sleep(0.02)

    async def audits(self) -> None:
        while True:
            sealed = await self.store.audit.append(
                AuditEntry(
                    at=datetime.now(UTC), trace="t" * 32, actor="user:1", command="ops refresh", plugin="ops",
                    surface="slash", options=(), guild_id=1, channel_id=1, outcome="ok", error="",
                )
            )  # fmt: skip
            self.tell("audit", sealed.hash)
            await asyncio.sleep(0.01)

    async def runs(self) -> None:
        while True:
            run = await self.scheduler.run_now("count", actor="user:1")
            self.tell("run", run.trace)
            await asyncio.sleep(0.02)

    async def refreshes(self) -> None:
        while True:
            await self.cache.refresh_now("rows", actor="user:1")
            await asyncio.sleep(0.03)

    async def finish(self) -> None:
        """Apply what those that were killed have left."""
        await self.begin()
        async with asyncio.timeout(DRAIN):
            while self.outbox.index.pending():
                await asyncio.sleep(0.02)
        self.scheduler.add("killed", JobSpec("count", _nothing, every=timedelta(hours=1)), lambda: _nothing(None))
        await self.scheduler.start()
        await self.scheduler.run_now("count", actor="user:1")
        await self.scheduler.stop(1.0)
        dead = [write.error for write in self.outbox.index.dead()]
        await self.outbox.stop(1.0)
        await self.sheets.close()
        await self.store.close()
        await self.lock.release()
        assert not dead, dead

    def tell(self, what: str, name: str) -> None:
        os.write(self.told, f"{what} {name}\n".encode())


async def _nothing(_: object) -> None:
    """Be a job."""


async def _live(folder: Path) -> None:
    await Life(folder).live()


async def _finish(folder: Path) -> None:
    await Life(folder).finish()


def main() -> None:
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    moments = random.Random(seed)
    for _ in range(kills):
        pid = os.fork()
        if not pid:
            asyncio.run(_live(folder))
        time.sleep(moments.uniform(*LIFE))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit("a process ended before it was killed")
    asyncio.run(_finish(folder))


if __name__ == "__main__":
    main()

"""Records from the bytes of a large tab: ours beside gspread's ``get_all_records``, in one process run.

Prints ratios and how long the event loop was held at most, and by Python's garbage collector alone; gates nothing. The
collector works for both sides as the process has it: what is old is looked at by the clock. Both sides start from the
same answer of ``values:batchGet``. gspread guesses each cell's type, ours is told. Run with ``make bench``.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import time
from collections.abc import Callable
from dataclasses import make_dataclass
from datetime import date
from typing import Any, Literal

import msgspec
from gspread.worksheet import Worksheet

from coreops.garbage import THRESHOLDS
from coreops_hookspecs import BucketSpec
from coreops_shared.sheets.google.envelope import tables_of
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.rows import Parsed, aparse

ROWS, ROUNDS = 100_000, 5
BEAT = 0.003
"""Seconds between looks at whether the loop was held; each look costs CPU too."""

DIRT = ("#REF!", "", "1,234", " 7 ", "n/a")
Mode = Literal["Relaxed", "Competitive"]


# the columns of the sample workbook's clans, and what such sheets have beside them
FIELDS: list[tuple[str, Any]] = [
    *(("clan_tag", str), ("clan_name", str), ("level", int), ("entry_level", str), ("boss", str), ("mode", Mode)),
    *(("open_spots", int), ("max_members", int), ("leader", str), ("crest_url", str), ("description", str)),
    *(("languages", str), ("region", str), ("deputy", str), ("contact", str), ("open", bool), ("founded", date)),
    *(("wins", int), ("share", float), ("note", str)),
]
Record = msgspec.defstruct("Record", FIELDS, frozen=True, gc=False)
Plain = make_dataclass("Plain", FIELDS, frozen=True)


def row(number: int, chance: random.Random) -> list[str]:
    """Return the texts of one row."""
    leader, deputy = (str(10**17 + chance.randrange(10**17)) for _ in range(2))
    return [
        *(f"T{number:06d}", f"Night Owls {number % 977}", str(chance.randrange(30)), chance.choice(["Hard", "Normal"])),
        *(chance.choice(["Cinder Hydra", "Fog Drake", "none"]), chance.choice(["Relaxed", "Competitive"])),
        *(str(chance.randrange(30)), "30", leader, f"x.example/{number}.png", f"Clan {number} of owls."),
        *(chance.choice(["English", "German", "French"]), chance.choice(["EU", "NA", "Asia"]), deputy),
        *(f"owl#{number % 9999}", chance.choice(["TRUE", "FALSE"]), f"2026-01-{1 + number % 28:02d}"),
        *(str(chance.randrange(10**6)), f"{chance.random() * 100:.2f}", f"note {number}"),
    ]


def answer(dirty: float) -> bytes:
    """Return the body of an answer in which that share of the cells (the keys excepted) is dirty."""
    chance = random.Random(1)
    rows = [row(number, chance) for number in range(ROWS)]
    for cells in rows:
        for place in range(1, len(cells)):
            if chance.random() < dirty:
                cells[place] = chance.choice(DIRT)
    values = {"range": "clans!A1:T100001", "majorDimension": "ROWS", "values": [[name for name, _ in FIELDS], *rows]}
    return json.dumps({"spreadsheetId": "s", "valueRanges": [values]}, separators=(",", ":")).encode()


def theirs(body: bytes) -> int:
    """Return how many records gspread makes of it."""

    class Client:
        def values_get(self, *_: Any, **__: Any) -> Any:
            return json.loads(body)["valueRanges"][0]

    sheet = Worksheet.__new__(Worksheet)
    sheet.client, sheet.spreadsheet_id = Client(), "s"  # type: ignore[assignment]
    sheet._properties = {"title": "clans", "sheetId": 0, "index": 0}
    return len(sheet.get_all_records())


class Collector:
    """How long Python's garbage collector held everything at most, in seconds."""

    def __init__(self) -> None:
        self.longest = self._began = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.longest = max(self.longest, time.perf_counter() - self._began)


async def ours(body: bytes, record: type[Any]) -> tuple[Parsed[Any], float]:
    """Return what became of it, and the longest time in seconds in which the loop did nothing else."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(BEAT)
            longest = max(longest, time.perf_counter() - began - BEAT)

    watcher = asyncio.create_task(watch())
    (table,) = await asyncio.to_thread(tables_of, body, "s", ("clans",))
    parsed = await aparse(compile_spec(BucketSpec("clans", "ID", "clans", record, "clan_tag")), table)
    watcher.cancel()
    return parsed, longest


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of CPU it took, the garbage of before not counted, and what it gave."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def measure(title: str, body: bytes, record: type[Any], aim: str) -> None:
    """Measure both in turns and print the best of each."""
    peer, mine, held = [], [], []
    collector = Collector()
    for _ in range(ROUNDS):
        took, count = seconds(lambda: theirs(body))
        assert count == ROWS
        peer.append(took)
        parsed = None
        gc.collect()
        gc.callbacks.append(collector)
        took, (parsed, longest) = seconds(lambda: asyncio.run(ours(body, record)))
        gc.callbacks.remove(collector)
        assert len(parsed.rows) + parsed.problem_count == ROWS
        mine.append(took)
        held.append(longest)
    print(
        f"{title:>22}: {ROWS / min(mine):9,.0f} rows/s, gspread {ROWS / min(peer):7,.0f} rows/s, "
        f"ratio {min(peer) / min(mine):5.1f} (aim {aim}), loop held {min(held) * 1e3:.1f} ms at most (aim 10), "
        f"by the collector {collector.longest * 1e3:.1f}"
    )


if __name__ == "__main__":
    gc.set_threshold(*THRESHOLDS)
    clean, dirty = answer(0), answer(0.01)
    measure("clean, Struct", clean, Record, "15")
    measure("1 % dirty, Struct", dirty, Record, "5")
    measure("clean, dataclass", clean, Plain, "none")

"""Whatever is done to both stores, they say the same."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

TEXTS = ("", "", "a", "0042", "=1", "TRUE", "x y", "é")


def some_rows(random: Random) -> list[list[str]]:
    return [[random.choice(TEXTS) for _ in range(random.randint(0, 4))] for _ in range(random.randint(0, 4))]


async def done(store: Any, step: int, seed: int) -> Any:
    """Do one thing that follows from the seed, and return what the store says after it."""
    random = Random(seed * 1000 + step)
    match random.randint(0, 3):
        case 0:
            await store.call("append", "recruitment", "clans", some_rows(random))
        case 1:
            cell = f"{random.choice('ABCDE')}{random.randint(1, 9)}"
            await store.call("update", "recruitment", "clans", cell, some_rows(random))
        case 2:
            await store.put("recruitment", "clans", some_rows(random))
        case _:
            await store.put("recruitment", f"tab {random.randint(1, 3)}", some_rows(random))
    titles = sorted(tab.title for tab in await store.call("tabs", "recruitment"))
    return dict(zip(titles, await store.read_many(titles), strict=True))


@pytest.mark.parametrize("seed", range(12))
async def test_the_stores_cannot_be_told_apart(google: Any, workbook: Any, seed: int) -> None:
    for step in range(15):
        assert await done(google, step, seed) == await done(workbook, step, seed), f"step {step}"
